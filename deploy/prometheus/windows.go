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
//go:embed *.yml
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
# Level endpoint: one endpoint as each vantage sees it. Levels product_region (by product, region and
# network) and product: all active endpoints, over all vantages. Unknown probes are in none of these.
groups:
`)
	group := func(name, interval string) {
		fmt.Fprintf(&b, "  - name: %s\n    interval: %s\n    rules:\n", name, interval)
	}
	record := func(name, expr string) {
		fmt.Fprintf(&b, "      - record: %s\n        expr: %s\n", name, expr)
	}
	counts := func(window, decided, failed string) {
		record("endpoint:probes_decided:increase"+window, decided)
		record("endpoint:probes_failed:increase"+window, failed)
		for _, what := range []string{"decided", "failed"} {
			name := ":probes_" + what + ":increase" + window
			record("product_region"+name, fmt.Sprintf(`sum by (product, region, network) (endpoint%s{lifecycle="active"})`, name))
			record("product"+name, fmt.Sprintf("sum by (product) (product_region%s)", name))
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
		record("endpoint:availability:ratio_rate"+window, fmt.Sprintf(
			"1 - sum without (vantage) (endpoint:probes_failed:increase%[1]s) / (sum without (vantage) (endpoint:probes_decided:increase%[1]s) > 0)", window))
		for _, level := range []string{"product_region", "product"} {
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
