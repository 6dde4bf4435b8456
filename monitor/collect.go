package monitor

import (
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
)

// Gather renders every metric from what is kept, together with those of Config.Collectors.
// It implements prometheus.Gatherer.
func (m *Monitor) Gather() ([]*dto.MetricFamily, error) { return m.registry.Gather() }

// collect sends every series to a registry, which sorts and checks them.
func (m *Monitor) collect(out chan<- prometheus.Metric) {
	l := m.list.Load()
	s := scrape{out: out, detail: l.detail}
	for _, x := range metrics() {
		if labels, shown := x.labels(l.detail); shown {
			s.metrics = append(s.metrics, shownMetric{x, prometheus.NewDesc(x.Name, x.Help, labels, nil)})
		}
	}
	for _, e := range l.endpoints {
		s.endpoint(e)
	}
	for k, t := range l.groups {
		s.tally(t, []string{utf8Of(string(k.network)), utf8Of(k.product), utf8Of(k.region)})
	}
	own := m.vitals(l)
	for i := range s.metrics {
		if x := &s.metrics[i]; x.ofProber != nil {
			x.ofProber(own, series{metric: x, out: out, created: m.created})
		}
	}
}

// scrape is one pass over all that is kept.
type scrape struct {
	out     chan<- prometheus.Metric
	detail  Detail
	metrics []shownMetric
}

func (s *scrape) endpoint(e *endpoint) {
	e.mu.Lock()
	defer e.mu.Unlock()
	labels := labelsOf(e.target)
	for i := range s.metrics {
		if x := &s.metrics[i]; x.ofEndpoint != nil {
			x.ofEndpoint(e, series{x, s.out, labels, e.created})
		}
	}
	if s.detail == DetailEndpoint {
		s.tally(e.tally, labels)
	}
}

func (s *scrape) tally(t *tally, labels []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range s.metrics {
		if x := &s.metrics[i]; x.ofTally != nil {
			x.ofTally(t, series{x, s.out, labels, t.created})
		}
	}
}
