package prometheus

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"prober/needs"
)

// one endpoint, and others beside it.
const (
	e   = `lifecycle="active",product="kms",region="r1",network="public",host="a"`
	e2  = `lifecycle="active",product="kms",region="r1",network="vpc",host="a2"`
	f   = `lifecycle="active",product="kms",region="r2",network="public",host="b"`
	g   = `lifecycle="active",product="ecs",region="r1",network="public",host="c"`
	off = `lifecycle="closed",product="kms",region="r3",network="public",host="d"`
)

// listed are the counters with which an endpoint that is asked once a minute appears, by how many of its
// probes come out as each outcome in a minute.
func listed(labels, ok, degraded, fail, unknown string) (series []string) {
	for outcome, step := range map[string]string{"ok": ok, "degraded": degraded, "fail": fail, "unknown": unknown} {
		series = append(series, fmt.Sprintf(`endpoint_probes_total{%s,outcome=%q} %s`, labels, outcome, step))
	}
	return series
}

// counter is a counter's text that grows by a step a minute for five days; still one that does not.
func counter(step string) string { return "0+" + step + "x7200" }

// One case for each alert in which it fires, and one nearby in which it does not.
func TestAlertsFireAndDoNot(t *testing.T) {
	well := func(labels string) []string {
		return append(listed(labels, counter("1"), counter("0"), counter("0"), counter("0")), "endpoint_up{"+labels+"} 1x7200")
	}
	down := func(labels string) []string {
		return append(listed(labels, counter("0"), counter("0"), counter("1"), counter("0")), "endpoint_up{"+labels+"} 0x7200")
	}
	// flaky fails in bursts of a minute, so that no probe after it confirms: n failures in each hour.
	flaky := func(labels string, n int) []string {
		perMinute := fmt.Sprintf("%.4f", float64(n)/60)
		rest := fmt.Sprintf("%.4f", 1-float64(n)/60)
		return append(listed(labels, counter(rest), counter("0"), counter(perMinute), counter("0")), "endpoint_up{"+labels+"} 1x7200")
	}
	all := func(lists ...[]string) (series []string) {
		for _, l := range lists {
			series = append(series, l...)
		}
		return series
	}
	at := func(vantage string) string { return e + `,vantage="` + vantage + `"` }
	nothing := func(labels string) []string {
		return listed(labels, counter("0"), counter("0"), counter("0"), counter("1"))
	}
	const prober = `job="prober",instance="p"`
	gauge := func(name, value string) []string { return []string{name + "{" + prober + "} " + value + "x7200"} }
	// A certificate with so many days left at the time of the question, of so many.
	certificate := func(labels string, left, life float64, at float64) []string {
		end := at*60 + left*86400
		return []string{
			fmt.Sprintf("endpoint_certificate_path_not_after_timestamp_seconds{%s} %.0fx7200", labels, end),
			fmt.Sprintf("endpoint_certificate_path_not_before_timestamp_seconds{%s} %.0fx7200", labels, end-life*86400),
		}
	}
	reasonOf := func(metric, labels, phase, reason, step string) []string {
		return append(well(labels), fmt.Sprintf("%s{%s,phase=%q,reason=%q} %s", metric, labels, phase, reason, counter(step)))
	}
	versions := func(first, then string) []string {
		return append(well(e), fmt.Sprintf(`endpoint_tls_version_accepted{%s,version="TLS1.3"} %sx1500 %sx5700`, e, first, then))
	}
	const minute = 60 // when each is asked, unless it says so
	cases := []struct {
		alert       string
		fires, does []string // series with which it fires, and with which it does not
		at          int
	}{
		{alert: "ProberProductDown", fires: all(down(e), down(f)), does: all(down(e), well(f))},
		{alert: "ProberProductDown", fires: all(down(e), down(e2), down(f)), does: all(down(e), down(e2), well(f))}, // of one region alone
		{alert: "ProberRegionDown", fires: all(down(e), down(g), well(f), well(strings.Replace(g, "r1", "r2", 1))), does: all(down(e), down(f), well(g))},
		{alert: "ProberRegionDown", fires: all(down(e), down(e2)), does: all(down(e), down(e2), well(g))}, // of one product alone, which others are beside
		{alert: "ProberEndpointDown", fires: all(down(e), well(f)), does: down(off)},
		{alert: "ProberEndpointDown", fires: all(down(at("x")), down(at("y")), well(at("z"))), does: all(down(at("x")), well(at("y")))},
		{
			alert: "ProberEndpointDown", fires: down(at("x")), // the one that lists it decides; of two, one alone does not
			does: all(down(at("x")), nothing(at("y"))),
		},
		{alert: "ProberEndpointPartlyDown", fires: all(down(at("x")), well(at("y"))), does: all(down(at("x")), down(at("y")))},
		{alert: "ProberErrorBudgetBurnFast", fires: flaky(e, 6), does: flaky(e, 1)},
		{alert: "ProberErrorBudgetBurnFast", fires: flaky(e, 20), does: down(e)}, // which is told as down
		{alert: "ProberErrorBudgetBurnFast", fires: flaky(e, 20), does: flaky(off, 20)},
		// What fails from one of two places, or from two of four, wakes nobody; nor what one alone can tell of two.
		{alert: "ProberErrorBudgetBurnFast", fires: all(flaky(at("x"), 20), flaky(at("y"), 6)), does: all(flaky(at("x"), 20), well(at("y")))},
		{alert: "ProberErrorBudgetBurnFast", fires: flaky(at("x"), 20), does: all(flaky(at("x"), 20), nothing(at("y")))},
		{
			alert: "ProberErrorBudgetBurnFast",
			fires: all(flaky(at("x"), 20), flaky(at("y"), 20), flaky(at("z"), 20), well(at("w"))),
			does:  all(flaky(at("x"), 20), flaky(at("y"), 20), well(at("z")), well(at("w"))),
		},
		{
			alert: "ProberErrorBudgetBurnFast", fires: all(flaky(at("x"), 20), flaky(at("y"), 20), well(at("z"))),
			does: all(down(at("x")), well(at("y")), well(at("z"))),
		},
		{alert: "ProberEndpointPartlyFailing", fires: all(flaky(at("x"), 20), well(at("y"))), does: all(flaky(at("x"), 20), flaky(at("y"), 20))},
		{alert: "ProberEndpointPartlyFailing", fires: all(flaky(at("x"), 20), well(at("y"))), does: flaky(at("x"), 20)},                // the only one spends the budget
		{alert: "ProberEndpointPartlyFailing", fires: all(flaky(at("x"), 20), well(at("y"))), does: all(down(at("x")), well(at("y")))}, // told as down from there
		{alert: "ProberEndpointPartlyFailing", fires: all(flaky(at("x"), 2), well(at("y"))), does: all(flaky(at("x"), 0), well(at("y"))), at: 100},
		{alert: "ProberErrorBudgetBurnSlow", fires: flaky(e, 1), does: all(flaky(at("x"), 1), well(at("y"))), at: 200},
		{alert: "ProberEndpointErrorBudgetBurn", fires: all(flaky(at("x"), 20), flaky(at("y"), 20)), does: all(flaky(at("x"), 20), well(at("y")))},
		{ // somebody was called for the failures of an hour, which have ended: that is told once
			alert: "ProberErrorBudgetBurnSlow", fires: flaky(e, 1), at: 200,
			does: append(listed(e, "0+0.6667x60 40+1x7140", counter("0"), "0+0.3333x60 20+0x7140", counter("0")), "endpoint_up{"+e+"} 1x7200"),
		},
		{alert: "ProberErrorBudgetBurnSlow", fires: flaky(e, 1), does: listed(e, counter("1"), counter("0"), counter("0.001"), counter("1")), at: 200},
		{alert: "ProberEndpointErrorBudgetBurn", fires: flaky(e, 20), does: flaky(e, 2)},
		{
			alert: "ProberEndpointDegraded", fires: listed(e, counter("0.2"), counter("0.8"), counter("0"), counter("0")),
			does: listed(e, counter("0.8"), counter("0.2"), counter("0"), counter("0")),
		},
		{
			alert: "ProberEndpointSlow",
			fires: []string{`endpoint_duration_seconds_sum{` + e + `} ` + counter("3"), `endpoint_duration_seconds_count{` + e + `} ` + counter("1")},
			does:  []string{`endpoint_duration_seconds_sum{` + e + `} ` + counter("1"), `endpoint_duration_seconds_count{` + e + `} ` + counter("1")},
		},
		{
			alert: "ProberEndpointSlow", // detail endpoint, in the text format
			fires: []string{`endpoint_probe_duration_seconds_sum{` + e + `} ` + counter("3"), `endpoint_probe_duration_seconds_count{` + e + `} ` + counter("1")},
			does:  []string{`endpoint_probe_duration_seconds_sum{` + off + `} ` + counter("3"), `endpoint_probe_duration_seconds_count{` + off + `} ` + counter("1")},
		},
		{alert: "ProberTLSRegression", fires: versions("1", "0.5"), does: versions("0.5", "1"), at: 1600},
		{
			alert: "ProberTLSRegression", // detail region: no table of versions
			fires: reasonOf("endpoint_degradations_total", e, "tls", "version_accepted", "1"),
			does:  reasonOf("endpoint_degradations_total", e, "tls", "cert_wildcard", "1"),
		},
		{
			alert: "ProberProtocolBroken", fires: reasonOf("endpoint_degradations_total", e, "headers", "bare_lf", "1"),
			does: reasonOf("endpoint_failures_total", e, "headers", "timeout", "1"),
		},
		{
			alert: "ProberEndpointUnknown", fires: listed(e, counter("0"), counter("0"), counter("0"), counter("1")),
			does: append(listed(e, counter("0"), counter("0"), counter("0"), counter("1")), `endpoint_unknown_total{`+e+`,reason="private_network"} `+counter("1")),
		},
		{ // in maintenance, which another endpoint is
			alert: "ProberEndpointUnknown", fires: append(listed(e, counter("0"), counter("0"), counter("0"), counter("1")), `endpoint_maintenance{`+off+`} 1x7200`),
			does: append(listed(e, counter("0"), counter("0"), counter("0"), counter("1")), `endpoint_maintenance{`+e+`} 1x7200`),
		},
		{alert: "ProberCertificateEnds", fires: certificate(e, 2, 90, minute), does: certificate(e, 2, 6, minute)},
		{alert: "ProberCertificateEnds", fires: certificate(e, 0.5, 6, minute), does: certificate(off, 2, 90, minute)},
		{alert: "ProberCertificateEnds", fires: certificate(e, 2, 90, minute)[:1], does: certificate(e, 4, 90, minute)[:1]},
		{alert: "ProberCertificateEnds", fires: certificate(e, 0.05, 1, minute), does: certificate(e, 0.9, 1, minute)}, // it is a day old at most
		{alert: "ProberCertificateEndsSoon", fires: certificate(e, 10, 90, minute), does: certificate(e, 5, 6, minute)},
		{alert: "ProberCertificateNotRenewed", fires: certificate(e, 1, 6, minute), does: certificate(e, 2, 6, minute)},
		{
			alert: "ProberAbsent", fires: append(gauge("up", "0"), `prober_build_info{`+prober+`} 1x10 stale`),
			does: all(gauge("up", "1"), gauge("prober_build_info", "1"), []string{`up{job="other",instance="o"} 0x7200`}),
		},
		{ // a job of pods of all kinds: of those that are no probers none is told; where all are, one that never was there is
			alert: "ProberAbsent", fires: all(gauge("up", "1"), gauge("prober_build_info", "1"), []string{`up{job="prober",instance="q"} 0x7200`}),
			does: all(gauge("up", "1"), gauge("prober_build_info", "1"), []string{`up{job="prober",instance="web"} 1x7200`, `up{job="prober",instance="q"} 0x7200`}),
		},
		{ // a shard that is no target any more, beside one that is; one of another server, which this one never hears
			alert: "ProberAbsent",
			fires: all(gauge("up", "1"), gauge("prober_build_info", "1"), gauge("prober_shards", "2"), []string{`prober_build_info{job="prober",instance="q"} 1x20 stale`}),
			does:  all(gauge("up", "1"), gauge("prober_build_info", "1"), gauge("prober_shards", "2")),
		},
		{alert: "ProberAbsent", fires: gauge("up", "1"), does: gauge("prober_build_info", "1")},                                // there is none at all
		{alert: "ProberAbsent", fires: []string{`prober_build_info{` + prober + `} 1x1 stale`}, does: gauge("up", "1"), at: 5}, // no more; not yet
		{
			alert: "ProberAbsent", // a vantage that fell silent
			fires: append(gauge("prober_build_info", "1"), `prober_build_info{vantage="x"} 1x20 stale`),
			does:  append(gauge("prober_build_info", "1"), `prober_build_info{vantage="x"} 1x7200`),
		},
		{
			alert: "ProberVantageOffline", fires: []string{`prober_vantage_suspicion{reason="resolver"} 1x7200`, `prober_vantage_suspicion{reason="reset"} 0x7200`},
			does: []string{`prober_vantage_suspicion{reason="resolver"} 0x7200`},
		},
		{alert: "ProberStale", fires: gauge("prober_endpoints_stale", "3"), does: gauge("prober_endpoints_stale", "0")},
		{alert: "ProberOverloaded", fires: gauge("prober_overloaded", "1"), does: gauge("prober_overloaded", "0")},
		{alert: "ProberReloadFailed", fires: gauge("prober_config_last_reload_successful", "0"), does: gauge("prober_config_last_reload_successful", "1")},
		{alert: "ProberHistoryFailed", fires: gauge("prober_history_ok", "0"), does: gauge("prober_history_ok", "1")},
	}
	var quick, long strings.Builder // what looks back for a day is evaluated at five minutes
	tested := map[string]bool{}
	for i, c := range cases {
		tested[c.alert] = true
		if c.at == 0 {
			c.at = minute
		}
		tests := &quick
		if c.at > 1000 {
			tests = &long
		}
		for series, want := range map[*[]string]int{&c.fires: 1, &c.does: 0} {
			fmt.Fprintf(tests, "  - name: \"%s %d, %d\"\n    interval: 1m\n    input_series:\n", c.alert, i, want)
			for _, s := range *series {
				name, values, _ := strings.Cut(s, "} ")
				fmt.Fprintf(tests, "      - {series: '%s}', values: '%s'}\n", name, values)
			}
			query := fmt.Sprintf(`count(count by (alertname) (ALERTS{alertname="%s",alertstate="firing"})) or vector(0)`, c.alert)
			fmt.Fprintf(tests, "    promql_expr_test: [{expr: '%s', eval_time: %dm, exp_samples: [{labels: '{}', value: %d}]}]\n", query, c.at, want)
		}
	}
	for _, r := range rules(t) {
		if r.Alert != "" && !tested[r.Alert] {
			t.Errorf("no case for %s", r.Alert)
		}
	}
	needs.Patience(t, "takes many seconds of promtool")
	promtoolTests(t, "1m", quick.String())
	promtoolTests(t, "5m", long.String())
}

// promtoolTests lets promtool run tests of the rules, or of those in files, which it evaluates at each step.
func promtoolTests(t *testing.T, step, tests string, files ...string) {
	t.Helper()
	var text strings.Builder
	text.WriteString("rule_files:\n")
	if len(files) == 0 {
		files = RuleFiles()
	}
	for _, name := range files {
		path, err := filepath.Abs(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&text, "  - %s\n", path)
	}
	text.WriteString("evaluation_interval: " + step + "\ntests:\n" + tests)
	file := filepath.Join(t.TempDir(), "tests.yml")
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, promtool := range needs.Promtools(t) {
		if out, err := exec.Command(promtool, "test", "rules", file).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", promtool, err, out)
		}
	}
}
