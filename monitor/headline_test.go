package monitor

import (
	"strings"
	"testing"

	"prober/probe"
	"prober/probe/reason"
)

// What cannot be told does not look well, unless somebody has arranged for that; nor does what is told
// too late.
func TestTheFirstLineLooksWellOnlyWhereAllIsKnown(t *testing.T) {
	for _, tt := range []struct {
		name       string
		results    []reason.Reason
		overloaded bool
		want       string
	}{
		{"all up", []reason.Reason{reason.None, reason.None, reason.None}, false, "● All 3 active endpoints are up"},
		{"starting", []reason.Reason{reason.None, reason.None}, false, "○ 2 of 3 active endpoints are up, 1 is not probed yet"},
		{"clock off", []reason.Reason{reason.ProberClock, reason.None, reason.ProberClock}, false, "○ 1 of 3 active endpoints is up, 2 are unknown"},
		{"maintenance", []reason.Reason{reason.None, reason.ProberMaintenance, reason.None}, false, "● 2 of 3 active endpoints are up, 1 is in maintenance"},
		{"private network", []reason.Reason{reason.None, reason.ProberPrivateNetwork, reason.None}, false, "● 2 of 3 active endpoints are up, 1 is unknown"},
		{"both", []reason.Reason{reason.None, reason.ProberMaintenance, reason.ProberLimit}, false, "○ 1 of 3 active endpoints is up, 2 are unknown"},
		{"overloaded at the start", []reason.Reason{reason.None, reason.None}, true, "○ The prober is overloaded; 2 of 3 active endpoints are up, 1 is not probed yet"},
		{"overloaded", []reason.Reason{reason.None, reason.None, reason.None}, true, "○ The prober is overloaded; all 3 active endpoints are up"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			list := targets(3)
			m, _ := monitorOf(t, list, nil)
			for i, r := range tt.results {
				o := okObservation(list[i], epoch)
				if r != reason.None {
					o = badObservation(list[i], epoch, r)
				}
				feed(t, m, o)
			}
			if tt.overloaded {
				m.mu.Lock()
				m.overload(overloadedLate)
				m.mu.Unlock()
			}
			if headline, _ := toldBy(t, m, "/"); headline != tt.want {
				t.Errorf("%q, want %q", headline, tt.want)
			}
			if b := get(t, m, "/badges/state.svg").Body.String(); strings.Contains(b, `fill="#116329"`) != strings.HasPrefix(tt.want, "●") {
				t.Errorf("the badge is\n%s", b)
			}
		})
	}
}

// A row in maintenance says so while it is up as well, and a filter that nothing fits says so once.
func TestRowsAndFilterSayItOnce(t *testing.T) {
	x := upkept()
	m, _ := monitorOf(t, []probe.Target{x}, nil)
	feed(t, m, okObservation(x, epoch))
	if body := get(t, m, "/").Body.String(); strings.Count(body, `<span class="tag">maintenance</span>`) != 1 {
		t.Error("the row does not tell of the maintenance")
	}
	if body := get(t, m, "/?text=nowhere").Body.String(); strings.Count(body, "the filter.") != 1 || !strings.Contains(body, "No endpoint of 1 fits the filter.") {
		t.Errorf("not once:\n%s", body)
	}
}
