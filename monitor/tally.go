package monitor

import (
	"slices"
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
	bounds  []float64 // of the classic buckets of its histograms; nil: none

	mu       sync.Mutex
	failures [reason.Verify + 1]uint64             // by phase
	reasons  []reasonCount                         // few: an entry per reason that was ever seen, the latest last
	phases   [reason.Body + 1]prometheus.Histogram // by timed phase; nil until a probe has completed it
	total    prometheus.Histogram
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
	if phase := o.Reason.Phase(); o.Outcome == reason.Fail && phase <= reason.Verify {
		t.failures[phase]++
	}
	if o.Stalled {
		return // what was timed is this process
	}
	if len(o.Addresses) > 0 && o.DNS != nil {
		t.time(&t.phases[reason.Resolve], o.Addresses[0].Phases.Resolve)
	}
	for i := range o.Addresses {
		a := &o.Addresses[i]
		p := &a.Phases
		for _, phase := range probe.TimedPhases()[1:] {
			if d, _ := p.Took(phase); completed(a, phase, d) {
				t.time(&t.phases[phase], d)
			}
		}
		if answered(a) {
			t.time(&t.total, p.Total)
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

// time counts d in h, which is made with the first latency.
func (t *tally) time(h *prometheus.Histogram, d time.Duration) {
	if *h == nil {
		*h = newHistogram(t.bounds)
	}
	observe(*h, d)
}

func (t *tally) count(outcome reason.Outcome, r reason.Reason) {
	this := reasonCount{outcome, r, 1}
	if i := slices.IndexFunc(t.reasons, func(c reasonCount) bool { return c.outcome == outcome && c.reason == r }); i >= 0 {
		this.count += t.reasons[i].count
		t.reasons = slices.Delete(t.reasons, i, i+1)
	}
	t.reasons = append(t.reasons, this)
}

// durations are how many there were, and their sum: what a long list can afford per endpoint.
type durations struct {
	count uint64
	sum   time.Duration
}

func (d *durations) observe(o *probe.Observation) {
	if o.Stalled {
		return // what was timed is this process
	}
	for i := range o.Addresses {
		if a := &o.Addresses[i]; answered(a) {
			d.count++
			d.sum += max(a.Phases.Total, 0)
		}
	}
}
