package monitor

import (
	"cmp"
	"fmt"
	"time"

	"prober/monitor/phrase"
	"prober/probe/reason"
)

// cadence is how often endpoints are probed in truth: an interval is what was asked for, and an
// overloaded prober does not keep it.
type cadence struct {
	interval time.Duration // asked for
	apart    int           // endpoints that have another of their own
	probed   int           // endpoints with two results
	late     int           // of which the last two are further apart
	slowest  time.Duration // from one to the next
	stale    int           // endpoints whose last result is older than a result should ever be
}

// staleAfter is after how many intervals a result says nothing any more of how an endpoint is now:
// one turn may be late, and one left out.
const staleAfter = 3

// stale says whether a result of an endpoint's is old that is of an instant.
func (m *Monitor) stale(e *endpoint, at, now time.Time) bool {
	return !at.IsZero() && now.Sub(at) > staleAfter*m.intervalOf(e)
}

// intervalOf is how often an endpoint is to be probed.
func (m *Monitor) intervalOf(e *endpoint) time.Duration {
	return cmp.Or(e.interval, m.config.Interval)
}

// markStale marks the results that are old, and the endpoints that are in maintenance, and returns how many
// are old.
func (m *Monitor) markStale(l *list, now time.Time) (old int) {
	for _, e := range l.endpoints {
		e.mu.Lock()
		e.inMaintenance = e.maintained(now) != nil
		if e.last.stale = m.stale(e, e.last.started, now); e.last.stale {
			old++
		}
		e.mu.Unlock()
	}
	return old
}

// cadence measures how often endpoints are probed, by the last two results of each.
func (m *Monitor) cadence(now time.Time) cadence {
	c := cadence{interval: m.config.Interval}
	for _, e := range m.list.Load().endpoints {
		gap, last := e.gap(m.created)
		interval := m.intervalOf(e)
		if e.interval != 0 {
			c.apart++
		}
		if m.stale(e, last, now) {
			c.stale++
		}
		if gap == 0 {
			continue
		}
		c.probed++
		if gap > interval+interval/10+m.lateBound() {
			c.late++
		}
		c.slowest = max(c.slowest, gap)
	}
	return c
}

// gap is the time between the last two results of this process, 0 when there are none, and when the last one was.
func (e *endpoint) gap(began time.Time) (time.Duration, time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := len(e.results)
	if n < 2 || e.results[n-2].at < seconds32(began) {
		return 0, e.last.started
	}
	return e.results[n-1].time().Sub(e.results[n-2].time()), e.last.started
}

// Words say it in a sentence's part.
func (c cadence) Words() string {
	every := phrase.Exactly(c.interval)
	var text string
	switch {
	case c.probed == 0 || c.late == 0 && c.stale > 0:
		text = "each endpoint is to be probed every " + every
	case c.late == 0:
		text = "each endpoint is probed every " + every
	default:
		text = fmt.Sprintf("each endpoint is to be probed every %s, but %d of %d %s further apart, the furthest %s",
			every, c.late, c.probed, phrase.Plural(c.late, "had its last results", "had their last results"), phrase.Duration(c.slowest))
	}
	if c.apart > 0 {
		text += fmt.Sprintf(", and %d as often as %s own %s", c.apart, phrase.Plural(c.apart, "its", "their"), phrase.Plural(c.apart, "interval says", "intervals say"))
	}
	if c.stale > 0 {
		text += fmt.Sprintf("; the last result of %d %s is older than %s", c.stale, phrase.Plural(c.stale, "endpoint", "endpoints"), c.old())
	}
	return text
}

// old is the age from which a result says nothing any more.
func (c cadence) old() string {
	if c.apart > 0 {
		return "three of its intervals"
	}
	return phrase.Exactly(staleAfter * c.interval)
}

// State is that of the sentence.
func (c cadence) State() reason.Outcome {
	if c.late > 0 || c.stale > 0 {
		return reason.Degraded
	}
	return reason.Unknown
}
