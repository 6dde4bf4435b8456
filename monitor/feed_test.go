package monitor

import (
	"encoding/xml"
	"net/url"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/limit"
	"prober/monitor/phrase"
	"prober/probe"
	"prober/probe/reason"
)

// readFeed reads a feed and holds it against what RFC 4287 asks for.
func readFeed(t *testing.T, m *Monitor, path string) feedRead {
	t.Helper()
	var f feedRead
	if err := xml.Unmarshal(get(t, m, path).Body.Bytes(), &f); err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	check := func(id string, updated time.Time, links []readLink) {
		if u, err := url.Parse(id); err != nil || u.Scheme != "tag" || ids[id] {
			t.Errorf("the id %q is none, or there twice: %v", id, err)
		}
		ids[id] = true
		if updated.IsZero() || len(links) == 0 {
			t.Errorf("%s: updated %v, links %v", id, updated, links)
		}
	}
	check(f.ID, f.Updated, f.Links)
	for _, e := range f.Entries {
		check(e.ID, e.Updated, e.Links)
		if e.Title == "" || e.Updated.Before(e.Published) || e.Updated.After(f.Updated) {
			t.Errorf("entry %+v of a feed of %v", e, f.Updated)
		}
	}
	return f
}

// feedRead is what readers find in a feed.
type feedRead struct {
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle"`
	Author   string      `xml:"author>name"`
	Updated  time.Time   `xml:"updated"`
	Links    []readLink  `xml:"link"`
	Entries  []readEntry `xml:"entry"`
}

type readEntry struct {
	ID        string     `xml:"id"`
	Title     string     `xml:"title"`
	Published time.Time  `xml:"published"`
	Updated   time.Time  `xml:"updated"`
	Links     []readLink `xml:"link"`
	Content   readText   `xml:"content"`
}

type readLink struct {
	Href string `xml:"href,attr"`
}

type readText struct {
	Text string `xml:",chardata"`
}

func TestFeed(t *testing.T) {
	m, _ := lived(t, nil)
	f := readFeed(t, m, "/incidents.atom")
	if len(f.Entries) != 14 {
		t.Fatalf("%d entries", len(f.Entries))
	}
	open, over := f.Entries[0], f.Entries[1]
	if open.Title != "ecs/cn-hangzhou/public is down: tls/cert_expired" || !strings.Contains(open.Content.Text, "Usually the endpoint's fault.\nWhat to do: ") || !strings.Contains(open.Content.Text, "See for yourself: openssl ") {
		t.Errorf("%+v", open)
	}
	if over.Title != "ecs/cn-hangzhou/public was down for 1 h: connect/timeout" || over.Updated.Equal(over.Published) {
		t.Errorf("%+v", over)
	}
	if want := "endpoints/ecs/cn-hangzhou/public?incident="; !strings.HasPrefix(open.Links[0].Href, want) {
		t.Errorf("the link %q does not lead to the incident", open.Links[0].Href)
	}
	// The same story told by another process has the same ids, and by a prober elsewhere others.
	again, _ := lived(t, nil)
	elsewhere, _ := lived(t, func(c *Config) { c.Speaker.Vantage = "Tokyo 東京" })
	if g := readFeed(t, again, "/incidents.atom"); g.ID != f.ID || g.Entries[5].ID != f.Entries[5].ID {
		t.Errorf("%q became %q", f.Entries[5].ID, g.Entries[5].ID)
	}
	if g := readFeed(t, elsewhere, "/incidents.atom"); g.ID == f.ID || g.Entries[5].ID == f.Entries[5].ID {
		t.Errorf("another prober has the id %q too", g.Entries[5].ID)
	}
	if g := readFeed(t, m, "/incidents.atom?endpoint=kms/cn-hangzhou/public"); len(g.Entries) != 0 || g.ID == f.ID {
		t.Errorf("of an endpoint that is well: %+v", g)
	}
}

// What cannot be told is not told: an outage of which nobody knows whether it goes on is not told to go on.
func TestFeedOfWhatCannotBeTold(t *testing.T) {
	x := testTarget()
	m, c := monitorOf(t, []probe.Target{x}, nil)
	for _, step := range []struct {
		is          reason.Reason
		title, text string
	}{
		{reason.VerifyServerError, " is down: verify/server_error", "Down since 2026-03-01 08:00:00 UTC.\n"},
		{reason.ProberLimit, " was down when that could last be told: verify/server_error", "Down since 2026-03-01 08:00:00 UTC. Since 2026-03-01 08:01:00 UTC it cannot be told whether it still is.\n"},
		{reason.VerifyServerError, " is down: verify/server_error", "Down since 2026-03-01 08:00:00 UTC.\n"},
		{reason.None, " was down for 3 min, of which 1 min unknown: verify/server_error", "Down from 2026-03-01 08:00:00 UTC to 2026-03-01 08:03:00 UTC (3 min, of which 1 min unknown (prober/limit)).\n"},
	} {
		o := okObservation(x, c.Now())
		if step.is != reason.None {
			o = badObservation(x, c.Now(), step.is)
		}
		feed(t, m, o)
		c.Advance(time.Second)
		e := readFeed(t, m, "/incidents.atom").Entries[0]
		if e.Title != x.Endpoint.ID+step.title || !strings.HasPrefix(e.Content.Text, step.text) {
			t.Errorf("after %v it is %q:\n%s", step.is, e.Title, e.Content.Text)
		}
		c.Advance(59 * time.Second)
	}
}

