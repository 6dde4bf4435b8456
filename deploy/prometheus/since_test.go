package prometheus

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"prober/needs"
)

// The time since which an endpoint is down stays while it is, and begins anew after it was up.
func TestBadSince(t *testing.T) {
	folder := t.TempDir()
	rules, err := Files.ReadFile("state.yml")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"state.yml": string(rules), "test.yml": `
rule_files: [state.yml]
evaluation_interval: 30s
tests:
  - interval: 30s
    input_series:
      - {series: 'endpoint_up{host="a",lifecycle="active"}', values: '1x3 0x5 1x3 0x20'}
      - {series: 'endpoint_up{host="b",lifecycle="active"}', values: '1x40'}
      - {series: 'endpoint_probes_total{host="a",lifecycle="active",outcome="ok"}', values: '1x40'}
      - {series: 'endpoint_probes_total{host="b",lifecycle="active",outcome="ok"}', values: '1x40'}
    promql_expr_test:
      - {expr: 'endpoint:bad_since:timestamp', eval_time: 1m}
      - {expr: 'endpoint:bad_since:timestamp', eval_time: 4m, exp_samples: [{labels: 'endpoint:bad_since:timestamp{host="a",lifecycle="active"}', value: 120}]}
      - {expr: 'endpoint:bad_since:timestamp', eval_time: 6m30s}
      - {expr: 'endpoint:bad_since:timestamp', eval_time: 15m, exp_samples: [{labels: 'endpoint:bad_since:timestamp{host="a",lifecycle="active"}', value: 420}]}
`} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, promtool := range needs.Promtools(t) {
		cmd := exec.Command(promtool, "test", "rules", "test.yml")
		cmd.Dir = folder
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", promtool, err, out)
		}
	}
}
