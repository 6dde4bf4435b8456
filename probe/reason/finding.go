package reason

import (
	"prober/limit"
	"prober/plain"
)

// Finding is one thing that is wrong. Without a reason it is something worth knowing about
// what is fine; the zero Finding says nothing at all.
type Finding struct {
	Reason Reason `json:"-"`      // JSON shows its words
	Detail string `json:"detail"` // one line for people; never part of a metric
	// Reproduce is a command line with standard tools that shows it; empty when nothing
	// outside the prober does, and where none was asked for.
	Reproduce string `json:"reproduce"`
}

// Found is a finding of r. The detail, which may quote what came from the wire, becomes a line
// that can be shown.
func (r Reason) Found(detail string) Finding {
	return Finding{Reason: r, Detail: plain.Line(detail, limit.DetailBytes)}
}

// OK reports whether nothing is wrong.
func (f Finding) OK() bool { return f.Reason == None }

// Worst returns the finding that decides: the first of the worst outcome. Where nothing is
// wrong it is the last of them, and the zero Finding where there are none.
func Worst(findings ...Finding) Finding {
	var worst Finding
	for _, f := range findings {
		if worst.OK() || f.Reason.Outcome().Worse(worst.Reason.Outcome()) {
			worst = f
		}
	}
	return worst
}
