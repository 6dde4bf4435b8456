package monitor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"prober/limit"
	"prober/probe"
	"prober/probe/reason"
)

// scripted is a prober that finds one thing after the other, and the last for ever.
type scripted struct {
	mu    sync.Mutex
	found []reason.Reason
	at    []time.Duration // of each probe, since the first
	first time.Time
	took  time.Duration
}

func (s *scripted) Probe(_ context.Context, x probe.Target) probe.Observation {
	s.mu.Lock()
	if s.first.IsZero() {
		s.first = time.Now()
	}
	n := min(len(s.at), len(s.found)-1)
	found := s.found[n]
	began := time.Now()
	s.at = append(s.at, began.Sub(s.first))
	s.mu.Unlock()
	time.Sleep(s.took)
	if found == reason.None {
		return okObservation(x, began)
	}
	return vouched(badObservation(x, began, found))
}

// seen returns when each probe was, since the first.
func (s *scripted) seen() []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.at)
}

// A failure is counted at once; the state, its time and endpoint_up change when it is found again.
func TestConfirm(t *testing.T) {
	const (
		ok       = reason.None
		refused  = reason.ConnectRefused
		expired  = reason.TLSCertExpired
		degraded = reason.VerifyCharset
		unknown  = reason.ProberRateLimited
	)
	for _, tt := range []struct {
		name     string
		found    []reason.Reason
		interval time.Duration // 0: a minute
		off      bool
		look     time.Duration // after the probe numbered by
		by       int
		outcome  reason.Outcome
		up       string // "": absent
		doubted  bool
		fails    uint64
		counted  string // confirmed, refuted, undecided
		since    int    // the probe with which the state began
		probes   int
	}{
		{name: "not yet", found: []reason.Reason{ok, refused}, by: 1, look: 4 * time.Second, outcome: reason.OK, up: "1", doubted: true, fails: 1, counted: "0 0 0", probes: 2},
		{name: "after five seconds", found: []reason.Reason{ok, refused}, by: 1, look: 6 * time.Second, outcome: reason.Fail, up: "0", fails: 1, counted: "1 0 0", since: 2, probes: 3},
		{name: "after a third of a short interval", found: []reason.Reason{ok, refused}, interval: 6 * time.Second, by: 1, look: 2100 * time.Millisecond, outcome: reason.Fail, up: "0", fails: 1, counted: "1 0 0", since: 2, probes: 3},
		{name: "for another reason", found: []reason.Reason{ok, refused, expired}, by: 1, look: 6 * time.Second, outcome: reason.Fail, up: "0", fails: 1, counted: "1 0 0", since: 2, probes: 3},
		{name: "it did not last", found: []reason.Reason{ok, refused, ok}, by: 1, look: 6 * time.Second, outcome: reason.OK, up: "1", fails: 1, counted: "0 1 0", probes: 3},
		{name: "it is degraded now", found: []reason.Reason{ok, refused, degraded}, by: 1, look: 6 * time.Second, outcome: reason.Degraded, up: "1", fails: 1, counted: "0 1 0", since: 2, probes: 3},
		{name: "each failure anew", found: []reason.Reason{ok, refused, ok, refused, ok}, by: 3, look: 6 * time.Second, outcome: reason.OK, up: "1", fails: 2, counted: "0 2 0", probes: 5},
		{name: "the first result", found: []reason.Reason{refused}, by: 0, look: time.Second, outcome: reason.Unknown, doubted: true, fails: 1, counted: "0 0 0", since: -1, probes: 1},
		{name: "the first result, confirmed", found: []reason.Reason{refused}, by: 0, look: 6 * time.Second, outcome: reason.Fail, up: "0", fails: 1, counted: "1 0 0", since: 1, probes: 2},
		{name: "a failure for another reason needs none", found: []reason.Reason{ok, refused, refused, expired}, by: 3, look: 6 * time.Second, outcome: reason.Fail, up: "0", fails: 2, counted: "1 0 0", since: 3, probes: 4},
		{name: "unknown decides nothing", found: []reason.Reason{ok, refused, unknown, refused}, by: 2, look: time.Second, outcome: reason.OK, up: "1", doubted: true, fails: 1, counted: "0 0 1", probes: 3},
		{name: "and is asked again", found: []reason.Reason{ok, refused, unknown, refused}, by: 2, look: 6 * time.Second, outcome: reason.Fail, up: "0", fails: 1, counted: "1 0 1", since: 3, probes: 4},
		{name: "a few times", found: []reason.Reason{ok, refused, unknown}, by: 4, look: 20 * time.Second, outcome: reason.Unknown, fails: 1, counted: "0 0 3", since: 4, probes: 5},
		{name: "what is unknown is no failure", found: []reason.Reason{ok, unknown}, by: 1, look: 6 * time.Second, outcome: reason.Unknown, counted: "0 0 0", since: 1, probes: 2},
		{name: "switched off", off: true, found: []reason.Reason{ok, refused}, by: 1, look: 6 * time.Second, outcome: reason.Fail, up: "0", fails: 1, counted: "0 0 0", since: 1, probes: 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &scripted{found: tt.found}
				m := bubbled(t, targets(1), p.Probe, func(c *Config) { c.Confirm, c.Interval = !tt.off, tt.interval })
				defer started(m)()
				for len(p.seen()) <= tt.by {
					time.Sleep(10 * time.Millisecond)
				}
				time.Sleep(tt.look)
				synctest.Wait()
				at, s := p.seen(), m.Statuses()[0]
				if s.Outcome != tt.outcome || (s.Confirming != nil) != tt.doubted || s.Probes["fail"] != tt.fails || len(at) != tt.probes {
					t.Errorf("%v, in doubt %v, %d failures, %d probes; want %v, %v, %d, %d",
						s.Outcome, s.Confirming != nil, s.Probes["fail"], len(at), tt.outcome, tt.doubted, tt.fails, tt.probes)
				}
				if tt.since >= 0 && tt.since < len(at) && !s.Since.Equal(p.first.Add(at[tt.since])) {
					t.Errorf("since %v, want that of probe %d, %v", s.Since.Sub(p.first), tt.since, at[tt.since])
				}
				if err := m.Ready(); err != nil {
					t.Errorf("%v, although there is a result", err)
				}
				text := expose(t, m)
				_, up, _ := strings.Cut(text, "\nendpoint_up{")
				up, _, _ = strings.Cut(up, "\n")
				if _, up, _ = strings.Cut(up, "} "); up != tt.up {
					t.Errorf("endpoint_up is %q, want %q", up, tt.up)
				}
				for i, want := range strings.Fields(tt.counted) {
					if line := fmt.Sprintf("\nprober_confirmations_total{result=%q} %s\n", confirmation(i), want); !strings.Contains(text, line) {
						t.Errorf("no %s", line)
					}
				}
				counters, _ := m.History().Counters(s.ID)
				if state, known := m.History().State(s.ID); counters.Outcomes[reason.Fail] != tt.fails || known && state.Outcome != tt.outcome {
					t.Errorf("remembered: %v, %d failures", state.Outcome, counters.Outcomes[reason.Fail])
				}
				// What confirms is in no other counter, so that an outage is not counted double.
				sum := uint64(0)
				for _, n := range s.Probes {
					sum += n
				}
				var apart uint64
				m.mu.Lock()
				defer m.mu.Unlock()
				for _, n := range m.counts.confirmations {
					apart += n
				}
				if sum+apart != uint64(tt.probes) {
					t.Errorf("%d probes counted, %d of them apart, of %d", sum+apart, apart, tt.probes)
				}
			})
		})
	}
}

