package monitor

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"prober/monitor/fixture"
	"prober/needs"
	"prober/probe"
	"prober/probe/reason"
)

// serveFaults probes every endpoint as a running Monitor does, and returns the results that it counted, by
// the endpoint's id: the one with the documented reason, if it came, else the first. An endpoint that
// does not show its fault is called again, and then with more time: the first failures of a list may be
// taken for its network's, and a short wait ends in an earlier phase on a busy machine.
func serveFaults(t *testing.T, f *fixture.FaultCloud) map[string]probe.Observation {
	t.Helper()
	var mu sync.Mutex
	soon := 500 * time.Millisecond
	hasty, patient := f.Prober(soon), f.Prober(20*time.Second)
	slow, waiting := map[string]bool{}, map[string]bool{}
	documented, shown := map[string]reason.Reason{}, map[string]probe.Observation{}
	for i, x := range f.Targets {
		id := x.Endpoint.ID
		slow[id], waiting[id], documented[id] = fixture.WaitsFor(f.Faults[i]), true, f.Faults[i].Reason
	}
	settled := make(chan struct{}, 1)
	m, err := New(Config{
		Targets: f.Targets, Interval: time.Hour, Now: f.Now,
		Prober: proberFunc(func(ctx context.Context, x probe.Target) probe.Observation {
			mu.Lock()
			p := patient
			if slow[x.Endpoint.ID] {
				p = hasty
			}
			mu.Unlock()
			return p.Probe(ctx, x)
		}),
		OnResult: func(o probe.Observation) {
			mu.Lock()
			defer mu.Unlock()
			if o.Reason == documented[o.Endpoint.ID] || shown[o.Endpoint.ID].Started.IsZero() {
				shown[o.Endpoint.ID] = o
			}
			if waiting[o.Endpoint.ID] {
				delete(waiting, o.Endpoint.ID)
				if len(waiting) == 0 {
					settled <- struct{}{}
				}
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	deeper := func(list []*endpoint) {
		for _, e := range list {
			e.mu.Lock()
			e.nextSlow = 0
			e.mu.Unlock()
		}
	}
	deeper(m.list.Load().endpoints)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = m.Run(ctx)
	}()
	defer func() {
		stop()
		<-ended
	}()
	// What fails is held until others tell whose it is, and a busy machine leaves those open who are called for that.
	var witnesses []*endpoint
	for id, want := range documented {
		if want.Phase() == reason.Verify && len(witnesses) < 10 {
			witnesses = append(witnesses, m.list.Load().byID[id])
		}
	}
	tell := time.NewTicker(5 * time.Second)
	defer tell.Stop()
	for round := range 8 {
		for done := false; !done; {
			select {
			case <-settled:
				done = true
			case <-tell.C:
				m.call(witnesses)
			}
		}
		var missed, answer []*endpoint
		mu.Lock()
		for id, want := range documented {
			switch e := m.list.Load().byID[id]; {
			case shown[id].Reason != want:
				missed = append(missed, e)
				waiting[id] = true
			case want.Phase() == reason.Verify && len(answer) < 10:
				answer = append(answer, e)
			}
		}
		if round > 0 && soon < 8*time.Second {
			soon *= 4
			hasty = f.Prober(soon)
		}
		mu.Unlock()
		if len(missed) == 0 {
			break
		}
		deeper(missed)
		m.call(slices.Concat(answer, missed))
	}
	mu.Lock()
	defer mu.Unlock()
	return shown
}

// Every fault of the sandbox, all in one list, is shown with its documented phase and reason by a running
// Monitor.
func TestFaultsAreShown(t *testing.T) {
	needs.Patience(t, "starts every fault there is")
	t.Parallel()
	f := fixture.NewFaultCloud(t, fixture.InForce())
	shown := serveFaults(t, f)
	for i, x := range f.Targets {
		if s := shown[x.Endpoint.ID]; s.Reason != f.Faults[i].Reason {
			t.Errorf("%s at %s: want %s, got %s: %s", f.Faults[i].Name, x.Endpoint.ID, f.Faults[i].Reason, s.Reason, s.Detail)
		}
	}
}
