package prometheus

import (
	"fmt"
	"strings"
	"testing"

	"prober/needs"
)

// Histograms begin anew when a prober is restarted, and counters go on: means and rates take the one for a reset, and are
// what they were.
func TestMeansOutliveARestart(t *testing.T) {
	needs.Patience(t, "takes a second of promtool")
	var series strings.Builder
	for name, values := range map[string]string{
		"endpoint_probe_duration_seconds_sum":    "5+2x20 1+2x30",
		"endpoint_probe_duration_seconds_count":  "5+1x20 1+1x30",
		`endpoint_probes_total{,outcome="ok"}`:   "5+1x51",
		`endpoint_probes_total{,outcome="fail"}`: "0x51",
		"endpoint_up":                            "1x51",
	} {
		name, more, _ := strings.Cut(strings.TrimSuffix(name, "}"), "{")
		fmt.Fprintf(&series, "      - {series: '%s{%s%s}', values: '%s'}\n", name, e, more, values)
	}
	promtoolTests(t, "1m", "  - interval: 1m\n    input_series:\n"+series.String()+`    promql_expr_test:
      - {expr: 'sum(round(endpoint:probe_duration_seconds:mean5m, 0.1))', eval_time: 18m, exp_samples: [{labels: '{}', value: 2}]}
      - {expr: 'sum(round(endpoint:probe_duration_seconds:mean5m, 0.5))', eval_time: 23m, exp_samples: [{labels: '{}', value: 2}]}
      - {expr: 'sum(round(endpoint:probe_duration_seconds:mean5m, 0.1))', eval_time: 30m, exp_samples: [{labels: '{}', value: 2}]}
`)
}
