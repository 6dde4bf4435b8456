package monitor

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"prober/history"
	"prober/needs"
	"prober/probe/reason"
)

// TestStatusPageInBrowser looks at the page in Chromium, with axe-core: whether it can be read and
// operated by everybody, at a desk, on a phone and on paper, and does what it says, with its script
// and without. The checks are those of browsertest/look.mjs. With PROBER_SCREENSHOTS=DIR it leaves
// pictures there.
func TestStatusPageInBrowser(t *testing.T) {
	needsBrowser(t)
	small := httptest.NewServer(smallScene(t).Handler())
	defer small.Close()
	long := httptest.NewServer(longScene(t).Handler())
	defer long.Close()
	t.Log(lookAt(t, "look.mjs", 60, small.URL+"/", long.URL+"/"))
}

// TestEndpointPageInBrowser looks at the page of one endpoint in the same way, by
// browsertest/endpoint.mjs.
func TestEndpointPageInBrowser(t *testing.T) {
	needsBrowser(t)
	m, _ := lived(t, nil)
	server := httptest.NewServer(m.Handler())
	defer server.Close()
	long := smallScene(t)
	other := httptest.NewServer(long.Handler())
	defer other.Close()
	old, _ := m.History().Incidents(history.Query{Endpoint: "ecs/cn-hangzhou/public"})
	word := strings.Repeat("long-", 20)
	lookAt(t, "endpoint.mjs", 75, server.URL+"/endpoints/ecs/cn-hangzhou/public", other.URL+"/endpoints/kms/"+word+"/vpc",
		strings.TrimPrefix(incidentLink(&old[11]), "endpoints/ecs/cn-hangzhou/public"))
}

// needsBrowser skips a test where half a minute of a browser is too much.
func needsBrowser(t *testing.T) {
	t.Helper()
	if !needs.All() && os.Getenv("PROBER_SCREENSHOTS") == "" {
		t.Skip("takes half a minute of a browser; PROBER_REQUIRE_TOOLS=1 runs it")
	}
}

// lookAt runs a script of browsertest, which makes at least some number of checks, and returns what it
// measured.
func lookAt(t *testing.T, script string, least int, args ...string) map[string]float64 {
	t.Helper()
	node, npm, chromium := needs.Program(t, "node"), needs.Program(t, "npm"), needs.Program(t, "chromium")
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	install(ctx, t, npm, dir, filepath.Join("..", "report", "render", "browsertest"))
	path, err := filepath.Abs(filepath.Join("browsertest", script))
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, node, append([]string{path, chromium, os.Getenv("PROBER_SCREENSHOTS")}, args...)...)
	cmd.Dir, cmd.Stderr = dir, &stderr
	// The profile and what else the browser keeps go with the test.
	cmd.Env = append(os.Environ(), "HOME="+dir, "TMPDIR="+dir)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("looking at the page: %v\n%s", err, stderr.Bytes())
	}
	var seen struct {
		Checks []struct {
			Name   string
			OK     bool
			Detail string
		}
		Measures map[string]float64
	}
	if err := json.Unmarshal(out, &seen); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if len(seen.Checks) < least {
		t.Errorf("%d checks, want at least %d", len(seen.Checks), least)
	}
	for _, c := range seen.Checks {
		if !c.OK {
			t.Errorf("%s: %s", c.Name, c.Detail)
		}
	}
	return seen.Measures
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
		c.Notes = func() []Note {
			return []Note{{What: "The history is not kept", Why: strings.Repeat("w", 200), Since: epoch}}
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

// install puts the packages that are locked in a folder into dir.
func install(ctx context.Context, t *testing.T, npm, dir, from string) {
	t.Helper()
	for _, name := range []string{"package.json", "package-lock.json"} {
		text, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(ctx, npm, "ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		needs.Missing(t, "needs the packages of "+from+": npm ci: %v\n%s", err, out)
	}
}
