// Package load makes the loops whose CPU time is compared: a bare loop of the standard
// library, the project's prober in such a loop, and the project's monitor, which brings a
// schedule of its own.
//
// CPU time is that of the whole process, so each run wants a process of its own.
package load
