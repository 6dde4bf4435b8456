package history

import (
	"time"

	"prober/probe"
	"prober/probe/reason"
)

// Span is a piece of time. An end that is zero has not come.
type Span struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to,omitzero"`
}

// Change is a change of the state of an endpoint, and what it became.
type Change struct {
	At      time.Time
	Outcome reason.Outcome
	Reason  reason.Reason
}

// Incident is the time from the first failure of an endpoint until it was seen up again. What
// could not be decided meanwhile does not end it.
type Incident struct {
	// ID says which one it is, for links. Later ones have higher ids, and with a store they stay
	// over restarts.
	ID       int64
	Endpoint string
	Begin    time.Time
	End      time.Time // zero while it goes on
	// Confirmed is when a further probe failed too, so that the state became what it is; zero: none was waited for.
	Confirmed time.Time
	// Reason, Detail and Reproduce are those of the first failure; its phase and whom to blame are
	// those of the reason.
	Reason    reason.Reason
	Detail    string
	Reproduce string // empty where no command shows it
	// Failed is the number of probes that failed, those left out that only confirmed a failure.
	Failed uint64
	// NotProbed are the times within it in which no prober ran.
	NotProbed []Span
	// Untold are the times within it in which a prober ran and could not tell, oldest first.
	Untold []Untold
}

// Open says that the incident goes on.
func (i *Incident) Open() bool { return i.End.IsZero() }

// Duration is how long it took, or has taken until now, with what could not be told: see [Incident.Down].
func (i *Incident) Duration(now time.Time) time.Duration {
	if !i.Open() {
		now = i.End
	}
	return max(now.Sub(i.Begin), 0)
}

// incident is what is kept of one.
type incident struct {
	Incident
	first    *probe.Observation // until the incident has begun
	evidence []byte             // JSON of it; nil where there is none, or only a store has it
	owner    *endpoint
	blind    blind
	kept     bool // a store has it, with its evidence
	told     bool // a store has what could not be told of it, or there is nothing
}
