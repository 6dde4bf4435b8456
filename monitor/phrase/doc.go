// Package phrase puts durations, instants and latencies into the words of pages, notes and logs, so that the same
// length of time reads alike wherever it stands. What makes any text fit to be shown is package prose's.
package phrase
