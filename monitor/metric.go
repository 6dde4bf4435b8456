package monitor

import (
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// collector makes a prometheus.Collector of a function. It does not say beforehand what
// will be shown: that depends on what is listed then.
type collector func(chan<- prometheus.Metric)

func (collector) Describe(chan<- *prometheus.Desc) {}

func (c collector) Collect(out chan<- prometheus.Metric) { c(out) }

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

// series adds the series of one metric about one thing to a scrape.
type series struct {
	metric  *shownMetric
	out     chan<- prometheus.Metric
	labels  []string  // values of the labels that all metrics about this thing have
	sparse  bool      // some of these may be empty, and are left out
	created time.Time // when its counters began at 0
}

// shownMetric is a metric that is part of a scrape.
type shownMetric struct {
	metric
	desc *prometheus.Desc
	list *list
}

// add adds a series of a gauge or a counter, with the values of the metric's own labels.
func (s series) add(v float64, labels ...string) {
	labels = slices.Concat(s.labels, labels)
	var m prometheus.Metric
	var err error
	if s.metric.Type == counter {
		m, err = prometheus.NewConstMetricWithCreatedTimestamp(s.metric.desc, prometheus.CounterValue, v, s.created, labels...)
	} else {
		m, err = prometheus.NewConstMetric(s.metric.desc, prometheus.GaugeValue, v, labels...)
	}
	s.send(m, err)
}

// send adds a series that was made, or says that it could not be.
func (s series) send(m prometheus.Metric, err error) {
	switch {
	case err != nil:
		m = prometheus.NewInvalidMetric(s.metric.desc, err)
	case s.sparse:
		m = sparse{m}
	}
	s.out <- m
}

// sparse leaves out the labels that are empty, which means the same.
type sparse struct{ prometheus.Metric }

func (m sparse) Write(out *dto.Metric) error {
	err := m.Metric.Write(out)
	out.Label = slices.DeleteFunc(out.Label, func(l *dto.LabelPair) bool { return l.GetValue() == "" })
	return err
}

// flag adds a series of a gauge that is 1 or 0.
func (s series) flag(on bool, labels ...string) { s.add(number(on), labels...) }

func number(on bool) float64 {
	if on {
		return 1
	}
	return 0
}

// time adds a series of a gauge in seconds since 1970, to the millisecond.
func (s series) time(t time.Time) { s.add(float64(t.UnixMilli()) / 1e3) }

// histogram adds a series of a histogram, unless it was never made.
func (s series) histogram(h prometheus.Histogram, labels ...string) {
	if h != nil {
		s.send(histogramSeries{s, h, slices.Concat(s.labels, labels)}, nil)
	}
}

// sum adds a series of a summary: how many durations there were, and their sum.
func (s series) sum(d durations) {
	s.send(prometheus.NewConstSummaryWithCreatedTimestamp(s.metric.desc, d.count, d.sum.Seconds(), nil, s.created, s.labels...))
}

// histogramSeries shows a histogram under the name and the labels of a series.
type histogramSeries struct {
	series series
	prometheus.Histogram
	labels []string
}

func (h histogramSeries) Desc() *prometheus.Desc { return h.series.metric.desc }

func (h histogramSeries) Write(out *dto.Metric) error {
	if err := h.Histogram.Write(out); err != nil {
		return err
	}
	out.Label = prometheus.MakeLabelPairs(h.Desc(), h.labels)
	out.Histogram.CreatedTimestamp = timestamppb.New(h.series.created)
	return nil
}
