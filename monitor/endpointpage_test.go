package monitor

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/history"
	"prober/limit"
	"prober/probe"
	"prober/probe/reason"
)

func TestEndpointPage(t *testing.T) {
	m, _ := lived(t, nil)
	golden(t, "endpoint.html", get(t, m, "/endpoints/ecs/cn-hangzhou/public?span=30d").Body.Bytes())
}

func TestEndpointPageSaysHowItIs(t *testing.T) {
	x := testTarget()
	tests := []struct {
		name   string
		change func(*probe.Target)
		feed   []reason.Reason
		later  time.Duration
		want   []string
	}{
		{"not probed", nil, nil, 0, []string{" has not been probed yet</h1>", "<p>Not probed yet.</p>", "None is known.", "not known</strong> of 24 hours", "there is no result", "prober check --tls-versions " + x.Endpoint.ID}},
		{"up", nil, []reason.Reason{reason.None}, 0, []string{" is up</h1>", "100 %</strong> of 24 hours", "None since <time", "chain: 49 days left"}},
		{"down", nil, []reason.Reason{reason.ConnectTimeout}, 0, []string{" is down: connect/timeout</h1>", "0 %</strong> of 24 hours", "<details open><summary>Whose fault"}},
		{"not decided", nil, []reason.Reason{reason.ProberResolverUnavailable}, 0, []string{"It cannot be told how ", "not known</strong>", "no result could tell"}},
		{"long ago", nil, []reason.Reason{reason.None}, time.Hour, []string{`<h1 class="unknown"><span aria-hidden="true">○</span> ` + x.Endpoint.ID + " was up when it was last probed</h1>", "icon/unknown.svg", "○ was ok since 2026-03-01 08:00:00 UTC.", "which is too long ago"}},
		{"closed", func(x *probe.Target) { x.Endpoint.Lifecycle = catalog.Closed }, []reason.Reason{reason.None}, 0, []string{" is up (closed: it does not count)</h1>", `<span class="tag">closed</span> It does not count.`}},
		{"without TLS", func(x *probe.Target) { x.Scheme = catalog.HTTP }, nil, 0, []string{"probed over plain HTTP, so it shows none", "over plain HTTP, without TLS."}},
		{"of kind tcp", func(x *probe.Target) { x.Scheme = catalog.SchemeTCP }, nil, 0, []string{"probed over TCP, so it shows none", "over TCP, without TLS."}},
		{"of kind dns", func(x *probe.Target) { x.Scheme = catalog.SchemeDNS }, nil, 0, []string{"probed over DNS, so it shows none", "over DNS, without TLS."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := testTarget()
			if tt.change != nil {
				tt.change(&x)
			}
			m, c := monitorOf(t, []probe.Target{x}, nil)
			for i, r := range tt.feed {
				o := okObservation(x, epoch.Add(time.Duration(i)*time.Minute))
				if r != reason.None {
					o = badObservation(x, o.Started, r)
				}
				feed(t, m, o)
			}
			c.Advance(time.Second + tt.later)
			body := get(t, m, "/endpoints/"+x.Endpoint.ID).Body.String()
			for _, want := range tt.want {
				if !strings.Contains(body, want) && !strings.Contains(withoutTags(body), want) {
					t.Errorf("%q is not in\n%s", want, body)
				}
			}
		})
	}
}

