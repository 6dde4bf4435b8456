package grafana

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"prober/needs"
)

// What is down is so for a reason of its failures: neither for a defect that it had all along, nor for what nobody could tell a while ago.
func TestWhatIsDownIsSoBecauseItFails(t *testing.T) {
	const e = `product="p",region="r",network="n",lifecycle="active"`
	series := func(metric, host, more, values string) string {
		return fmt.Sprintf("      - {series: '%s{%s,host=%q%s}', values: '%s'}\n", metric, e, host, more, values)
	}
	var input strings.Builder
	for host, state := range map[string]string{"down": "3x30", "degraded": "2x30"} {
		input.WriteString(series("endpoint:state:code", host, "", state) +
			series("endpoint:vantages_down:count", host, "", map[bool]string{true: "1x30", false: "0x30"}[host == "down"]) +
			series("endpoint_degradations_total", host, `,phase="tls",reason="version_accepted"`, "0+1x30") +
			series("endpoint_failures_total", host, `,phase="connect",reason="refused"`, "0x27 1+1x2") +
			series("endpoint_unknown_total", host, `,reason="resolver_unavailable"`, "0+2x30"))
	}
	for _, q := range queries(t) {
		if !strings.HasPrefix(q.Panel, "What is wrong") || q.Ref != "C" {
			continue
		}
		expr := Fill(q.Expr, nil, "15m", "1m")
		text := "evaluation_interval: 1m\ntests:\n  - interval: 1m\n    input_series:\n" + input.String() + "    promql_expr_test:\n" +
			"      - expr: >-\n          count by (host, why) (" + strings.Join(strings.Fields(expr), " ") + ")\n        eval_time: 30m\n        exp_samples:\n" +
			"          - {labels: '{host=\"down\",why=\"connect/refused\"}', value: 1}\n          - {labels: '{host=\"degraded\",why=\"tls/version_accepted\"}', value: 1}\n"
		file := filepath.Join(t.TempDir(), "test.yml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.CommandContext(t.Context(), needs.Program(t, "promtool"), "test", "rules", file).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", q.Dashboard, err, out)
		}
	}
}