// A probe that confirms a failure does not look deeper, so it must not need to.
func TestWhatADeeperLookFindsIsNoFailure(t *testing.T) {
	for _, r := range reason.All() {
		if deepOnly(&probe.Observation{Outcome: r.Outcome(), Reason: r}) && r.Outcome() == reason.Fail {
			t.Errorf("%v is a failure that a regular look does not find", r)
		}
	}
}

// A turn that comes while a failure is being confirmed is none that was left out: the probe that runs
// counts for it.
func TestConfirmingIsAsGoodAsATurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &scripted{found: []reason.Reason{reason.None, reason.ConnectTimeout}, took: 4 * time.Second}
		m := bubbled(t, targets(1), p.Probe, func(c *Config) { c.Confirm, c.Interval = true, 10*time.Second })
		defer started(m)()
		time.Sleep(50 * time.Second)
		s := m.Statuses()[0]
		m.mu.Lock()
		defer m.mu.Unlock()
		if s.Outcome != reason.Fail || m.counts.overruns != 0 || m.counts.confirmations[confirmed] > 1 {
			t.Errorf("%v, %d overruns, %v confirmations", s.Outcome, m.counts.overruns, m.counts.confirmations)
		}
	})
}

// Whoever has its turn comes first, and a failure that waits too long is decided by its own.
func TestConfirmationsYield(t *testing.T) {
	list := targets(3)
	m, c := monitorOf(t, list, func(c *Config) { c.Confirm, c.Concurrency = true, 1 })
	m.running.Store(true)
	feed(t, m, okObservation(list[1], c.Now()))
	down := badObservation(list[0], c.Now(), reason.VerifyServerError)
	feed(t, m, down)
	feed(t, m, badObservation(list[0], c.Now().Add(time.Minute), reason.VerifyServerError))
	if s, _ := m.Status(list[0].Endpoint.ID); s.Outcome != reason.Fail {
		t.Errorf("%v after two turns", s.Outcome)
	}
	feed(t, m, okObservation(list[0], c.Now()))
	feed(t, m, down)
	c.Advance(confirmAfter)
	m.workers = 1
	m.call([]*endpoint{m.list.Load().byID[list[1].Endpoint.ID]})
	if j, any := m.take(); !any || j.endpoint.id != list[1].Endpoint.ID {
		t.Fatalf("%v comes first, want the turn", j.endpoint)
	}
	if j, any := m.take(); !any || j.endpoint.id != list[0].Endpoint.ID || !j.endpoint.confirming {
		t.Fatalf("then %v, want the failure", j.endpoint)
	}
	if _, any := m.take(); any || m.workers != 0 {
		t.Errorf("there is more, or %d workers stay", m.workers)
	}
}

