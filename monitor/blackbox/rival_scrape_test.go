package blackbox

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"prober/monitor"
	"prober/monitor/fixture"
	"prober/needs"
	"prober/probe"
)

// yamlOf returns the blocks of YAML of a page.
func yamlOf(t *testing.T, page string) (blocks []string) {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		blocks = append(blocks, m[1])
	}
	return blocks
}

// A stock Prometheus with the scrape job and the alerts of docs/scrape-as-blackbox.md: no alert fires while all is
// well, each fires where something is broken, and none but the last while nothing can be told.
func TestAlertsOnScrapesAsBlackboxExporters(t *testing.T) {
	needs.Patience(t, "starts Prometheus and waits for its scrapes")
	binary := needs.Program(t, "prometheus")
	t.Parallel()
	g := fixture.NewGround(t)
	prober := probe.New(probe.Config{
		Resolvers: g.Cloud.Resolvers(), Roots: g.Cloud.Roots(), Timeout: 5 * time.Second, ConnectionsPerHost: 64,
		Guard: probe.Guard{Public: g.Cloud.Public(), Private: g.Cloud.Private()}, Clock: probe.Clock{ElapsedFunc: unstalled},
	})
	m := monitorOf(t, g.Targets, func(c *monitor.Config) { c.Prober, c.Now = prober, time.Now })
	target := httptest.NewServer(New(m))
	t.Cleanup(target.Close)

	blocks := yamlOf(t, filepath.Join("..", "..", "docs", "scrape-as-blackbox.md"))
	if len(blocks) != 2 {
		t.Fatalf("%d blocks of YAML, want the scrape job and the rules", len(blocks))
	}
	rules := filepath.Join(t.TempDir(), "rules.yml")
	if err := os.WriteFile(rules, []byte(blocks[1]), 0o600); err != nil {
		t.Fatal(err)
	}
	job := strings.ReplaceAll(blocks[0], "127.0.0.1:9115", strings.TrimPrefix(target.URL, "http://"))
	server := fixture.StartPrometheus(t, binary, "global: {scrape_interval: 1s, scrape_timeout: 1s}\nrule_files: ["+rules+"]\n"+job)
	alerts := map[string]string{}
	for _, r := range regexp.MustCompile(`alert: (\S+)\n\s+expr: (.*)`).FindAllStringSubmatch(blocks[1], -1) {
		alerts[r[1]] = r[2]
	}
	if len(alerts) != 6 {
		t.Fatalf("alerts %v, want six", alerts)
	}
	// What fires in each situation, and at how many of five targets.
	for _, tt := range []struct {
		name    string
		faults  string
		decided string
		fires   map[string]string
	}{
		{"all is well", "", "5", nil},
		{
			"three are broken", "kms/cn-hongkong/public=cert_expired gaap/ap-hongkong/public=not_api_missing ecs/us-east-1/public=connect_refused", "5",
			map[string]string{"ProbeFailed": "3", "ProbeHttpStatus": "1", "CertificateExpiresSoon": "1", "CertificateExpired": "1"},
		},
		{"the resolver is broken", "*=resolver_unavailable_servfail", "", map[string]string{"ProbeUndecided": "5"}},
		{"all is well again", "", "5", nil},
	} {
		g.Heal(t)
		g.Break(t, tt.faults)
		server.Await(t, `count(up{job="blackbox"} == 1)`, "5")
		server.Await(t, "count(probe_success)", tt.decided)
		names := []string{}
		for name := range alerts {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			server.Await(t, "count("+alerts[name]+")", tt.fires[name])
			if t.Failed() {
				t.Fatalf("%s: alert %s", tt.name, name)
			}
		}
	}
}
