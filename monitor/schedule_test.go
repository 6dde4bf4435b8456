package monitor

import (
	"fmt"
	"testing"
	"time"
)

// endpointsNamed makes endpoints that have nothing but ids.
func endpointsNamed(n int) []*endpoint {
	list := make([]*endpoint, n)
	for i := range list {
		list[i] = &endpoint{id: fmt.Sprintf("product/region-%d/public", i)}
	}
	return list
}

// drive asks s at every tick over a span of time and collects what is started when.
func drive(s *schedule, from time.Time, span time.Duration) (starts map[*endpoint][]time.Time, order []*endpoint) {
	starts = map[*endpoint][]time.Time{}
	for now := from; !now.After(from.Add(span)); now = now.Add(tick) {
		s.due(now, func(e *endpoint, due time.Time) {
			starts[e] = append(starts[e], due)
			order = append(order, e)
		})
	}
	return starts, order
}

func TestEveryEndpointHasOneTurnAnInterval(t *testing.T) {
	s := schedule{interval: time.Minute}
	list := endpointsNamed(200)
	s.set(list, nil, epoch, 0)
	starts, _ := drive(&s, epoch, 10*time.Minute)
	for _, e := range list {
		if n := len(starts[e]); n != 10 {
			t.Fatalf("%s was started %d times in ten intervals", e.id, n)
		}
		for i := 1; i < len(starts[e]); i++ {
			if d := starts[e][i].Sub(starts[e][i-1]); d != time.Minute {
				t.Errorf("%s: %v between turns %d and %d", e.id, d, i-1, i)
			}
		}
	}
}

func TestTurnsAreSpreadOverTheInterval(t *testing.T) {
	s := schedule{interval: time.Minute}
	s.set(endpointsNamed(6000), nil, epoch, 0)
	perSecond := map[int64]int{}
	for now := epoch; now.Before(epoch.Add(time.Minute)); now = now.Add(tick) {
		s.due(now, func(*endpoint, time.Time) { perSecond[now.Unix()]++ })
	}
	for second := epoch.Unix(); second < epoch.Unix()+60; second++ {
		if n := perSecond[second]; n < 60 || n > 140 {
			t.Errorf("%d of 6000 endpoints start in second %d, want about 100", n, second-epoch.Unix())
		}
	}
}

func TestAnEndpointKeepsItsPlaceOverRestarts(t *testing.T) {
	list := endpointsNamed(10)
	first := schedule{interval: time.Minute}
	first.set(list, nil, epoch, 0)
	before, _ := drive(&first, epoch, time.Minute)
	again := schedule{interval: time.Minute}
	restart := epoch.Add(17*time.Minute + 23*time.Second)
	again.set(list, nil, restart, 0)
	after, _ := drive(&again, restart, time.Minute)
	for _, e := range list {
		if d := after[e][0].Sub(before[e][0]) % time.Minute; d != 0 {
			t.Errorf("%s moved by %v", e.id, d)
		}
	}
}

func TestANewScheduleDoesNotMakeUpForThePast(t *testing.T) {
	s := schedule{interval: time.Minute}
	middle := epoch.Add(30 * time.Second)
	s.set(endpointsNamed(500), nil, middle, 0)
	s.due(middle, func(e *endpoint, due time.Time) { t.Fatalf("%s is started at once, due at %v", e.id, due) })
	if _, order := drive(&s, middle, time.Minute); len(order) != 500 {
		t.Errorf("%d turns in the next interval, want 500", len(order))
	}
}

func TestNewEndpointsGetAnEarlyTurn(t *testing.T) {
	s := schedule{interval: time.Hour}
	list := endpointsNamed(20)
	s.set(list, list, epoch, time.Second)
	starts, order := drive(&s, epoch, time.Second)
	if len(order) < 20 {
		t.Fatalf("%d of 20 endpoints were started within a second", len(order))
	}
	for _, e := range list {
		if len(starts[e]) == 0 {
			t.Errorf("%s waits for its regular turn", e.id)
		}
	}
	if next, ok := s.next(); !ok || next.Before(epoch.Add(time.Second)) {
		t.Errorf("next turn at %v, %v", next, ok)
	}
}

