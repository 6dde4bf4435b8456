package monitor

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"prober/probe"
)

// The wall clock may be set to anything: turns come when they are due, none is missed or made up
// for, and no lateness is counted.
func TestTheWallClockMayJump(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var jump, probes atomic.Int64
		wall := func() time.Time { return time.Now().Round(0).Add(time.Duration(jump.Load())) }
		m, err := New(Config{
			Prober: proberFunc(func(_ context.Context, x probe.Target) probe.Observation {
				probes.Add(1)
				began := time.Now()
				time.Sleep(20 * time.Millisecond)
				o := okObservation(x, wall())
				o.Addresses[0].Phases.Total = time.Since(began)
				return o
			}),
			Targets: targets(50), Now: wall,
		})
		if err != nil {
			t.Fatal(err)
		}
		stop := started(m)
		defer stop()
		time.Sleep(time.Minute + time.Millisecond) // the early turns are over
		for _, by := range []time.Duration{time.Hour, -3 * time.Hour, 400 * 24 * time.Hour, -time.Second, -1000 * 24 * time.Hour} {
			jump.Add(int64(by))
			before := probes.Load()
			time.Sleep(5 * time.Minute)
			if n := probes.Load() - before; n != 250 {
				t.Errorf("after a jump by %v: %d probes in five minutes, want 250", by, n)
			}
		}
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.counts.missed != 0 || m.counts.overruns != 0 || m.overloaded() != notOverloaded {
			t.Errorf("missed %d, overruns %d, overloaded %q", m.counts.missed, m.counts.overruns, m.overloaded().words())
		}
		if late := m.lateness.Proto().GetSampleSum() / float64(m.lateness.Proto().GetSampleCount()); late > tick.Seconds()*1.1 {
			t.Errorf("lateness of %v s on average", late)
		}
	})
}
