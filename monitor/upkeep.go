package monitor

import (
	"time"

	"prober/monitor/view"
)

// maintained tells of the maintenance that an endpoint is in; nil: it is in none. The caller holds e.mu.
func (e *endpoint) maintained(now time.Time) *view.MaintenanceStatus {
	own := e.target.like.Own
	if own == nil {
		return nil
	}
	m, in := own.Maintenance.At(now)
	if !in {
		return nil
	}
	return &view.MaintenanceStatus{Until: m.Until.UTC(), Why: m.Why}
}

// tellOwn writes down what the list says of how an endpoint is probed. The caller holds e.mu.
func (e *endpoint) tellOwn(s *view.Status, now time.Time) {
	own := e.target.like.Own
	if own == nil {
		return
	}
	s.IntervalSeconds, s.Why = own.Interval.Seconds(), own.Why
	s.Maintenance = e.maintained(now)
	for _, w := range own.Maintenance {
		s.Windows = append(s.Windows, w.String())
	}
}
