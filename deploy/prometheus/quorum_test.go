package prometheus

import (
	"fmt"
	"strings"
	"testing"

	"prober/needs"
)

// The share of failures of an endpoint is the one that over half of its vantages reach; and with one vantage, or where
// vantages have no name, it is what was counted.
func TestRatiosAreWhatOverHalfOfTheVantagesReach(t *testing.T) {
	tests := []struct {
		what   string
		failed []int // of ten probes a minute, at each vantage; -1: all are unknown
		want   string
	}{
		{"one", []int{3}, "0.3"},
		{"one of two", []int{10, 0}, "0"},
		{"two", []int{2, 4}, "0.2"},
		{"one of three", []int{0, 10, 0}, "0"},
		{"two of three", []int{0, 10, 1}, "0.1"},
		{"two of four", []int{0, 10, 10, 0}, "0"},
		{"three of four", []int{5, 0, 10, 1}, "0.1"},
		{"three of five", []int{5, 0, 0, 4, 3}, "0.3"},
		{"one can tell of two", []int{10, -1}, ""},
		{"two can tell of three", []int{10, -1, 2}, "0.2"},
	}
	needs.Patience(t, "takes seconds of promtool")
	var series, asks strings.Builder
	for i, tt := range tests {
		product, decided := fmt.Sprintf("p%d", i), 0
		labels := strings.Replace(e, "kms", product, 1)
		for vantage, failed := range tt.failed {
			outcomes := map[string]int{"ok": 10 - failed, "fail": failed, "unknown": 0}
			if failed < 0 {
				outcomes = map[string]int{"ok": 0, "fail": 0, "unknown": 10}
			} else {
				decided += 10
			}
			for outcome, step := range outcomes {
				fmt.Fprintf(&series, "      - {series: 'endpoint_probes_total{%s,vantage=\"%d\",outcome=%q}', values: '0+%dx80'}\n", labels, vantage, outcome, step)
			}
		}
		ask := func(record string, to float64, want any) {
			fmt.Fprintf(&asks, "      - {expr: 'round(sum(%s{product=%q}), %v)', eval_time: 70m", record, product, to)
			if tt.want != "" {
				fmt.Fprintf(&asks, ", exp_samples: [{labels: '{}', value: %v}]", want)
			}
			asks.WriteString("}\n")
		}
		for _, level := range []string{"endpoint", "product_region", "product"} {
			for _, window := range []string{"5m", "1h"} {
				ask(level+":failures_per_probe:ratio_rate"+window, 0.001, tt.want)
			}
		}
		ask("product_region:probes_decided:increase1h", 1, decided*60) // all that was counted
	}
	promtoolTests(t, "1m", "  - interval: 1m\n    input_series:\n"+series.String()+"    promql_expr_test:\n"+asks.String())
}
