package monitor

import (
	"context"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"prober/probe"
	"prober/probe/reason"
)

// The tests below run in bubbles of virtual time, in which a month passes in no time, a
// goroutine that is left behind is a failure, and "wait" means until all have settled.

// started runs m until the returned function is called, which waits for it to stop.
func started(m *Monitor) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- m.Run(ctx) }()
	synctest.Wait()
	return func() {
		cancel()
		<-done
	}
}

// bubbled makes a Monitor on virtual time.
func bubbled(t *testing.T, list []probe.Target, prober proberFunc, change func(*Config)) *Monitor {
	t.Helper()
	config := Config{Prober: prober, Targets: list}
	if change != nil {
		change(&config)
	}
	m, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// counter counts the probes of each endpoint.
type countingProber struct {
	mu sync.Mutex
	n  map[string]int
}

func (c *countingProber) add(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n == nil {
		c.n = map[string]int{}
	}
	c.n[id]++
}

func (c *countingProber) of(id string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n[id]
}

func TestRunProbesEveryEndpointOnceAnInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var probes countingProber
		list := targets(100)
		m := bubbled(t, list, func(_ context.Context, x probe.Target) probe.Observation {
			probes.add(x.Endpoint.ID)
			time.Sleep(60 * time.Millisecond) // virtual
			return okObservation(x, time.Now())
		}, nil)
		stop := started(m)
		time.Sleep(10 * time.Hour)
		stop()
		for _, x := range list {
			// 600 regular turns and the early one.
			if n := probes.of(x.Endpoint.ID); n < 600 || n > 602 {
				t.Errorf("%s was probed %d times in 600 minutes", x.Endpoint.ID, n)
			}
		}
		if m.counts.overruns != 0 || m.counts.missed != 0 {
			t.Errorf("overruns, missed = %d, %d", m.counts.overruns, m.counts.missed)
		}
		if late := m.lateness.Proto().GetSampleSum() / float64(m.lateness.Proto().GetSampleCount()); late > 0.011 {
			t.Errorf("started %.3f s late on average, want less than a tick", late)
		}
	})
}

func TestReadyAfterTheFirstRound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := bubbled(t, targets(40), func(_ context.Context, x probe.Target) probe.Observation {
			return okObservation(x, time.Now())
		}, func(c *Config) { c.Interval = time.Hour })
		if err := m.Ready(); err == nil || !strings.Contains(err.Error(), "not running") {
			t.Errorf("before Run: %v", err)
		}
		stop := started(m)
		time.Sleep(time.Second)
		if err := m.Ready(); err == nil || !strings.Contains(err.Error(), "of 40 active endpoints: ") || !strings.HasSuffix(err.Error(), " more") {
			t.Errorf("after a second: %v", err)
		}
		time.Sleep(2 * time.Second)
		if err := m.Ready(); err != nil {
			t.Errorf("after 40 early turns, 50 ms apart: %v", err)
		}
		if err := m.Apply(targets(60)); err != nil {
			t.Fatal(err)
		}
		if err := m.Ready(); err != nil {
			t.Errorf("after a reload: %v, want ready all the same", err)
		}
		stop()
	})
}

func TestALongProbeMissesTurnsAndNeverPilesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running, most atomic.Int64
		m := bubbled(t, targets(1), func(_ context.Context, x probe.Target) probe.Observation {
			most.Store(max(most.Load(), running.Add(1)))
			defer running.Add(-1)
			time.Sleep(150 * time.Second)
			return okObservation(x, time.Now())
		}, nil)
		stop := started(m)
		time.Sleep(time.Hour)
		stop()
		if most.Load() != 1 {
			t.Errorf("%d probes of one endpoint at once", most.Load())
		}
		if m.counts.overruns < 35 || m.counts.overruns > 41 {
			t.Errorf("%d overruns in an hour of probes that take 2.5 intervals, want about 40", m.counts.overruns)
		}
	})
}

