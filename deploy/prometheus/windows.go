// Package prometheus holds what a Prometheus server and an Alertmanager need to make use of a prober:
// recording rules, alerts, and an example of routes. They are plain YAML files that are copied as they
// are. Only one is generated, because it says the same for each window of time: this package writes it,
// and its tests look whether all of them hold together.
package prometheus

import (
	"embed"
	"fmt"
	"strings"
)

// Files are the YAML files of this folder.
//
//go:embed *.yml *.tmpl
var Files embed.FS

// RuleFiles are those of Files that hold rules, in the order in which they build upon each other.
func RuleFiles() []string { return []string{"windows.yml", "state.yml", "alerts.yml"} }

// labels that tell endpoints apart. Those of the place where the prober runs (job, instance, pod) are not
// among them, so that an endpoint which moves to another shard stays the same.
const identity = "product, region, network, host, port, scheme, name, lifecycle"

// month is how far back availability and error budgets look.
const month = "30d"

// windows are those of the multi-window burn rates. The first ones are evaluated often; what looks
// back for hours may be two minutes old, and costs less so.
func windows() (short, long []string) {
	return []string{"5m", "30m", "1h", "2h"}, []string{"6h", "1d", "3d"}
}

// Windows returns windows.yml.
func Windows() string {
	var b strings.Builder
	b.WriteString(`# Probes and failures by window. Written by "go test ./deploy/prometheus -update"; change windows.go.
#
# The counts of level endpoint are what each vantage sees. Its ratios, and the levels product_region (by product, region
# and network) and product, which are about active endpoints, are what users see: of each endpoint the share of failures that
# over half of its vantages reach, so that what fails from one place of several spends no budget. An endpoint that too few
# vantages can tell of is not in them; unknown probes are in none of these.
groups:
`)
	group := func(name, interval string) {
		fmt.Fprintf(&b, "  - name: %s\n    interval: %s\n    rules:\n", name, interval)
	}
	record := func(name, expr string) {
		if strings.Contains(expr, "\n") {
			expr = "|\n          " + expr
		}
		fmt.Fprintf(&b, "      - record: %s\n        expr: %s\n", name, expr)
	}
	counts := func(window, decided, failed string) {
		record("endpoint:probes_decided:increase"+window, decided)
		record("endpoint:probes_failed:increase"+window, failed)
		record("endpoint:failures_per_probe:ratio_rate"+window, quorum(window))
		record("product_region:probes_decided:increase"+window, fmt.Sprintf(`sum by (product, region, network) (
            sum without (vantage) (endpoint:probes_decided:increase%[1]s{lifecycle="active"}) and endpoint:failures_per_probe:ratio_rate%[1]s)`, window))
		record("product_region:probes_failed:increase"+window, fmt.Sprintf(`sum by (product, region, network) (
            endpoint:failures_per_probe:ratio_rate%[1]s{lifecycle="active"} * sum without (vantage) (endpoint:probes_decided:increase%[1]s))`, window))
		for _, what := range []string{"decided", "failed"} {
			record("product:probes_"+what+":increase"+window, fmt.Sprintf("sum by (product) (product_region:probes_%s:increase%s)", what, window))
		}
		for _, level := range []string{"product_region", "product"} {
			record(level+":failures_per_probe:ratio_rate"+window,
				fmt.Sprintf("%[1]s:probes_failed:increase%[2]s / (%[1]s:probes_decided:increase%[2]s > 0)", level, window))
		}
	}
	counted := func(window string) {
		counts(window,
			fmt.Sprintf(`sum by (%s, vantage) (increase(endpoint_probes_total{outcome=~"ok|degraded|fail"}[%s]))`, identity, window),
			fmt.Sprintf(`sum by (%s, vantage) (increase(endpoint_probes_total{outcome="fail"}[%s]))`, identity, window))
	}
	availability := func(window string) {
		for _, level := range []string{"endpoint", "product_region", "product"} {
			record(level+":availability:ratio_rate"+window, fmt.Sprintf("1 - %s:failures_per_probe:ratio_rate%s", level, window))
		}
	}

	short, long := windows()
	group("prober-windows", "30s")
	for _, w := range short {
		counted(w)
	}
	availability("1h")
	group("prober-windows-long", "2m")
	for _, w := range long {
		counted(w)
	}
	availability("1d")
	group("prober-windows-month", "2m")
	counts(month,
		fmt.Sprintf("sum_over_time(endpoint:probes_decided:increase1h[%s:1h])", month),
		fmt.Sprintf("sum_over_time(endpoint:probes_failed:increase1h[%s:1h])", month))
	availability(month)
	for _, level := range []string{"endpoint", "product_region", "product"} {
		record(level+":error_budget_left:ratio", fmt.Sprintf(
			"1 - (1 - %s:availability:ratio_rate%s) / (1 - scalar(max(prober:objective:ratio)))", level, month))
	}
	return b.String()
}

// quorum is the share of failures of an endpoint that over half of its vantages reach: the middle one of their shares. An even
// number of vantages gets one more that sees no failure, because half of them are not over half. Who can tell is asked as
// endpoint:up:quorum asks it: at least two, or the only one that lists the endpoint.
func quorum(window string) string {
	return fmt.Sprintf(`quantile by (%[1]s) (0.5,
            endpoint:probes_failed:increase%[2]s / (endpoint:probes_decided:increase%[2]s > 0)
            or label_replace(count by (%[1]s) (endpoint:probes_decided:increase%[2]s > 0) %% 2 == 0, "vantage", "(even)", "", ""))
          and (count by (%[1]s) (endpoint:probes_decided:increase%[2]s > 0) >= 2 or endpoint:vantages_listed:count == 1)`, identity, window)
}
