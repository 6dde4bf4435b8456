package probe

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"prober/limit"
)

// fakeClock is a clock that sleeping moves.
type fakeClock struct {
	mu    sync.Mutex
	now   time.Time
	slept time.Duration
}

func newFakeClock() *fakeClock { return &fakeClock{now: now} }

func (c *fakeClock) clock() Clock {
	return Clock{NowFunc: c.read, SleepFunc: c.sleep, ElapsedFunc: unstalled}
}

func (c *fakeClock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func (c *fakeClock) sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now, c.slept = c.now.Add(d), c.slept+d
	return nil
}

func TestPaceRate(t *testing.T) {
	var p pacer
	c := newFakeClock()
	take := func(host string) time.Duration {
		t.Helper()
		before := c.slept
		release, err := p.acquire(t.Context(), host, c.clock())
		if err != nil {
			t.Fatal(err)
		}
		release()
		return c.slept - before
	}
	for i := range connBurstPerHost {
		if d := take("a.test"); d != 0 {
			t.Fatalf("connection %d of the burst waits %s", i+1, d)
		}
	}
	for i := range 40 {
		if d := take("a.test"); d != time.Second/connsPerSecond {
			t.Fatalf("connection %d after the burst waits %s, want 50ms", i+1, d)
		}
	}
	if d := take("b.test"); d != 0 {
		t.Errorf("another host waits %s", d)
	}
	c.advance(100 * time.Millisecond)
	for i, want := range []time.Duration{0, 0, 50 * time.Millisecond} {
		if d := take("a.test"); d != want {
			t.Errorf("connection %d after 100ms of rest waits %s, want %s", i+1, d, want)
		}
	}
	c.advance(time.Hour) // fills the bucket and no more
	for range connBurstPerHost {
		if d := take("a.test"); d != 0 {
			t.Fatalf("a full bucket makes wait %s", d)
		}
	}
	if d := take("a.test"); d == 0 {
		t.Error("an hour of rest allows more than the burst")
	}
	c.advance(-time.Hour) // a clock that is set back neither gives nor blocks for an hour
	if d := take("a.test"); d > time.Second {
		t.Errorf("after the clock went back a connection waits %s", d)
	}
}

// Connections to stand-ins of the user's own wait for nothing but each other.
func TestUnpaced(t *testing.T) {
	p, c := &New(Config{Unpaced: true, ConnectionsPerHost: 3}).pace, newFakeClock()
	for range 10 * connBurstPerHost {
		release, err := p.acquire(t.Context(), "a.test", c.clock())
		if err != nil {
			t.Fatal(err)
		}
		release()
	}
	if c.slept != 0 {
		t.Errorf("they waited %s", c.slept)
	}
	testPaceAtOnce(t, p, 3)
}

func TestPaceAtOnce(t *testing.T) {
	for chosen, want := range map[int]int{0: DefaultConnectionsPerHost, 1: 1, 7: 7} {
		t.Run(fmt.Sprint(chosen), func(t *testing.T) { testPaceAtOnce(t, &New(Config{ConnectionsPerHost: chosen}).pace, want) })
	}
}

func testPaceAtOnce(t *testing.T, p *pacer, most int) {
	c := newFakeClock().clock()
	var releases []func()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute) // of a test that fails
	defer stop()
	for range most {
		release, err := p.acquire(ctx, "a.test", c)
		if err != nil {
			t.Fatal(err)
		}
		releases = append(releases, release)
	}
	// One more gets in only after one of them is done.
	more := make(chan func())
	go func() {
		release, _ := p.acquire(context.Background(), "a.test", c)
		more <- release
	}()
	other, err := p.acquire(t.Context(), "b.test", c)
	if err != nil {
		t.Fatal(err)
	}
	other()
	select {
	case <-more:
		t.Fatalf("%d connections to one host at once", most+1)
	default:
	}
	releases[0]()
	(<-more)()
	for _, release := range releases[1:] {
		release()
	}
	if open := len(p.hosts["a.test"].open); open != 0 {
		t.Errorf("%d slots are still taken", open)
	}
}