// However often an endpoint comes and goes, it waits once; one that is dropped does not wait.
func TestConfirmationsAreBounded(t *testing.T) {
	list := targets(3)
	m, c := monitorOf(t, list, func(c *Config) { c.Confirm = true })
	m.schedule.interval = m.config.Interval
	m.running.Store(true)
	for range 10 {
		for _, x := range list[:2] {
			c.Advance(time.Second)
			feed(t, m, okObservation(x, c.Now()))
			feed(t, m, badObservation(x, c.Now(), reason.VerifyServerError))
		}
	}
	if len(m.confirms) != 2 || m.confirms.due(m.steady()) != 0 || !m.confirms[1].due.Equal(m.steady().Add(confirmAfter)) {
		t.Fatalf("%d wait, %d of them due", len(m.confirms), m.confirms.due(m.steady()))
	}
	if err := m.Apply(list[1:]); err != nil || len(m.confirms) != 1 {
		t.Errorf("%d wait after one was dropped, %v", len(m.confirms), err)
	}
	if s, _ := m.Status(list[1].Endpoint.ID); s.Confirming == nil || s.Outcome != reason.OK {
		t.Errorf("after a reload %v, in doubt %v", s.Outcome, s.Confirming)
	}
}

// A failure that turns out to be the prober's network is no failure; one in doubt stays in doubt while
// the network is suspected.
func TestConfirmWithTheNetwork(t *testing.T) {
	list := ofProviders("ab")
	m, c := monitorOf(t, list, func(c *Config) { c.Confirm = true })
	for _, x := range list {
		feed(t, m, okObservation(x, c.Now()))
	}
	for _, x := range list {
		feed(t, m, badObservation(x, c.Now(), reason.ConnectTimeout))
	}
	for _, s := range m.Statuses() {
		if s.Confirming != nil || s.Outcome != reason.Unknown || s.Probes["fail"] != 0 {
			t.Errorf("%s: %v, in doubt %v", s.ID, s.Outcome, s.Confirming)
		}
	}

	feed(t, m, okObservation(list[1], c.Now()))
	c.Advance(time.Second)
	feed(t, m, okObservation(list[0], c.Now()))
	feed(t, m, vouched(badObservation(list[0], c.Now(), reason.ConnectTimeout)))
	for n := range limit.MuteConfirmations {
		s, _ := m.Status(list[0].Endpoint.ID)
		if s.Confirming == nil || s.Outcome != reason.OK {
			t.Fatalf("after %d unknown results: %v, in doubt %v", n, s.Outcome, s.Confirming)
		}
		feed(t, m, badObservation(list[0], c.Now(), reason.ProberVantageOffline))
	}
	if s, _ := m.Status(list[0].Endpoint.ID); s.Confirming != nil || s.Outcome != reason.Unknown {
		t.Errorf("after all: %v, in doubt %v", s.Outcome, s.Confirming)
	}
}

