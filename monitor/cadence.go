package monitor

import (
	"fmt"
	"time"

	"prober/probe/reason"
)

// cadence is how often endpoints are probed in truth: an interval is what was asked for, and an
// overloaded prober does not keep it.
type cadence struct {
	interval time.Duration // asked for
	probed   int           // endpoints with two results
	late     int           // of which the last two are further apart
	slowest  time.Duration // from one to the next
	stale    int           // endpoints whose last result is older than a result should ever be
}

// staleAfter is after how many intervals a result says nothing any more of how an endpoint is now:
// one turn may be late, and one left out.
const staleAfter = 3

// stale says whether a result of an instant is old.
func (m *Monitor) stale(at, now time.Time) bool {
	return !at.IsZero() && now.Sub(at) > staleAfter*m.config.Interval
}

// markStale marks the results that are old, and returns how many there are.
func (m *Monitor) markStale(l *list, now time.Time) (old int) {
	for _, e := range l.endpoints {
		e.mu.Lock()
		if e.last.stale = m.stale(e.last.started, now); e.last.stale {
			old++
		}
		e.mu.Unlock()
	}
	return old
}

// cadence measures how often endpoints are probed, by the last two results of each.
func (m *Monitor) cadence(now time.Time) cadence {
	c := cadence{interval: m.config.Interval}
	slack := m.config.Interval/10 + m.lateBound()
	for _, e := range m.list.Load().endpoints {
		gap, last := e.gap()
		if m.stale(last, now) {
			c.stale++
		}
		if gap == 0 {
			continue
		}
		c.probed++
		if gap > m.config.Interval+slack {
			c.late++
		}
		c.slowest = max(c.slowest, gap)
	}
	return c
}

// gap is the time between the last two results, 0 when there are none, and when the last one was.
func (e *endpoint) gap() (time.Duration, time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := len(e.results)
	if n < 2 {
		return 0, e.last.started
	}
	return e.results[n-1].time().Sub(e.results[n-2].time()), e.last.started
}

// Words say it in a sentence's part.
func (c cadence) Words() string {
	every := intervalInWords(c.interval)
	var text string
	switch {
	case c.probed == 0 || c.late == 0 && c.stale > 0:
		text = "each endpoint is to be probed every " + every
	case c.late == 0:
		text = "each endpoint is probed every " + every
	default:
		text = fmt.Sprintf("each endpoint is to be probed every %s, but %d of %d %s further apart, the furthest %s",
			every, c.late, c.probed, plural(c.late, "had its last results", "had their last results"), inWords(c.slowest))
	}
	if c.stale > 0 {
		text += fmt.Sprintf("; the last result of %d %s is older than %s", c.stale, plural(c.stale, "endpoint", "endpoints"), intervalInWords(staleAfter*c.interval))
	}
	return text
}

// State is that of the sentence.
func (c cadence) State() reason.Outcome {
	if c.late > 0 || c.stale > 0 {
		return reason.Degraded
	}
	return reason.Unknown
}
