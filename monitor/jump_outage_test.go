package monitor

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/history"
	"prober/probe"
	"prober/probe/reason"
)

// A wall clock that is set back, or on, while an outage is open, or within maintenance, makes no second outage, no
// length below nothing, and no failure of what does not count.
func TestTheWallClockJumpsWithinAnOutage(t *testing.T) {
	for _, by := range []time.Duration{-3 * time.Hour, -30 * time.Second, 40 * time.Minute, 400 * 24 * time.Hour, -1000 * 24 * time.Hour} {
		list := targets(2)
		from, to := epoch, epoch.Add(time.Hour)
		list[1].Own = &probe.Own{Maintenance: catalog.CalendarOf([]catalog.Window{{From: &from, To: &to, Why: "moving"}})}
		var steady time.Duration
		m, c := monitorOf(t, list, func(c *Config) { c.Elapsed = func() time.Duration { return steady } })
		pass := func(why reason.Reason, minutes int) {
			for range minutes {
				steady += time.Minute
				c.Advance(time.Minute)
				down := okObservation(list[0], c.Now())
				if why != reason.None {
					down = badObservation(list[0], c.Now(), why)
				}
				feed(t, m, down)
				feed(t, m, badObservation(list[1], c.Now(), reason.ProberMaintenance))
			}
		}
		pass(reason.None, 3)
		pass(reason.ConnectTimeout, 5)
		c.Advance(by)
		pass(reason.ConnectTimeout, 5)
		pages := get(t, m, "/").Body.String() + get(t, m, "/endpoints/"+list[0].Endpoint.ID).Body.String() + get(t, m, "/api/v1/incidents").Body.String() + get(t, m, "/incidents.atom").Body.String()
		pass(reason.None, 3)
		pages += get(t, m, "/endpoints/"+list[0].Endpoint.ID).Body.String() + get(t, m, "/api/v1/incidents").Body.String()
		if below := regexp.MustCompile(`(?:\(|[>": ])-\d+(?:\.\d+)? ?(?:ms|s|min|h|d)\b|_seconds": ?-`).FindString(pages); below != "" {
			t.Errorf("by %v: a length below nothing: %q", by, below)
		}
		found, _ := m.remembered.Incidents(history.Query{})
		if len(found) != 1 || found[0].Open() || found[0].Failed != 10 {
			t.Errorf("by %v: %+v", by, found)
		}
		text := expose(t, m)
		for i, counted := range []map[string]int{{"ok": 6, "fail": 10, "unknown": 0}, {"ok": 0, "fail": 0, "unknown": 16}} {
			e := list[i].Endpoint
			for outcome, n := range counted {
				if want := fmt.Sprintf(`endpoint_probes_total{host=%q,lifecycle="active",network="public",outcome=%q,product=%q,region=%q} %d`, e.Host, outcome, e.Product, e.Region, n); !strings.Contains(text, want+"\n") {
					t.Errorf("by %v: the metrics lack %s", by, want)
				}
			}
		}
	}
}
