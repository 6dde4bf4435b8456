package reason

// Finding is one thing that is wrong. Without a reason it is something worth knowing about
// what is fine; the zero Finding says nothing at all.
type Finding struct {
	Reason Reason
	Detail string // one line for people; never part of a metric
	// Reproduce is a command line with standard tools that shows it; empty when nothing
	// outside the prober does, and where none was asked for.
	Reproduce string
}

// Found is a finding of r.
func (r Reason) Found(detail string) Finding { return Finding{Reason: r, Detail: detail} }

// OK reports whether nothing is wrong.
func (f Finding) OK() bool { return f.Reason == None }
