package monitor

import (
	dto "github.com/prometheus/client_model/go"

	"prober/monitor/exposition"
)

// metric is one metric: what its documentation says, and where its values come from. One of
// the four functions is set; it adds the series of one endpoint, tally or prober.
type metric struct {
	Name   string
	Type   dto.MetricType
	Labels []string // besides those of what it is about
	Unit   string   // of the values; empty for counts and flags
	Help   string   // one sentence, shown at each scrape
	Absent string   // when there is no series, or more to know; a sentence

	detailed   bool // shown with DetailEndpoint only
	brief      bool // shown with DetailRegion only
	ofEndpoint func(*endpoint, exposition.Series)
	ofListed   func(*list, *endpoint, exposition.Series) // of an endpoint, with the labels that the list gives it, too
	ofTally    func(toldTally, exposition.Series)        // of an endpoint, or with DetailRegion of a group
	ofProber   func(*vitals, exposition.Series)
}

// toldTally is a tally, and how many of its reasons are shown: those that came last.
type toldTally struct {
	*tally
	latest int
}
