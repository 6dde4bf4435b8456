package exposition

import (
	"strings"

	dto "github.com/prometheus/client_model/go"
)

// Metric is what is said of one metric.
type Metric struct {
	Name   string
	Type   dto.MetricType
	Labels []string // names of all of them
	Unit   string   // of the values; empty for counts and flags
	Help   string   // one sentence
}

// The types of metrics.
const (
	Gauge     = dto.MetricType_GAUGE
	Counter   = dto.MetricType_COUNTER
	Histogram = dto.MetricType_HISTOGRAM
	Summing   = dto.MetricType_SUMMARY
)

// unit is the unit as OpenMetrics has it, which is a part of the name.
func (m *Metric) unit() string {
	unit, _, _ := strings.Cut(m.Unit, " ")
	return unit
}
