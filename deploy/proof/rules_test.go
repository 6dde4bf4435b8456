package proof

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"prober/needs"
)

// Every rule can be evaluated, and every recorded one has a value, which is a finite number: with the current
// server and the old one, with histograms by endpoint and by region, while all is well and with faults.
func TestEveryRuleHasFiniteData(t *testing.T) {
	t.Parallel()
	needs.Patience(t, "takes a minute of two Prometheus servers and a prober")
	binary := Built(t)
	cloud := StartCloud(t, binary)
	probers := map[string]*Prober{}
	for _, detail := range []string{"endpoint", "region"} {
		probers[detail] = StartProber(t, binary, cloud, append(some(), "--metrics.detail", detail)...)
	}
	type run struct {
		name   string
		server *Prometheus
		native bool
	}
	var runs []run
	for _, r := range Releases() {
		for detail, p := range probers {
			for _, native := range []bool{true, false} {
				if r.Name == "2.42" && !native && detail == "endpoint" {
					continue // reads the same text as the current one
				}
				name := fmt.Sprintf("%s, detail %s, native %v", r.Name, detail, native)
				runs = append(runs, run{name, StartPrometheus(t, r, Setup{Probers: []*Prober{p}, Native: native}), native})
			}
		}
	}
	check := func(t *testing.T, healthy bool) {
		for _, r := range runs {
			t.Run(r.name, func(t *testing.T) {
				list, err := r.server.Rules()
				if err != nil || len(list) == 0 {
					t.Fatal(len(list), "rules", err)
				}
				for _, rule := range list {
					if rule.Error != "" {
						t.Errorf("%s: %s", rule.Name, rule.Error)
					}
					expr := rule.Query
					if rule.Type == "recording" {
						expr = rule.Name
					}
					// A quantile needs buckets, which the text format has on demand only.
					buckets := strings.Contains(rule.Name, ":p95_")
					// Since when something is bad is told where something is.
					since := healthy && strings.Contains(rule.Name, ":bad_since:")
					// How long a certificate lives is told in the second half of its life.
					young := healthy && (strings.Contains(rule.Name, ":certificate_life:") || strings.Contains(rule.Name, ":certificate_left_per_life:"))
					var samples []Sample
					Until(t, r.name, func() string { // a scrape that a busy machine loses ends what is told until the next one
						var err error
						if samples, err = r.server.Query(expr); err != nil || rule.Type == "recording" && len(samples) == 0 && (r.native || !buckets) && !since && !young {
							return fmt.Sprint(rule.Name, " has no value ", err)
						}
						return ""
					})
					for _, s := range samples {
						if math.IsNaN(s.Value) || math.IsInf(s.Value, 0) {
							t.Errorf("%s is %v at %v", rule.Name, s.Value, s.Labels)
						}
					}
				}
			})
		}
	}
	known := "count(endpoint:up:quorum) + 0 * count(product:error_budget_left:ratio) + 0 * count(product_region:phase_duration_seconds:mean5m)"
	for _, r := range runs {
		r.server.await(t, r.name, known, 12)
	}
	t.Run("healthy", func(t *testing.T) { check(t, true) })
	cloud.Break(t, "connect_refused", "kms/cn-heyuan/public")
	cloud.Break(t, "bare_lf", "ecs/eu-west-1/public")
	cloud.Break(t, "version_accepted", "kms/eu-west-1/public")
	cloud.Break(t, "cert_runs_out", "ecs/cn-heyuan/public")
	for _, r := range runs {
		r.server.await(t, r.name, "count(endpoint:state:code == 3)", 1)
		r.server.await(t, r.name, "clamp_max(count(endpoint:state:code == 2), 1)", 1)
		r.server.await(t, r.name, "count(endpoint:certificate_left_per_life:ratio < 0.2)", 1)
	}
	t.Run("with faults", func(t *testing.T) { check(t, false) })
	t.Run("docs/queries.md", func(t *testing.T) {
		for _, r := range runs {
			for _, expr := range documented(t) {
				// Nothing is unknown here for long; all else has an answer while something is broken.
				var samples []Sample
				Until(t, r.name, func() string {
					var err error
					if samples, err = r.server.Query(expr); err != nil || len(samples) == 0 && expr != "endpoint:state:code == 1" {
						return fmt.Sprint(expr, " has no answer ", err)
					}
					return ""
				})
				for _, s := range samples {
					if math.IsNaN(s.Value) || math.IsInf(s.Value, 0) {
						t.Errorf("%s: %s is %v at %v", r.name, expr, s.Value, s.Labels)
					}
				}
			}
		}
	})
}

// documented are the queries of docs/queries.md: its lines that are set in.
func documented(t testing.TB) (list []string) {
	t.Helper()
	text, err := os.ReadFile(root + "/docs/queries.md")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if expr, ok := strings.CutPrefix(line, "    "); ok {
			list = append(list, strings.TrimSpace(expr))
		}
	}
	if len(list) == 0 {
		t.Fatal("docs/queries.md has no queries")
	}
	return list
}
