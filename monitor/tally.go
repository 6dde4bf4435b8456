package monitor

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"prober/probe"
	"prober/probe/reason"
)

// tally counts what is too much to keep per endpoint in a long list: results by reason
// and latencies by phase. In short lists each endpoint has a tally of its own; in long
// ones it shares that of its product, region and network.
type tally struct {
	created time.Time
	shared  bool

	mu      sync.Mutex
	reasons []reasonCount                         // few: an entry per reason that was ever seen
	phases  [reason.Body + 1]prometheus.Histogram // by timed phase; nil until a probe has completed it
	total   prometheus.Histogram
}

// reasonCount counts the probes that came out one way for one reason.
type reasonCount struct {
	outcome reason.Outcome
	reason  reason.Reason
	count   uint64
}

func (t *tally) observe(o *probe.Observation) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if o.Outcome != reason.OK {
		t.count(o.Outcome, o.Reason)
	}
	if o.Stalled {
		return // what was timed is this process
	}
	if len(o.Addresses) > 0 && o.DNS != nil {
		observe(&t.phases[reason.Resolve], o.Addresses[0].Phases.Resolve)
	}
	for i := range o.Addresses {
		a := &o.Addresses[i]
		p := &a.Phases
		for _, phase := range probe.TimedPhases()[1:] {
			if d, _ := p.Took(phase); completed(a, phase, d) {
				observe(&t.phases[phase], d)
			}
		}
		if answered(a) {
			observe(&t.total, p.Total)
		}
	}
}

// answered says that an address gave its whole reply: its latency is that of a service
// which works. How long the others took to fail says how patient the prober is.
func answered(a *probe.AddressResult) bool { return up(a.Outcome) }

// completed says that an address went through a whole phase. Over plain HTTP there is no
// TLS phase, so a time of 0 counts only for the phases that every probe has.
func completed(a *probe.AddressResult, p reason.Phase, d time.Duration) bool {
	if p == reason.TLS && d == 0 {
		return false
	}
	return answered(a) || a.Phases.Reached > p && a.Phases.Reached < reason.Prober
}

func (t *tally) count(outcome reason.Outcome, r reason.Reason) {
	for i := range t.reasons {
		if c := &t.reasons[i]; c.outcome == outcome && c.reason == r {
			c.count++
			return
		}
	}
	t.reasons = append(t.reasons, reasonCount{outcome, r, 1})
}
