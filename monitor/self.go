package monitor

import (
	"time"

	"prober/history"
	"prober/monitor/view"
)

// Self is how the prober itself does, as /api/v1/prober shows it: whether it keeps its times, and
// whether it probes the list that it was told to read last.
type Self struct {
	Version         string    `json:"version"`
	Started         time.Time `json:"started"`
	IntervalSeconds float64   `json:"interval_seconds"` // asked for
	Endpoints       int       `json:"endpoints"`

	// LateEndpoints have their last two results further apart than the interval; SlowestSeconds is the
	// furthest. StaleEndpoints have no result within three intervals.
	LateEndpoints  int     `json:"late_endpoints"`
	SlowestSeconds float64 `json:"slowest_seconds"`
	StaleEndpoints int     `json:"stale_endpoints"`
	Overruns       uint64  `json:"overruns"`     // turns left out since the start, or the first start with --state-dir; see prober_overruns_total
	MissedTurns    uint64  `json:"missed_turns"` // see prober_missed_turns_total
	// Overload says what shows that the prober has more to do than it can; empty: nothing does.
	Overload string `json:"overload,omitempty"`

	Reload ReloadStatus `json:"reload"`
	// History says whether history is kept over restarts, and what is wrong with that.
	History history.Condition `json:"history"`
}

// ReloadStatus is the last attempt to read the list.
type ReloadStatus struct {
	Successful  bool      `json:"successful"`
	LastSuccess time.Time `json:"last_success"`
	// LastFailure and Error are of the last attempt, when it failed: the list of LastSuccess is still probed.
	LastFailure time.Time `json:"last_failure,omitzero"`
	Error       string    `json:"error,omitempty"`
}

// Self returns how the prober itself does.
func (m *Monitor) Self() Self {
	c, kept := m.cadence(m.config.Now()), m.remembered.Condition()
	m.mu.Lock()
	defer m.mu.Unlock()
	return Self{
		Version: m.config.Build.Version, Started: view.UTC(m.created), IntervalSeconds: m.config.Interval.Seconds(), Endpoints: len(m.list.Load().endpoints),
		LateEndpoints: c.late, SlowestSeconds: c.slowest.Seconds(), StaleEndpoints: c.stale,
		Overruns: m.counts.overruns, MissedTurns: m.counts.missed, Overload: m.overloaded().words(),
		Reload:  ReloadStatus{Successful: m.reload.successful, LastSuccess: view.UTC(m.reload.at), LastFailure: view.UTC(m.reload.failed), Error: m.reload.why},
		History: kept,
	}
}