func TestAnEarlyTurnThatMeetsTheRegularOneIsNoOverrun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := bubbled(t, targets(50), func(_ context.Context, x probe.Target) probe.Observation {
			time.Sleep(40 * time.Second)
			return okObservation(x, time.Now())
		}, nil)
		stop := started(m)
		time.Sleep(5 * time.Minute)
		stop()
		if m.counts.overruns != 0 {
			t.Errorf("%d overruns of probes that take two thirds of the interval", m.counts.overruns)
		}
	})
}

func TestALongListHasNoEarlyTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var probes atomic.Int64
		m := bubbled(t, targets(1000), func(_ context.Context, x probe.Target) probe.Observation {
			probes.Add(1)
			return okObservation(x, time.Now())
		}, nil)
		stop := started(m)
		time.Sleep(time.Minute)
		stop()
		if n := probes.Load(); n < 990 || n > 1000 {
			t.Errorf("%d probes in the first minute, want 1000", n)
		}
	})
}

func TestNothingIsStartedWhileRunEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var begun atomic.Int64
		m := bubbled(t, targets(20), func(ctx context.Context, _ probe.Target) probe.Observation {
			begun.Add(1)
			<-ctx.Done()
			return probe.Observation{Outcome: reason.Unknown, Reason: reason.ProberCanceled}
		}, func(c *Config) { c.Interval, c.Grace, c.Concurrency = time.Second, time.Minute, 1 })
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- m.Run(ctx) }()
		time.Sleep(5 * time.Second)
		cancel()
		time.Sleep(30 * time.Second)
		if err := m.Apply(targets(40)); err != nil { // a reload at the wrong moment
			t.Fatal(err)
		}
		m.mu.Lock()
		waiting := len(m.queue)
		m.mu.Unlock()
		<-done
		if waiting != 0 || begun.Load() != 1 {
			t.Errorf("%d wait and %d were begun, want 0 and the 1 that was running", waiting, begun.Load())
		}
	})
}

func TestNoMoreProbesAtOnceThanWorkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running, most, done atomic.Int64
		m := bubbled(t, targets(500), func(_ context.Context, x probe.Target) probe.Observation {
			most.Store(max(most.Load(), running.Add(1)))
			defer running.Add(-1)
			time.Sleep(5 * time.Second)
			done.Add(1)
			return okObservation(x, time.Now())
		}, func(c *Config) { c.Concurrency = 20 })
		stop := started(m)
		time.Sleep(10 * time.Minute)
		m.mu.Lock()
		waiting, workers := len(m.queue), m.workers
		m.mu.Unlock()
		stop()
		if most.Load() != 20 || workers != 20 {
			t.Errorf("%d probes at once with %d workers, want 20", most.Load(), workers)
		}
		if waiting > 500 {
			t.Errorf("%d probes wait for 500 endpoints", waiting)
		}
		if n := done.Load(); n < 2350 || n > 2420 {
			t.Errorf("%d probes in 10 minutes, want the 2400 that 20 workers can do", n)
		}
		if m.counts.overruns == 0 {
			t.Error("too few workers, and no overrun was counted")
		}
	})
}

func TestAnIdleMonitorHasNoWorkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := bubbled(t, targets(1000), allOK, func(c *Config) { c.Interval = time.Hour })
		stop := started(m)
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		m.mu.Lock()
		if m.workers != 0 || m.counts.inFlight != 0 {
			t.Errorf("workers, in flight = %d, %d", m.workers, m.counts.inFlight)
		}
		m.mu.Unlock()
		stop()
	})
}

func TestSlowProbesComeAtTheirOwnPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var deep, all countingProber
		list := targets(30)
		list[0].Scheme = "http"
		m := bubbled(t, list, func(_ context.Context, x probe.Target) probe.Observation {
			all.add(x.Endpoint.ID)
			if x.Canary {
				deep.add(x.Endpoint.ID)
				if x.TLSVersions != (x.Scheme != "http") {
					t.Errorf("%s over %q: version table asked for: %v", x.Endpoint.ID, x.Scheme, x.TLSVersions)
				}
			}
			return okObservation(x, time.Now())
		}, nil)
		stop := started(m)
		time.Sleep(10*time.Minute + time.Second)
		for _, x := range list {
			if deep.of(x.Endpoint.ID) != 1 {
				t.Errorf("%s: %d deeper looks in the first ten minutes", x.Endpoint.ID, deep.of(x.Endpoint.ID))
			}
		}
		time.Sleep(24 * time.Hour)
		stop()
		for _, x := range list {
			if n := deep.of(x.Endpoint.ID); n < 24 || n > 26 {
				t.Errorf("%s: %d deeper looks a day", x.Endpoint.ID, n)
			}
		}
	})
}

func TestStoppingCancelsAndDoesNotCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := bubbled(t, targets(10), func(ctx context.Context, x probe.Target) probe.Observation {
			<-ctx.Done()
			o := okObservation(x, time.Now())
			o.Outcome, o.Reason = reason.Fail, reason.ConnectTimeout // a prober that mistakes its own end
			return o
		}, nil)
		stop := started(m)
		time.Sleep(10 * time.Second)
		began := time.Now()
		stop()
		if d := time.Since(began); d != 0 {
			t.Errorf("took %v to stop", d)
		}
		for _, s := range m.Statuses() {
			if s.Probed {
				t.Errorf("%s has a result: %v", s.ID, s.Outcome)
			}
		}
	})
}

func TestStoppingGivesGrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		prober := func(ctx context.Context, x probe.Target) probe.Observation {
			took := 3 * time.Second
			if x.Endpoint.Region == "region-1" {
				took = time.Hour
			}
			o := okObservation(x, time.Now())
			select {
			case <-time.After(took):
			case <-ctx.Done():
				o.Outcome, o.Reason = reason.Unknown, reason.ProberCanceled
			}
			return o
		}
		m := bubbled(t, targets(40), prober, func(c *Config) { c.Grace = 10 * time.Second })
		stop := started(m)
		time.Sleep(2500 * time.Millisecond) // all have begun
		began := time.Now()
		stop()
		if d := time.Since(began); d != 10*time.Second {
			t.Errorf("took %v to stop, want the grace", d)
		}
		for _, s := range m.Statuses() {
			if want := s.Region == "region-0"; s.Probed != want {
				t.Errorf("%s counted: %v, want %v", s.ID, s.Probed, want)
			}
		}
	})
}

func TestStoppingDropsWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var begun atomic.Int64
		m := bubbled(t, targets(50), func(ctx context.Context, x probe.Target) probe.Observation {
			begun.Add(1)
			<-ctx.Done()
			return probe.Observation{Outcome: reason.Unknown, Reason: reason.ProberCanceled}
		}, func(c *Config) { c.Concurrency = 2 })
		stop := started(m)
		time.Sleep(time.Minute)
		stop()
		if begun.Load() != 2 {
			t.Errorf("%d probes were begun by 2 workers that never end", begun.Load())
		}
	})
}

func TestRunTwiceAtOnceIsRefusedAndAgainLaterIsNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := bubbled(t, targets(5), allOK, nil)
		stop := started(m)
		if err := m.Run(t.Context()); err == nil {
			t.Error("a second Run at the same time was let in")
		}
		stop()
		stop = started(m)
		time.Sleep(time.Minute)
		stop()
		if err := m.Ready(); err == nil {
			t.Error("ready although nothing runs")
		}
	})
}

func TestAPanicCostsOneProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		list := targets(10)
		m := bubbled(t, list, func(_ context.Context, x probe.Target) probe.Observation {
			if x.Endpoint.ID == list[3].Endpoint.ID {
				panic("a bug")
			}
			return okObservation(x, time.Now())
		}, nil)
		stop := started(m)
		time.Sleep(5 * time.Minute)
		stop()
		for _, s := range m.Statuses() {
			want := reason.OK
			if s.ID == list[3].Endpoint.ID {
				want = reason.Unknown
			}
			if s.Outcome != want || !s.Probed {
				t.Errorf("%s is %v, want %v", s.ID, s.Outcome, want)
			}
		}
		if s, _ := m.Status(list[3].Endpoint.ID); s.Cause != reason.ProberInternal {
			t.Errorf("reason = %v", s.Cause)
		}
	})
}

func TestApplyWhileRunning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var probes countingProber
		m := bubbled(t, targets(20), func(_ context.Context, x probe.Target) probe.Observation {
			probes.add(x.Endpoint.ID)
			return okObservation(x, time.Now())
		}, nil)
		stop := started(m)
		time.Sleep(5 * time.Minute)
		if err := m.Apply(targets(40)[10:]); err != nil {
			t.Fatal(err)
		}
		before := probes.of("ecs/region-0-0/public")
		time.Sleep(5 * time.Minute)
		stop()
		if n := probes.of("ecs/region-0-0/public"); n != before {
			t.Errorf("an endpoint that was removed was probed %d times more", n-before)
		}
		if n := probes.of("ecs/region-0-10/public"); n < 10 || n > 12 {
			t.Errorf("an endpoint that stayed was probed %d times in ten minutes", n)
		}
		if n := probes.of("kms/region-1-39/public"); n < 5 || n > 6 {
			t.Errorf("an endpoint that was added was probed %d times in five minutes", n)
		}
	})
}

// With the race detector this shows that everything may be done at once.
func TestEverythingAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		list := targets(60)
		m := bubbled(t, list, func(_ context.Context, x probe.Target) probe.Observation {
			time.Sleep(20 * time.Millisecond)
			if x.Endpoint.Region == "region-1" {
				return badObservation(x, time.Now(), reason.ConnectTimeout)
			}
			return withVersions(okObservation(x, time.Now()))
		}, func(c *Config) {
			c.Interval = time.Second
			c.Load = func() ([]probe.Target, error) { return list[:40], nil }
		})
		stop := started(m)
		var all sync.WaitGroup
		for _, act := range []func(){
			func() { _, _ = m.Gather() },
			func() { get(t, m, "/") },
			func() { get(t, m, "/api/v1/endpoints") },
			func() { get(t, m, "/probe?target=ecs/region-0-0/public") },
			func() { _ = m.Ready() },
			func() { _ = m.Reload() },
			func() { _ = m.Apply(list[10:]) },
			func() { _ = m.Apply(list) },
		} {
			all.Go(func() {
				for range 50 {
					act()
					time.Sleep(70 * time.Millisecond)
				}
			})
		}
		all.Wait()
		stop()
		if err := testutil.GatherAndCompare(prometheus.Gatherers{m}, strings.NewReader(expose(t, m))); err != nil {
			t.Error(err)
		}
	})
}

func TestAHundredThousandEndpoints(t *testing.T) {
	n := 10_000 // with as much less concurrency
	if os.Getenv("PROBER_REQUIRE_TOOLS") == "1" {
		n = 100_000
	}
	synctest.Test(t, func(t *testing.T) {
		var probes atomic.Int64
		m := bubbled(t, targets(n), func(_ context.Context, x probe.Target) probe.Observation {
			probes.Add(1)
			time.Sleep(60 * time.Millisecond)
			return okObservation(x, time.Now())
		}, func(c *Config) { c.Concurrency = n * 512 / 100_000 })
		stop := started(m)
		time.Sleep(2 * time.Minute)
		stop()
		if got := probes.Load(); got < int64(2*n-n/50) || got > int64(2*n) {
			t.Errorf("%d probes in two minutes", got)
		}
		if m.counts.missed != 0 || m.counts.overruns > uint64(n/100) {
			t.Errorf("missed, overruns = %d, %d", m.counts.missed, m.counts.overruns)
		}
	})
}
