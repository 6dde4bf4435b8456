package monitor

import (
	"prober/catalog"
	"prober/history"
	"prober/latency"
	"prober/suspicion"
)

// vitals are what the prober's own metrics show.
type vitals struct {
	config   *Config
	listed   map[catalog.Lifecycle]int
	products map[string]string // their names
	offline  suspicion.Cause   // of the suspicion of the prober's own network
	loaded   bool              // the prober is overloaded
	lateness *latency.Histogram
	counts   counts
	queued   int
	reload   reloaded
	slow     slowVitals
	stale    int // endpoints whose last result is old
	history  history.Condition
}

func (m *Monitor) vitals(l *list) *vitals {
	v := &vitals{config: &m.config, listed: map[catalog.Lifecycle]int{}, products: l.names, lateness: m.lateness, history: m.remembered.Condition()}
	v.offline, _ = m.vantage.state()
	now := m.steady()
	for _, e := range l.endpoints {
		e.mu.Lock()
		v.listed[e.target.lifecycle()]++
		v.slow.add(e, now, m.intervalOf(e))
		e.mu.Unlock()
	}
	v.stale = m.markStale(l, m.config.Now())
	m.mu.Lock()
	defer m.mu.Unlock()
	v.counts, v.queued, v.reload, v.loaded = m.counts, len(m.queue), m.reload, m.overloaded() != notOverloaded
	return v
}
