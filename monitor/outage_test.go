package monitor

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"prober/monitor/page"
	"prober/monitor/view"
	"prober/probe/reason"
)

// Wherever the length of an outage is told, it is told how much of it is unknown, and the outage has one beginning.
func TestOutageSaysWhatIsUnknown(t *testing.T) {
	list := targets(2)
	id := list[0].Endpoint.ID
	m, c := monitorOf(t, list, nil)
	for minute := range 15 {
		at := epoch.Add(time.Duration(minute) * time.Minute)
		c.Advance(at.Sub(c.Now()))
		feed(t, m, okObservation(list[1], at))
		why := reason.ConnectTimeout
		if minute >= 5 && minute < 8 {
			why = reason.ProberPrivateNetwork
		}
		feed(t, m, badObservation(list[0], at, why))
		if minute == 7 {
			if body := get(t, m, "/").Body.String(); !strings.Contains(body, "; 1 was down when that could last be told") {
				t.Error("the headline does not tell of what was down before")
			}
			page := get(t, m, "/endpoints/"+id).Body.String()
			if want := "before, since <time datetime=\"2026-03-01T08:00:00Z\">"; !strings.Contains(page, want) {
				t.Errorf("the page lacks %q", want)
			}
			if want := "</time>, not known since <time datetime=\"2026-03-01T08:05:00Z\">2026-03-01 08:05:00 UTC</time> (7 min, of which 2 min unknown (prober/private_network))"; !strings.Contains(page, want) {
				t.Errorf("while nothing can be told the page lacks %q", want)
			}
		}
	}
	const length = "14 min, of which 3 min unknown"
	began := epoch.Format("2006-01-02 15:04:05 UTC")
	for path, wants := range map[string][]string{
		"/": {began + "</time> (" + length + ")."},
		"/endpoints/" + id: {
			began + "</time> (" + length + "): <code>connect/timeout</code>.",
			began + "</time> (" + length + " (prober/private_network)): <code>connect/timeout</code>",
		},
	} {
		page := get(t, m, path).Body.String()
		for _, want := range wants {
			if !strings.Contains(page, want) {
				t.Errorf("%s lacks %q", path, want)
			}
		}
		if strings.Contains(page, "Since <time datetime=\"2026-03-01T08:08") {
			t.Errorf("%s tells of a second beginning", path)
		}
	}
	var s view.Status
	if err := json.Unmarshal(get(t, m, "/api/v1/endpoints/"+id).Body.Bytes(), &struct {
		*view.Status
		Addresses any `json:"addresses"` // which are only written
	}{Status: &s}); err != nil || s.UnknownSeconds != 180 || !s.Since.Equal(epoch) {
		t.Errorf("%v: since %v, %v s unknown", err, s.Since, s.UnknownSeconds)
	}
	c.Advance(time.Minute)
	feed(t, m, okObservation(list[0], c.Now()))
	f := readFeed(t, m, "/incidents.atom")
	if want := id + " was down for 15 min, of which 3 min unknown: connect/timeout"; len(f.Entries) != 1 || f.Entries[0].Title != want {
		t.Errorf("the feed has %+v; want %q", f.Entries, want)
	}
	var all page.IncidentList
	if err := json.Unmarshal(get(t, m, "/api/v1/incidents").Body.Bytes(), &all); err != nil || len(all.Incidents) != 1 {
		t.Fatal(err, len(all.Incidents))
	}
	x := all.Incidents[0]
	if got := fmt.Sprint(x.DurationSeconds, x.DownSeconds, x.UnknownSeconds, x.NotProbedSeconds, len(x.Unknown), x.Unknown[0].Word); got != "900 720 180 0 1private_network" {
		t.Errorf("the JSON says %s", got)
	}
}