// At work: one endpoint that is down is told within its turn and the time to confirm it, whatever the
// others have to say first; a network that is gone counts against nobody, and confirms nothing.
func TestConfirmAtWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		down := func(string) bool { return false }
		breaks := func(which func(id string) bool) {
			mu.Lock()
			defer mu.Unlock()
			down = which
		}
		list := ofProviders("aaabbb")
		m := bubbled(t, list, func(_ context.Context, x probe.Target) probe.Observation {
			mu.Lock()
			defer mu.Unlock()
			if down(x.Endpoint.ID) {
				return badObservation(x, time.Now(), reason.ConnectTimeout)
			}
			return okObservation(x, time.Now())
		}, func(c *Config) { c.Confirm = true })
		defer started(m)()
		time.Sleep(2 * time.Minute)

		one := list[0].Endpoint.ID
		breaks(func(id string) bool { return id == one })
		time.Sleep(m.config.Interval + 2*confirmAfter)
		if s, _ := m.Status(one); s.Outcome != reason.Fail || s.Probes["fail"] != 1 {
			t.Errorf("one that is down: %v, %v", s.Outcome, s.Probes)
		}
		breaks(func(string) bool { return false })
		time.Sleep(2 * m.config.Interval)

		breaks(func(string) bool { return true })
		time.Sleep(3 * m.config.Interval)
		for _, s := range m.Statuses() {
			if s.Outcome != reason.Unknown || s.Confirming != nil || s.ID != one && s.Probes["fail"] != 0 {
				t.Errorf("%s without a network: %v, %v", s.ID, s.Outcome, s.Probes)
			}
		}
		m.mu.Lock()
		defer m.mu.Unlock()
		if c := m.counts.confirmations; c[confirmed] != 1 || c[undecided] != 0 || len(m.confirms) != 0 {
			t.Errorf("confirmations %v, %d to come", c, len(m.confirms))
		}
	})
}

// The first turns of an endpoint may come in quick succession, which is one look and no confirmation.
func TestTurnRightAfterAFailureConfirmsNothing(t *testing.T) {
	list := targets(1)
	for _, tt := range []struct {
		after      time.Duration
		confirming bool
		found      reason.Reason
		outcome    reason.Outcome
		doubted    bool
		fails      uint64
	}{
		{700 * time.Millisecond, false, reason.ConnectRefused, reason.Unknown, true, 2},
		{4 * time.Second, false, reason.ConnectRefused, reason.Unknown, true, 2},
		{6 * time.Second, false, reason.ConnectRefused, reason.Fail, false, 2},
		{700 * time.Millisecond, true, reason.ConnectRefused, reason.Fail, false, 1}, // by a clock that was set
		{700 * time.Millisecond, false, reason.None, reason.OK, false, 1},
	} {
		m, _ := monitorOf(t, list, func(c *Config) { c.Confirm = true })
		feed(t, m, vouched(badObservation(list[0], epoch, reason.ConnectRefused)))
		e := m.list.Load().byID[list[0].Endpoint.ID]
		if tt.confirming && !e.beginConfirming() {
			t.Fatal("nothing is to be confirmed")
		}
		m.running.Store(true) // and the confirmation was due while the turn ran, and gave way
		o := okObservation(list[0], epoch.Add(tt.after))
		if tt.found != reason.None {
			o = vouched(badObservation(list[0], epoch.Add(tt.after), tt.found))
		}
		feed(t, m, o)
		if s := m.Statuses()[0]; s.Outcome != tt.outcome || (s.Confirming != nil) != tt.doubted || s.Probes["fail"] != tt.fails {
			t.Errorf("after %v: %v, in doubt %v, %d failures; want %v, %v, %d", tt.after, s.Outcome, s.Confirming != nil, s.Probes["fail"], tt.outcome, tt.doubted, tt.fails)
		}
		if e.asked != tt.doubted {
			t.Errorf("after %v: to be confirmed: %v, want %v", tt.after, e.asked, tt.doubted)
		}
	}
}
