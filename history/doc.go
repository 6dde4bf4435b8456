// Package history remembers what became of each endpoint: how its probes came out and how long
// they took, in roll-ups of five minutes, an hour and a day; when its state changed; and its
// incidents, with the evidence of the first failure.
//
// All of it is answered from memory, whose size is bounded by the number of endpoints and nothing
// else, so that no page waits for a disk and a broken disk takes nothing from the pages. A [Store]
// keeps a copy for the next process. Recording only touches memory: one goroutine of its own writes
// to the store, at least once a second.
//
// What is not known is shown as such: an unknown result counts neither for nor against an endpoint,
// and the time in which no prober ran is told as not probed.
package history
