package history

import (
	"maps"
	"slices"
	"time"

	"prober/prose"
)

// Condition is how the keeping of a history goes. Whatever it is, probing goes on, and memory has
// what it can hold.
type Condition struct {
	// Asked says that the history is to be kept over restarts.
	Asked bool `json:"asked"`
	// OK says that it is: the last writing went well. Where nothing was asked for it is true.
	OK bool `json:"ok"`
	// Where is the folder that it is kept in.
	Where string `json:"where,omitempty"`
	// Problem is what is wrong, in a line; empty where nothing is.
	Problem string `json:"problem,omitempty"`
	// Aside are files that could not be used, and were put aside at the start of this process or since.
	Aside []string `json:"aside,omitempty"`
	// Unusable is what was wrong with the last of them, in a line.
	Unusable string `json:"-"`
	// Written is when the last writing went well; zero: none has.
	Written time.Time `json:"written,omitzero"`
	Bytes   int64     `json:"bytes,omitempty"`
	// Errors counts what went wrong since the start, by what it was.
	Errors map[Kind]uint64 `json:"errors,omitempty"`
	// Dropped counts results that could not be written one by one. Memory has them, and what they
	// add up to is written when that is possible again.
	Dropped uint64 `json:"dropped,omitempty"`
	// Waits: the store could not be opened at the start, and is tried again.
	Waits bool `json:"-"`
	// Skipped counts rows that could not be read at the start.
	Skipped uint64 `json:"skipped,omitempty"`
}

// Condition is how the keeping goes.
func (h *History) Condition() Condition {
	h.mu.Lock()
	defer h.mu.Unlock()
	k := &h.keeper
	return Condition{
		Asked: k.location != "", OK: k.trouble == nil, Where: k.location, Problem: prose.Brief(k.problem), Aside: slices.Clone(k.aside), Unusable: prose.Brief(k.unusable),
		Written: k.written, Bytes: k.bytes, Errors: maps.Clone(k.errors), Dropped: k.dropped, Skipped: k.skipped, Waits: k.open != nil,
	}
}

// Well says that nothing is wrong that people should know of.
func (c *Condition) Well() bool { return c.OK && len(c.Aside) == 0 }
