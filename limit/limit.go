// Package limit holds every bound on what this program reads, keeps and waits for: one constant a
// bound, and beside it what it bounds and what becomes of the thing that meets it. docs/security.md
// prints the table, the tests that attack a bound read it, and nothing else in the program writes
// the number a second time.
//
// One file stands for each side that the thing comes from. A bound is added as a constant and a row
// in the same file.
package limit

import (
	"fmt"
	"strconv"
)

// Unit says what a bound counts.
type Unit string

// The units.
const (
	Bytes   Unit = "bytes"   // octets, after decoding where the row does not say otherwise
	Count   Unit = ""        // things, which the row names
	Seconds Unit = "seconds" // wall-clock time, by the monotonic clock
)

// String shows a bound as people read it: 64 KiB, 256, 5 seconds.
func (l Limit) String() string {
	switch {
	case l.Unit == Bytes && l.Value >= 1<<20 && l.Value%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", l.Value>>20)
	case l.Unit == Bytes && l.Value >= 1<<10 && l.Value%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", l.Value>>10)
	case l.Unit == Count:
		return strconv.FormatInt(l.Value, 10)
	}
	return fmt.Sprintf("%d %s", l.Value, l.Unit)
}

// Limit is one bound.
type Limit struct {
	Of    string // what is bounded, in words that a reader of docs/security.md knows
	Value int64  // in Unit
	Unit  Unit   // what Value counts
	Met   string // what happens to the thing that meets it, and how that is said
}

// Side is who the bounded thing comes from, with its bounds.
type Side struct {
	Name   string // as the heading in docs/security.md has it
	Limits []Limit
}

// Sides lists every bound under the side it guards against, servers first.
func Sides() []Side {
	return []Side{
		{Name: "Replies over HTTP", Limits: replies()},
		{Name: "Handshakes and certificates", Limits: handshakes()},
		{Name: "Answers of resolvers", Limits: answers()},
		{Name: "Clients of the web port", Limits: append(clients(), lookBack()...)},
		{Name: "Files and arguments", Limits: append(files(), checks()...)},
		{Name: "The prober itself", Limits: own()},
		{Name: "What is remembered", Limits: history()},
		{Name: "What the metrics show", Limits: shown()},
		{Name: "What is pushed over OTLP, and who receives it", Limits: push()},
		{Name: "A Prometheus server that pages are drawn from", Limits: afar()},
		{Name: "Answers that do not come, in the suites", Limits: waits()},
	}
}
