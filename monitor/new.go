package monitor

import (
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"prober/latency"
	"prober/limit"
)

// New returns a Monitor over c.Targets. It probes nothing until [Monitor.Run].
func New(c Config) (*Monitor, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	m := &Monitor{
		config: c, created: c.Now(), registry: prometheus.NewRegistry(), lateness: latency.New(latenessBounds),
		wake: make(chan struct{}, 1), remembered: c.History,
		schedule: schedule{interval: c.Interval}, // Apply may come before Run has begun
	}
	elapsed, began := c.Elapsed, c.Elapsed() // and not c itself, which has the list
	m.elapsed = func() time.Duration { return elapsed() - began }
	m.vantage.span = c.Interval + limit.HeldBeyond
	m.list.Store(&list{})
	m.countFor(c.History)
	c.History.Facts(m.factsOf)
	if err := m.Apply(c.Targets); err != nil {
		return nil, err
	}
	m.config.Targets = nil // what Apply keeps of them is enough
	for _, other := range c.Collectors {
		if err := m.registry.Register(other); err != nil {
			return nil, fmt.Errorf("monitor: metrics: %w", err)
		}
	}
	return m, nil
}
