package kit

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"prober/catalog"
	"prober/cloudapi"
	"prober/limit"
	"prober/probe"
	"prober/probe/reason"
)

// firstInterval is that between questions once an API has complained. It is doubled whenever it
// does.
const firstInterval = 250 * time.Millisecond

// documentedInterval is what keeps questions to a product a tenth below its documented rate;
// none where no rate is documented.
func documentedInterval(p catalog.Product) time.Duration {
	if rule, _ := p.ErrorRule(catalog.Throttled); rule.PerSecond > 0 {
		return time.Second / time.Duration(rule.PerSecond) * 11 / 10
	}
	return 0
}

// throttle slows down what is asked of an endpoint: to the rate that is documented, and further
// when its API says that it is asked too often.
type throttle struct {
	pause func(ctx context.Context, d time.Duration) error

	mu            sync.Mutex
	interval      time.Duration
	turn          time.Time     // of the next question
	waited, since time.Duration // in all, and since the last answer
	pace          int           // how often the interval has changed
	first         string        // what was throttled first
}

// wait waits for the turn of a question, and returns the pace at which that was.
func (t *throttle) wait(ctx context.Context) (pace int, err error) {
	t.mu.Lock()
	pace, interval, now := t.pace, t.interval, time.Now()
	if interval == 0 {
		t.mu.Unlock()
		return pace, nil
	}
	if t.turn.Before(now) {
		t.turn = now
	}
	t.turn = t.turn.Add(interval)
	t.waited, t.since = t.waited+interval, t.since+interval
	d := t.turn.Sub(now)
	t.mu.Unlock()
	return pace, t.pause(ctx, d)
}

// heard notes whether what was asked at a pace was throttled. Questions that were under way
// together are one complaint.
func (t *throttle) heard(what string, throttled bool, pace int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case !throttled:
		t.since = 0
	case pace == t.pace:
		if t.first == "" {
			t.first = what
		}
		t.interval = min(max(firstInterval, 2*t.interval), limit.ThrottledPause*time.Second)
		t.pace++
	}
}

// enough says why no more is asked: the API throttles whatever comes. It is nil when it does
// not.
func (t *throttle) enough() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.since < limit.ThrottledFor*time.Second && t.waited < limit.ThrottledInAll*time.Second {
		return nil
	}
	return cannotTell("not asked: the API throttled %s and what came after it, for %s", t.first, t.waited.Round(time.Second))
}

// Throttled reports whether the API, or a proxy in front of it, says that it is asked too
// often.
func (a Answer) Throttled() bool {
	x := a.Exchange
	return x.Class == cloudapi.Throttled || x.API == nil && x.Status == http.StatusTooManyRequests
}

func throttledAnywhere(o probe.Observation) bool {
	is := func(a probe.AddressResult) bool { return a.Reason == reason.ProberRateLimited }
	return o.Reason == reason.ProberRateLimited || slices.ContainsFunc(o.Addresses, is)
}
