package monitor

import (
	"slices"
	"time"

	"prober/monitor/phrase"
	"prober/probe"
)

// confirmAfter is how long after a failure it is looked whether it lasts; a third of the interval if
// that is less.
const confirmAfter = 5 * time.Second

// confirms are the failing endpoints that are to be looked at again, the first to come first, each
// at most once. They yield to turns.
type confirms []job

// push adds an endpoint, or moves it to the end: nothing that is there is due later.
func (c *confirms) push(j job) {
	if j.endpoint.asked {
		*c = slices.DeleteFunc(*c, func(x job) bool { return x.endpoint == j.endpoint })
	}
	j.endpoint.asked = true
	*c = append(*c, j)
}

// due returns how many are due.
func (c confirms) due(now time.Time) int {
	n, _ := slices.BinarySearchFunc(c, now, func(j job, now time.Time) int {
		if j.due.After(now) {
			return 1
		}
		return -1
	})
	return n
}

// pop begins the first that is due and still in doubt; false when there is none.
func (c *confirms) pop(now time.Time) (job, bool) {
	for len(*c) > 0 && !(*c)[0].due.After(now) {
		j := (*c)[0]
		(*c)[0] = job{} // let a removed endpoint go
		*c = (*c)[1:]
		j.endpoint.asked = false
		if j.endpoint.beginConfirming() {
			return j, true
		}
	}
	return job{}, false
}

// forget drops those that the function names.
func (c *confirms) forget(gone func(*endpoint) bool) {
	*c = slices.DeleteFunc(*c, func(j job) bool {
		is := gone(j.endpoint)
		j.endpoint.asked = j.endpoint.asked && !is
		return is
	})
}

// patience is how long after a failure it is to be confirmed.
func (m *Monitor) patience() time.Duration { return min(confirmAfter, m.config.Interval/3) }

// stands is when a failure has lasted for long enough to be no accident.
func (m *Monitor) stands(o *probe.Observation) time.Time {
	return o.Started.Add(o.Duration.Duration() + m.patience())
}

// ask has an endpoint in doubt looked at again soon.
func (m *Monitor) ask(e *endpoint) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stopped || !m.running.Load() {
		return
	}
	m.confirms.push(job{e, m.steady().Add(m.patience())})
	m.wakeUp()
}

// soonest returns when the next turn is due, or the next failure is to be confirmed. Those that are
// due wait for a worker, who looks for them. The caller holds m.mu.
func (m *Monitor) soonest(now time.Time) (time.Time, bool) {
	next, any := m.schedule.next()
	if n := m.confirms.due(now); n < len(m.confirms) && (!any || m.confirms[n].due.Before(next)) {
		return m.confirms[n].due, true
	}
	return next, any
}

// noteConfirmation counts what came of a probe that was made to confirm a failure.
func (m *Monitor) noteConfirmation(o *probe.Observation) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.counts.confirmations[confirmationBy(o.Outcome)]++
}

// logDoubt writes a line when a failure is to be confirmed, and when it was not.
func (m *Monitor) logDoubt(e *endpoint, o *probe.Observation, c change) {
	switch {
	case (c.doubted || c.refuted) && !m.changes.room(m.steady()):
		m.changes.doubts++
	case c.doubted:
		m.config.Logger.Info("failure to be confirmed", "endpoint", e.id, "reason", c.reason.String(), "detail", phrase.Clean(o.Detail))
	case c.refuted:
		m.config.Logger.Info("failure not confirmed", "endpoint", e.id, "outcome", c.to.String())
	}
}
