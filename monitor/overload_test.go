package monitor

import (
	"context"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"prober/probe"
	"prober/probe/reason"
)

// stalled is a result of a probe during which the process did not run.
func stalled(t probe.Target, at time.Time) probe.Observation {
	o := badObservation(t, at, reason.ProberStalled)
	o.Stalled = true
	return o
}

// A prober that lacks processor time says so for an interval, probes less at once, and comes back to
// what it may; what it timed meanwhile is not counted.
func TestOverloadByStalls(t *testing.T) {
	list := targets(4)
	m, c := monitorOf(t, list, nil)
	least := min(runtime.GOMAXPROCS(0), 64)
	for range 10 {
		feed(t, m, stalled(list[0], c.Now()))
	}
	ok := okObservation(list[1], c.Now())
	ok.Stalled = true
	feed(t, m, ok)
	if m.atOnce() != least {
		t.Errorf("%d at once, want %d", m.atOnce(), least)
	}
	text := expose(t, m)
	if !strings.Contains(text, "\nprober_overloaded 1\n") || strings.Contains(text, "endpoint_probe_duration_seconds_count") {
		t.Error("prober_overloaded is not 1, or a duration was counted")
	}
	if body := get(t, m, "/").Body.String(); !strings.Contains(body, "The prober is overloaded; ") || !strings.Contains(body, "does not run all the time") || !strings.Contains(body, "lower <span class=\"flag\">--concurrency,</span> or give") {
		t.Error("the page does not say so")
	}
	for range 64 {
		feed(t, m, okObservation(list[0], c.Now()))
	}
	if m.atOnce() != 64 {
		t.Errorf("%d at once after all is well, want 64", m.atOnce())
	}
	c.Advance(m.config.Interval)
	if !strings.Contains(expose(t, m), "\nprober_overloaded 0\n") {
		t.Error("prober_overloaded is 1 for longer than an interval")
	}
}

// TestOverloadOfAnOutage: while everything waits for its timeouts nobody is sent to change flags, unless the processor is short, too.
func TestOverloadOfAnOutage(t *testing.T) {
	for _, o := range []overload{overloadedLate, overloadedSkipped, overloadedStalled} {
		flags, own := strings.Contains(o.advice(true), "--"), strings.Contains(o.advice(false), "--interval")
		if flags != (o == overloadedStalled) || !own {
			t.Errorf("%s: %q, and without an outage %q", o.words(), o.advice(true), o.advice(false))
		}
	}
}

// Turns that wait for workers are late, and then skipped, and either is told. An endpoint that takes
// long by itself is none of this.
func TestOverloadByWork(t *testing.T) {
	for name, tt := range map[string]struct {
		workers int
		took    time.Duration
		want    overload
	}{
		"enough workers": {64, 2 * time.Second, notOverloaded},
		"slow endpoints": {64, 90 * time.Second, notOverloaded},
		"hardly enough":  {2, 1900 * time.Millisecond, overloadedLate},
		"too few":        {2, 10 * time.Second, overloadedSkipped},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := bubbled(t, targets(50), func(_ context.Context, x probe.Target) probe.Observation {
					time.Sleep(tt.took)
					return okObservation(x, time.Now())
				}, func(c *Config) { c.Concurrency = tt.workers })
				stop := started(m)
				time.Sleep(5 * time.Minute)
				m.mu.Lock()
				if got := m.overloaded(); got != tt.want {
					t.Errorf("overloaded %q, want %q", got.words(), tt.want.words())
				}
				m.mu.Unlock()
				stop()
			})
		})
	}
}

// No more run at once than a prober that lacks processor time can look after.
func TestFewerAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running, most atomic.Int64
		m := bubbled(t, targets(200), func(_ context.Context, x probe.Target) probe.Observation {
			n := running.Add(1)
			defer running.Add(-1)
			most.Store(max(most.Load(), n))
			time.Sleep(time.Second)
			return stalled(x, time.Now())
		}, nil)
		stop := started(m)
		time.Sleep(2 * time.Minute)
		most.Store(0)
		time.Sleep(5 * time.Minute)
		least := int64(runtime.GOMAXPROCS(0))
		if n := most.Load(); n < 1 || n > least {
			t.Errorf("%d at once, want up to %d", n, least)
		}
		stop()
	})
}
