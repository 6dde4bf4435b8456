// Package serving answers many who ask without costing the prober more than one does: what they ask for is
// rendered once and shared, one thing at a time and with pauses, and few are written to at once. What
// is rendered is no concern of its own.
package serving
