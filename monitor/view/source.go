package view

import (
	"time"

	"prober/history"
	"prober/monitor/phrase"
	"prober/probe/reason"
)

// Source is what pages are drawn from: a [Monitor] that tells of itself, or what a Prometheus server keeps of many.
type Source interface {
	// Now is the time.
	Now() time.Time
	// Standing says who speaks, and how far it can be relied upon now.
	Standing() Standing
	// Statuses are those of all endpoints, by id, without their last results.
	Statuses() []Status
	// Status is that of one endpoint, with its last results; false when there is none of this id.
	Status(id string) (Status, bool)
	// Results are the last results, oldest first, of endpoints that are shown together.
	Results(ids []string) map[string][]ResultStatus
	// ProductName is how people call the product of an endpoint.
	ProductName(id string) string
	// Past is what is remembered of an endpoint over a span that ends now.
	Past(id string, span time.Duration) Past
}

// Standing is who speaks on a page, and how far it can be relied upon.
type Standing struct {
	Now      time.Time
	Speaker  string // a sentence's part: "prober version 1.4.0 on web-3"
	Created  time.Time
	Interval time.Duration // from one result of an endpoint to the next
	Cadence  Sentence      // how often endpoints are probed
	Notes    []Note        // what is wrong with the prober itself, the worst first
	Waiting  *Note         // what is awaited at the start; nil: nothing
	Caveat   *Note         // what is said of failures besides; nil: nothing
	Suspects bool          // its own network, so that it is one story whatever it shows in
	Products []string      // to choose from
	Version  string        // of the program; empty: not known
	Place    string        // that it probes from, or the machine where that has no name; empty: not known
	Afar     bool          // others have probed: there are no incidents, evidence, feed or metrics here
}

// Sentence is words, and how what they tell is.
type Sentence struct {
	Words string
	State reason.Outcome
}

// Past is what is remembered of an endpoint.
type Past struct {
	Known time.Time // when the first result came; zero: not known
	Since time.Time // when the outcome became what it is; zero: not known
	// DownBefore is when an outage began of which nobody has seen the end, while it cannot be told how the endpoint is, where the
	// status does not have it; zero: there is none, or the status has it.
	DownBefore time.Time
	Unseen     time.Duration    // of an outage that goes on: how much of it could not be told
	Uptime     []history.Uptime // of each of [history.Windows]
	Strip      []history.Cell
	Step       history.Step // of the series
	Series     []history.Rollup
	Changes    []history.Change // newest first
	Caveat     string           // what is to be known of all that, a whole sentence; empty: nothing
	Vantages   []VantageStatus  // what each place sees, where there are several
}

// VantageStatus is how one vantage sees an endpoint.
type VantageStatus struct {
	Name      string
	Outcome   reason.Outcome
	Reason    reason.Reason
	LastProbe time.Time
	Seconds   float64 // of the last probe
}

// Took is how long the last probe took, for people.
func (v VantageStatus) Took() string {
	if v.LastProbe.IsZero() {
		return ""
	}
	return phrase.Latency(v.Seconds)
}
