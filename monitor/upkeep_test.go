package monitor

import (
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/probe"
	"prober/probe/reason"
)

// upkept is a target in maintenance from the epoch on, for an hour, which is probed at its own interval.
func upkept() probe.Target {
	x := testTarget()
	from, to := epoch, epoch.Add(time.Hour)
	x.Own = &probe.Own{
		Interval: 5 * time.Minute, Why: "an old host",
		Maintenance: catalog.CalendarOf([]catalog.Window{{From: &from, To: &to, Why: "moving"}}),
	}
	return x
}

// An endpoint in maintenance says so, and what fails counts neither way.
func TestMaintenanceIsTold(t *testing.T) {
	x := upkept()
	m, _ := monitorOf(t, []probe.Target{x}, nil)
	feed(t, m, badObservation(x, epoch, reason.ProberMaintenance))
	s, _ := m.Status(x.Endpoint.ID)
	if s.Maintenance == nil || s.Maintenance.Why != "moving" || s.Why != "an old host" || s.IntervalSeconds != 300 || len(s.Windows) != 1 {
		t.Errorf("%+v", s)
	}
	if text := expose(t, m); !strings.Contains(text, "\nendpoint_maintenance{") || strings.Contains(text, "\nendpoint_up{") || strings.Contains(text, "\nendpoint_failures_total{") {
		t.Error(text)
	}
}

// Endpoints have their turns at the intervals that their list says, the others at that of all.
func TestIntervalsOfTheirOwn(t *testing.T) {
	s := schedule{interval: time.Minute}
	list := endpointsNamed(6)
	list[0].interval, list[1].interval, list[2].interval = 10*time.Second, 10*time.Second, 5*time.Minute
	s.set(list, nil, epoch, 0)
	starts, _ := drive(&s, epoch, 10*time.Minute)
	for i, n := range []int{60, 60, 2, 10, 10, 10} {
		if got := len(starts[list[i]]); got != n {
			t.Errorf("%s was started %d times, want %d", list[i].id, got, n)
		}
	}
	for i := 1; i < len(starts[list[0]]); i++ {
		if d := starts[list[0]][i].Sub(starts[list[0]][i-1]); d != 10*time.Second {
			t.Errorf("%v between turns %d and %d", d, i-1, i)
		}
	}
	if next, any := s.next(); !any || next.Sub(epoch) > 10*time.Minute+10*time.Second {
		t.Errorf("the next turn is due at %v, %v", next, any)
	}
	slept := schedule{interval: time.Minute}
	slept.set(list, nil, epoch, 0)
	if missed := slept.due(epoch.Add(time.Hour), func(*endpoint, time.Time) {}); missed < 2*358+11+3*58 {
		t.Errorf("%d turns were missed in an hour", missed)
	}
}

// A result is old by the interval of its endpoint.
func TestStaleByItsOwnInterval(t *testing.T) {
	x := upkept()
	m, _ := monitorOf(t, []probe.Target{x, targets(2)[1]}, nil)
	e := m.list.Load().byID[x.Endpoint.ID]
	for after, old := range map[time.Duration]bool{4 * time.Minute: false, 14 * time.Minute: false, 16 * time.Minute: true} {
		if m.stale(e, epoch, epoch.Add(after)) != old {
			t.Errorf("after %v: old %v", after, !old)
		}
	}
}
