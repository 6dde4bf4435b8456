package monitor

import (
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"prober/history"
	"prober/limit"
	"prober/monitor/view"
	"prober/needs"
	"prober/probe"
	"prober/probe/reason"
)

// TestStatusPageInBrowser looks at the page in Chromium, with axe-core: whether it can be read and
// operated by everybody, at a desk, on a phone and on paper, and does what it says, with its script
// and without. The checks are those of browsertest/look.mjs. With PROBER_SCREENSHOTS=DIR it leaves
// pictures there.
func TestStatusPageInBrowser(t *testing.T) {
	needs.Browser(t)
	small := httptest.NewServer(smallScene(t).Handler(nil))
	defer small.Close()
	long := httptest.NewServer(longScene(t).Handler(nil))
	defer long.Close()
	t.Log(lookAt(t, "look.mjs", 61, small.URL+"/", long.URL+"/"))
}

// TestEndpointPageInBrowser looks at the page of one endpoint in the same way, by
// browsertest/endpoint.mjs.
func TestEndpointPageInBrowser(t *testing.T) {
	needs.Browser(t)
	m, _ := lived(t, nil)
	server := httptest.NewServer(m.Handler(nil))
	defer server.Close()
	long := smallScene(t)
	other := httptest.NewServer(long.Handler(nil))
	defer other.Close()
	old, _ := m.History().Incidents(history.Query{Endpoint: "ecs/cn-hangzhou/public"})
	word := strings.Repeat("long-", 20)
	lookAt(t, "endpoint.mjs", 75, server.URL+"/endpoints/ecs/cn-hangzhou/public", other.URL+"/endpoints/kms/"+word+"/vpc",
		fmt.Sprintf("?incident=%d#incident-%[1]d", old[11].ID))
}

// TestStatesInBrowser looks at pages of which little or nothing is known.
func TestStatesInBrowser(t *testing.T) {
	needs.Browser(t)
	var pages []string
	add := func(m *Monitor, named ...string) {
		server := httptest.NewServer(m.Handler(nil))
		t.Cleanup(server.Close)
		for i := 0; i < len(named); i += 2 {
			pages = append(pages, named[i], server.URL+named[i+1])
		}
	}
	x := testTarget()
	fresh, _ := monitorOf(t, []probe.Target{x}, nil)
	add(fresh, "not-probed", "/", "endpoint-not-probed", "/endpoints/"+testID+"?span=30d")
	one, _ := monitorOf(t, []probe.Target{x}, nil)
	feed(t, one, okObservation(x, epoch))
	add(one, "one", "/", "nothing-fits", "/?text=nothing", "missing", "/endpoints/"+strings.Repeat("nowhere", 30))
	untold, _ := monitorOf(t, []probe.Target{x}, nil)
	feed(t, untold, badObservation(x, epoch, reason.ProberPrivateNetwork))
	add(untold, "all-unknown", "/", "endpoint-unknown", "/endpoints/"+testID)
	add(doubting(t), "now-and-then", "/", "endpoint-now-and-then", "/endpoints/"+targets(6)[2].Endpoint.ID)
	list := ofProviders("aabb")
	offline, c := monitorOf(t, list, nil)
	for _, x := range list {
		feed(t, offline, badObservation(x, c.Now(), reason.ConnectTimeout))
	}
	c.Advance(offline.config.Interval + limit.HeldBeyond)
	offline.settle(offline.vantage.overdue(offline.elapsed()))
	if !offline.vantage.suspected() {
		t.Fatal("its own network is not suspected")
	}
	add(offline, "offline", "/", "endpoint-offline", "/endpoints/"+list[0].Endpoint.ID)
	lookAt(t, "states.mjs", 5*len(pages)/2, pages...)
}

// lookAt runs a script of browsertest, which makes at least some number of checks, and returns what it
// measured.
func lookAt(t *testing.T, script string, least int, args ...string) map[string]float64 {
	t.Helper()
	return needs.Look(t, filepath.Join("..", "report", "render", "browsertest"), filepath.Join("browsertest", script), least, args...)
}

// smallScene is the scene of the other tests with the prober in trouble, and with an endpoint of
// which every text is long.
func smallScene(t *testing.T) *Monitor {
	t.Helper()
	word := strings.Repeat("long-", 20)
	x := target("kms/"+word+"/vpc", word+strings.Repeat("x", 63)+".example.com")
	m := scene(t, func(c *Config) {
		c.Targets = append(c.Targets, x)
		c.Speaker = Speaker{Host: strings.Repeat("h", 63), Vantage: strings.Repeat("v", 63), Sandbox: true}
		c.Notes = func() []view.Note {
			return []view.Note{{What: "The history is not kept", Why: strings.Repeat("w", 200), Since: epoch}}
		}
	})
	o := badObservation(x, epoch, reason.VerifyServerError)
	o.Detail, o.Reproduce = strings.Repeat("y", 200), strings.Repeat("z", 2000)
	feed(t, m, o)
	return m
}

// longScene is a list of ten thousand of which a region is down.
func longScene(t *testing.T) *Monitor {
	t.Helper()
	list := longList(10_000, 40)
	m, c := monitorOf(t, list, func(c *Config) { c.Detail = DetailRegion })
	for i, x := range list {
		o := okObservation(x, c.Now())
		if x.Endpoint.Region == "region-00007" || i%1000 == 3 {
			o = badObservation(x, c.Now(), reason.VerifyServerError)
		}
		m.list.Load().byID[x.Endpoint.ID].observe(&o, intake{counts: true, history: 15})
	}
	return m
}