// Each incident has an address of its own, and pages lead to all of them.
func TestEveryIncidentHasAPlace(t *testing.T) {
	m, _ := lived(t, nil)
	const path = "/endpoints/ecs/cn-hangzhou/public"
	all, _ := m.History().Incidents(history.Query{Endpoint: "ecs/cn-hangzhou/public"})
	if len(all) <= limit.WebEpisodes {
		t.Fatalf("%d incidents are too few", len(all))
	}
	seen := map[string]bool{}
	anchors := regexp.MustCompile(`<li id="(incident-[0-9]+)"`)
	older := regexp.MustCompile(`<a href="(\?[^"]*)#incidents">Older</a>`)
	for query := ""; ; {
		body := get(t, m, path+query).Body.String()
		wellFormed(t, body)
		for _, a := range anchors.FindAllStringSubmatch(body, -1) {
			if seen[a[1]] {
				t.Errorf("%s is on two pages", a[1])
			}
			seen[a[1]] = true
		}
		next := older.FindStringSubmatch(body)
		if next == nil {
			break
		}
		query = strings.ReplaceAll(next[1], "&amp;", "&")
	}
	if len(seen) != len(all) {
		t.Errorf("the pages have %d of %d incidents", len(seen), len(all))
	}
	last := all[len(all)-1]
	body := get(t, m, fmt.Sprintf("%s?incident=%d", path, last.ID)).Body.String()
	if want := fmt.Sprintf(`<li id="incident-%d">`, last.ID); !strings.Contains(body, want) || !strings.Contains(body, "<details open>") {
		t.Errorf("%s is not there, or folded", want)
	}
	if w := get(t, m, fmt.Sprintf("/endpoints/kms/cn-hangzhou/public?incident=%d", last.ID)); w.Code != 404 {
		t.Errorf("the incident of another endpoint is shown: %d", w.Code)
	}
}

func TestWireTextIsEscapedOnTheEndpointPage(t *testing.T) {
	x := testTarget()
	evil := "<script>alert(1)</script>\"><img src=x onerror=alert(1)>\u202egnp.exe"
	m, _ := monitorOf(t, []probe.Target{x}, func(c *Config) {
		c.RegionName = func(catalog.Endpoint) string { return evil }
		c.Speaker.Vantage = evil
	})
	o := badObservation(x, epoch, reason.TLSCertHostname)
	o.Detail, o.Reproduce = evil, evil
	o.Addresses[0].Detail = evil
	for i := range o.Addresses[0].TLS.Certificates {
		o.Addresses[0].TLS.Certificates[i].Subject = evil
	}
	feed(t, m, o)
	for _, path := range []string{"/endpoints/" + x.Endpoint.ID, "/incidents.atom", "/api/v1/incidents", fmt.Sprintf("/api/v1/incidents/%d", epoch.UnixMilli())} {
		body := get(t, m, path).Body.String()
		if strings.Contains(body, "\u202e") || !strings.Contains(body, `\u202egnp.exe`) {
			t.Errorf("%s hides what it shows:\n%s", path, body)
		}
		if strings.HasPrefix(path, "/endpoints") {
			if counts := wellFormed(t, body); counts["script"] != 1 || counts["img"] != 0 {
				t.Errorf("text became elements: %v", counts)
			}
		}
	}
}

// However much there is, a page stays within what a phone loads at once.
func TestEndpointPageIsBounded(t *testing.T) {
	m, _ := lived(t, nil)
	for _, span := range []string{"24h", "7d", "30d", "90d"} {
		if n := get(t, m, "/endpoints/ecs/cn-hangzhou/public?span="+span).Body.Len(); n > 200<<10 {
			t.Errorf("%s: %d bytes", span, n)
		}
	}
}

// withoutTags is the text of a page as somebody copies it.
func withoutTags(page string) string {
	return html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(page, ""))
}

// Whoever copies a command from a page gets it as it is, whatever the page does so that it does not break within words.
func TestCommandsAreCopiedWhole(t *testing.T) {
	const command = "curl -gsS  --path-as-is --noproxy '*' -H 'User-Agent: prober' 'https://ecs.example.com/?A=<b>&B=\"c-d\"'"
	x := testTarget()
	m, c := monitorOf(t, []probe.Target{x}, nil)
	for range 3 {
		o := badObservation(x, c.Now(), reason.VerifyNotAPI)
		o.Reproduce = command
		feed(t, m, o)
		c.Advance(time.Minute)
	}
	for path, want := range map[string]int{"/": 2, "/endpoints/" + testID: 2} {
		body := get(t, m, path).Body.String()
		if got := strings.Count(withoutTags(body), command); got != want || strings.Count(body, `<code class="command">curl <span>-gsS</span>  <span>`) != want {
			t.Errorf("%s has the command %d times, want %d", path, got, want)
		}
	}
}