func TestPaceCancel(t *testing.T) {
	c := newFakeClock()
	stop := errors.New("stop")
	for _, tt := range []struct {
		name string
		open int     // connections that are open already
		rest float64 // tokens left
		fail bool    // the sleep ends early
	}{
		{"while all slots are taken", DefaultConnectionsPerHost, 10, false},
		{"while waiting for a token", 0, 0, true},
		{"with slots and tokens", 0, 10, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var p pacer
			h := p.host("a.test", c.read())
			h.tokens = tt.rest
			for range tt.open {
				h.open <- struct{}{}
			}
			ctx, cancel := context.WithCancel(t.Context())
			clock := c.clock()
			if tt.fail {
				clock.SleepFunc = func(context.Context, time.Duration) error { return stop }
			} else {
				cancel()
			}
			defer cancel()
			release, err := p.acquire(ctx, "a.test", clock)
			if release != nil || err == nil {
				t.Fatalf("acquire = %v, want an error", err)
			}
			if tt.fail && !errors.Is(err, stop) || !tt.fail && !errors.Is(err, context.Canceled) {
				t.Errorf("err = %v", err)
			}
			if len(h.open) != tt.open {
				t.Errorf("%d slots taken, want %d", len(h.open), tt.open)
			}
			if h.tokens != tt.rest {
				t.Errorf("%g tokens, want %g: a cancelled connection spent one", h.tokens, tt.rest)
			}
		})
	}
}

// TestPaceForgets fills the pacer with hosts, as reloaded lists and made-up names do: those at rest
// are forgotten, and those that are busy are not.
func TestPaceForgets(t *testing.T) {
	var p pacer
	c := newFakeClock()
	ask := func(host string) func() {
		release, err := p.acquire(t.Context(), host, c.clock())
		if err != nil {
			t.Fatal(err)
		}
		return release
	}
	open := ask("open.test")
	for i := range 3 * limit.HostsPaced {
		c.advance(time.Millisecond)
		if i%(limit.HostsPaced/4) == 0 { // faster than it rests
			for range connBurstPerHost {
				ask("tired.test")()
			}
		}
		ask(fmt.Sprint(i, ".test"))()
		if i > limit.HostsPaced && len(p.hosts) > 2*limit.HostsPaced {
			t.Fatalf("%d hosts are kept", len(p.hosts))
		}
		if p.hosts["open.test"] == nil || p.hosts["tired.test"] == nil {
			t.Fatalf("a busy host was forgotten after %d others", i)
		}
	}
	open()
	c.advance(time.Minute)
	p.mu.Lock()
	p.forget(c.read())
	p.mu.Unlock()
	if len(p.hosts) != 0 {
		t.Errorf("%d hosts are kept after a rest", len(p.hosts))
	}
}

// TestPaceManyAddresses lets many goroutines through, each of which takes slot after slot.
func TestPaceManyAddresses(t *testing.T) {
	var p pacer
	c := newFakeClock()
	var wg sync.WaitGroup
	var mu sync.Mutex
	open, most := 0, 0
	for range 50 {
		wg.Go(func() {
			for range 3 {
				release, err := p.acquire(context.Background(), "a.test", c.clock())
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				open++
				most = max(most, open)
				mu.Unlock()
				mu.Lock()
				open--
				mu.Unlock()
				release()
			}
		})
	}
	wg.Wait()
	if most > DefaultConnectionsPerHost {
		t.Errorf("%d connections at once", most)
	}
	if want := time.Duration(150-connBurstPerHost) * time.Second / connsPerSecond; c.slept < want {
		t.Errorf("150 connections took %s, want at least %s", c.slept, want)
	}
}

func TestClock(t *testing.T) {
	var c Clock
	if d := time.Since(c.Now()); d < 0 || d > time.Minute {
		t.Errorf("the zero clock is %s off", d)
	}
	if err := c.Sleep(t.Context(), 1); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Sleep(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Error(fmt.Errorf("Sleep in a cancelled context: %w", err))
	}
}
