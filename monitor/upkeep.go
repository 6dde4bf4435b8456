package monitor

import "time"

// MaintenanceStatus is a time of maintenance that an endpoint is in: what fails does not count.
type MaintenanceStatus struct {
	Until time.Time `json:"until"`
	Why   string    `json:"why,omitempty"`
}

// maintained tells of the maintenance that an endpoint is in; nil: it is in none. The caller holds e.mu.
func (e *endpoint) maintained(now time.Time) *MaintenanceStatus {
	own := e.target.like.Own
	if own == nil {
		return nil
	}
	m, in := own.Maintenance.At(now)
	if !in {
		return nil
	}
	return &MaintenanceStatus{m.Until.UTC(), m.Why}
}

// tellOwn writes down what the list says of how an endpoint is probed. The caller holds e.mu.
func (s *Status) tellOwn(e *endpoint, now time.Time) {
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
