package monitor

import (
	"slices"
	"sync"
	"time"

	"prober/history"
	"prober/latency"
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
	failures [reason.Verify + 1]uint64           // by phase
	reasons  []reasonCount                       // few: an entry per reason that was ever seen, the latest last
	phases   [reason.Body + 1]*latency.Histogram // by timed phase; nil until a probe has completed it
	total    *latency.Histogram
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
		t.count(o.Outcome, o.Reason, 1)
	}
	for x := range history.Timings(o) {
		if x.Phase == reason.NoPhase {
			t.time(&t.total, x.Took)
			continue
		}
		t.time(&t.phases[x.Phase], x.Took)
	}
}

// time counts d in h, which is made with the first latency.
func (t *tally) time(h **latency.Histogram, d time.Duration) {
	if *h == nil {
		*h = latency.New(t.bounds)
	}
	(*h).Observe(d)
}

// count counts n probes that came out one way for one reason.
func (t *tally) count(outcome reason.Outcome, r reason.Reason, n uint64) {
	if phase := r.Phase(); outcome == reason.Fail && phase <= reason.Verify {
		t.failures[phase] += n
	}
	this := reasonCount{outcome, r, n}
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
	for x := range history.Timings(o) {
		if x.Phase == reason.NoPhase {
			d.count++
			d.sum += max(x.Took, 0)
		}
	}
}
