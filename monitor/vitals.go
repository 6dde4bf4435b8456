package monitor

import (
	"github.com/prometheus/client_golang/prometheus"

	"prober/catalog"
)

// vitals are what the prober's own metrics show.
type vitals struct {
	config   *Config
	listed   map[catalog.Lifecycle]int
	offline  bool // the prober's own network is suspected
	lateness prometheus.Histogram
	counts   counts
	queued   int
	reload   reloaded
}

func (m *Monitor) vitals(l *list) *vitals {
	v := &vitals{config: &m.config, listed: map[catalog.Lifecycle]int{}, offline: m.vantage.suspected(), lateness: m.lateness}
	for _, e := range l.endpoints {
		t := e.currentTarget()
		v.listed[lifecycleOf(&t)]++
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	v.counts, v.queued, v.reload = m.counts, len(m.queue), m.reload
	return v
}
