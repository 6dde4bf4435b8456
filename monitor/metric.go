package monitor

import (
	"strings"

	dto "github.com/prometheus/client_model/go"
)

// metric is one metric: what its documentation says, and where its values come from. One of
// the three functions is set; it adds the series of one endpoint, tally or prober.
type metric struct {
	Name   string
	Type   dto.MetricType
	Labels []string // besides those of what it is about
	Unit   string   // of the values; empty for counts and flags
	Help   string   // one sentence, shown at each scrape
	Absent string   // when there is no series, or more to know; a sentence

	detailed   bool // shown with DetailEndpoint only
	brief      bool // shown with DetailRegion only
	listed     bool // has the labels that the list gives its endpoints, too
	ofEndpoint func(*endpoint, series)
	ofTally    func(*tally, series) // of an endpoint, or with DetailRegion of a group
	ofProber   func(*vitals, series)
}

// The types of metrics.
const (
	gauge     = dto.MetricType_GAUGE
	counter   = dto.MetricType_COUNTER
	histogram = dto.MetricType_HISTOGRAM
	summing   = dto.MetricType_SUMMARY
)

// unit is the unit as OpenMetrics has it, which is a part of the name.
func (m *metric) unit() string {
	unit, _, _ := strings.Cut(m.Unit, " ")
	return unit
}

// shownMetric is a metric that is part of a scrape.
type shownMetric struct {
	metric
	labels []string // names of all of them
	list   *list
}