func TestAReloadKeepsEarlyTurnsThatAreStillToCome(t *testing.T) {
	s := schedule{interval: time.Hour}
	list := endpointsNamed(4)
	s.set(list, list, epoch, 8*time.Second)
	var started []*endpoint
	note := func(e *endpoint, _ time.Time) { started = append(started, e) }
	s.due(epoch, note)
	removed := s.early[0].endpoint
	var kept []*endpoint
	for _, e := range list {
		if e != removed {
			kept = append(kept, e)
		}
	}
	s.set(kept, nil, epoch.Add(time.Second), 0)
	s.due(epoch.Add(8*time.Second), note)
	if len(started) != 3 {
		t.Errorf("%d early turns, want 3", len(started))
	}
	for _, e := range started {
		if e == removed {
			t.Errorf("%s was removed and started all the same", e.id)
		}
	}
}

func TestAfterALongStandstillRoundsAreCountedNotMadeUpFor(t *testing.T) {
	s := schedule{interval: time.Minute}
	list := endpointsNamed(50)
	s.set(list, nil, epoch, 0)
	started := 0
	missed := s.due(epoch.Add(10*time.Minute), func(*endpoint, time.Time) { started++ })
	if missed == 0 || missed%50 != 0 || started > 50 || missed+started != 500 {
		t.Errorf("missed %d and started %d, want whole rounds missed, at most one started, and 500 together", missed, started)
	}
	if next, _ := s.next(); !next.After(epoch.Add(10*time.Minute)) || next.After(epoch.Add(11*time.Minute)) {
		t.Errorf("next turn at %v", next)
	}
}

func TestAnEmptyScheduleHasNothingToDo(t *testing.T) {
	s := schedule{interval: time.Minute}
	s.set(nil, nil, epoch, 0)
	if _, ok := s.next(); ok {
		t.Error("there is a next turn")
	}
	if missed := s.due(epoch.Add(time.Hour), func(*endpoint, time.Time) { t.Error("something was started") }); missed != 0 {
		t.Errorf("missed %d", missed)
	}
}

func TestSleepLastsToTheEndOfTheTick(t *testing.T) {
	for _, tt := range []struct{ until, want time.Duration }{
		{-time.Second, tick}, {0, tick}, {3 * time.Millisecond, tick}, {25 * time.Millisecond, 3 * tick}, {time.Second, time.Second + tick},
	} {
		if got := sleep(epoch, epoch.Add(tt.until)); got != tt.want {
			t.Errorf("sleep until %v = %v, want %v", tt.until, got, tt.want)
		}
	}
}

func TestSlowTurns(t *testing.T) {
	for _, every := range []int{1, 2, 10, 60} {
		places := map[int64]int{}
		for _, e := range endpointsNamed(600) {
			first := slowTurn(e.id, every, -1)
			if first < 0 || first >= min(int64(every), 10) {
				t.Fatalf("every %d: first slow turn of %s is %d", every, e.id, first)
			}
			second := slowTurn(e.id, every, first)
			third := slowTurn(e.id, every, second)
			if d := second - first; d < int64(every+1)/2 || d > int64(every)*3/2 {
				t.Errorf("every %d: slow turns of %s at %d and %d", every, e.id, first, second)
			}
			if third-second != int64(every) {
				t.Errorf("every %d: slow turns of %s at %d and %d", every, e.id, second, third)
			}
			places[third%int64(every)]++
		}
		if len(places) != every {
			t.Errorf("every %d: slow turns fall on %d places only", every, len(places))
		}
	}
}

func BenchmarkIdleTick(b *testing.B) {
	s := schedule{interval: time.Hour}
	s.set(endpointsNamed(100_000), nil, epoch, 0)
	now := epoch
	for b.Loop() {
		s.due(now, func(*endpoint, time.Time) {})
	}
}

func BenchmarkScheduleRound(b *testing.B) {
	const n = 100_000
	s := schedule{interval: time.Minute}
	s.set(endpointsNamed(n), nil, epoch, 0)
	now, started := epoch, 0
	for b.Loop() {
		now = now.Add(tick)
		s.due(now, func(*endpoint, time.Time) { started++ })
	}
	b.ReportMetric(float64(started)/float64(b.N), "started/tick")
}