// What is closed alarms nobody who does not ask for it; and a feed does not grow without end.
func TestFeedLeavesOut(t *testing.T) {
	list := targets(2)
	list[1].Endpoint.Lifecycle = catalog.Closed
	m, c := monitorOf(t, list, nil)
	for i := range limit.WebFeed + 5 {
		at := epoch.Add(time.Duration(2*i) * time.Minute)
		c.Advance(at.Sub(c.Now()))
		for _, x := range list {
			feed(t, m, badObservation(x, at, reason.VerifyServerError))
			feed(t, m, okObservation(x, at.Add(time.Minute)))
		}
	}
	for path, want := range map[string]int{"/incidents.atom": limit.WebFeed, "/incidents.atom?endpoint=" + list[1].Endpoint.ID: limit.WebFeed} {
		f := readFeed(t, m, path)
		if len(f.Entries) != want {
			t.Errorf("%s: %d entries, want %d", path, len(f.Entries), want)
		}
		for _, e := range f.Entries {
			if path == "/incidents.atom" && strings.Contains(e.Title, list[1].Endpoint.ID) {
				t.Errorf("a closed endpoint alarms: %q", e.Title)
			}
		}
	}
}

func TestBadges(t *testing.T) {
	m, _ := lived(t, nil)
	for _, tt := range []struct{ path, want, title string }{
		{"ecs/cn-hangzhou/public/state.svg", ">fail<", "ecs/cn-hangzhou/public: fail (tls/cert_expired) since 2026-03-31 07:45:00 UTC, as of 2026-03-31 08:00:00 UTC"},
		{"kms/cn-hangzhou/public/state.svg", ">ok<", ""},
		{"ecs/cn-hangzhou/public/uptime.svg", ">94.346 %<", "94.346 % of 24 hours (16 of 283 results failed; 6 unknown left out)"},
		{"kms/cn-hangzhou/public/uptime.svg?span=90d", ">100 %<", "known since 2026-03-01 08:00:00 UTC"},
		{"ecs/cn-hangzhou/public/latency.svg", ">101 ms<", "522 answers in full"},
	} {
		text := get(t, m, "/badges/"+tt.path).Body.String()
		if !strings.Contains(text, tt.want) || !strings.Contains(text, tt.title) {
			t.Errorf("%s: %s, want %q and %q", tt.path, text, tt.want, tt.title)
		}
		if err := xml.Unmarshal([]byte(text), new(struct{})); err != nil {
			t.Errorf("%s: %v in %s", tt.path, err, text)
		}
	}
}

// What is not known is never shown as if it were.
func TestBadgesOfTheUnknown(t *testing.T) {
	x := testTarget()
	m, c := monitorOf(t, []probe.Target{x}, nil)
	for kind, want := range map[string]string{"state": ">not probed yet<", "uptime": ">not known<", "latency": ">not known<"} {
		if text := get(t, m, "/badges/"+x.Endpoint.ID+"/"+kind+".svg").Body.String(); !strings.Contains(text, want) || !strings.Contains(text, "#57606a") {
			t.Errorf("%s: %s, want %q", kind, text, want)
		}
	}
	feed(t, m, okObservation(x, epoch))
	c.Advance(time.Hour)
	if text := get(t, m, "/badges/"+x.Endpoint.ID+"/state.svg").Body.String(); !strings.Contains(text, ">not known<") || !strings.Contains(text, "too long ago") {
		t.Errorf("of long ago: %s", text)
	}
}

// Readers are told that a second probe failed too, and when, where one was waited for.
func TestFeedTellsOfConfirmation(t *testing.T) {
	x := testTarget()
	m, c := monitorOf(t, []probe.Target{x}, func(c *Config) { c.Confirm = true })
	feed(t, m, okObservation(x, epoch))
	c.Advance(time.Minute)
	feed(t, m, badObservation(x, c.Now(), reason.ConnectRefused))
	c.Advance(time.Minute)
	feed(t, m, badObservation(x, c.Now(), reason.ConnectRefused))
	want := "Confirmed by a further probe at " + phrase.Clock(c.Now())
	f := readFeed(t, m, "/incidents.atom")
	if len(f.Entries) != 1 || !strings.Contains(f.Entries[0].Content.Text, want) {
		t.Errorf("%+v, want %q", f.Entries, want)
	}
	if page := get(t, m, "/endpoints/"+x.Endpoint.ID).Body.String(); !strings.Contains(page, "Confirmed by a further probe at <time") {
		t.Error("the page does not say so")
	}
	if list := get(t, m, "/api/v1/incidents").Body.String(); !strings.Contains(list, `"confirmed": "`+c.Now().UTC().Format(time.RFC3339)) && !strings.Contains(list, `"confirmed":"`+c.Now().UTC().Format(time.RFC3339)) {
		t.Errorf("the JSON does not say so: %s", list)
	}
}
