package prometheus

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"prober/needs"
)

// The time since which an endpoint is down stays while it is, though for a while it could not be told, and begins anew after it was
// up. Nothing is told of it while nobody can tell.
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
      - {series: 'endpoint_up{host="c",lifecycle="active"}', values: '1x1 0x5 stale _x12 0x30'}
      - {series: 'endpoint_up{host="d",lifecycle="active"}', values: '1x1 stale _x16 0x20'}
      - {series: 'endpoint_probes_total{host="c",lifecycle="active",outcome="ok"}', values: '1x60'}
      - {series: 'endpoint_probes_total{host="d",lifecycle="active",outcome="ok"}', values: '1x60'}
      - {series: 'endpoint_probes_total{host="a",lifecycle="active",outcome="ok"}', values: '1x40'}
      - {series: 'endpoint_probes_total{host="b",lifecycle="active",outcome="ok"}', values: '1x40'}
    promql_expr_test:
      - {expr: 'endpoint:bad_since:timestamp{host=~"a|b"}', eval_time: 1m}
      - {expr: 'endpoint:bad_since:timestamp{host=~"a|b"}', eval_time: 4m, exp_samples: [{labels: 'endpoint:bad_since:timestamp{host="a",lifecycle="active"}', value: 120}]}
      - {expr: 'endpoint:bad_since:timestamp{host=~"a|b"}', eval_time: 6m30s}
      - {expr: 'endpoint:bad_since:timestamp{host=~"a|b"}', eval_time: 15m, exp_samples: [{labels: 'endpoint:bad_since:timestamp{host="a",lifecycle="active"}', value: 420}]}
      - {expr: 'endpoint:bad_since:timestamp{host="c"}', eval_time: 3m, exp_samples: [{labels: 'endpoint:bad_since:timestamp{host="c",lifecycle="active"}', value: 60}]}
      - {expr: 'endpoint:bad_since:timestamp{host=~"c|d"}', eval_time: 9m}
      - {expr: 'endpoint:trouble_since:timestamp{host=~"c|d"}', eval_time: 9m, exp_samples: [{labels: 'endpoint:trouble_since:timestamp{host="c",lifecycle="active"}', value: 60}]}
      - {expr: 'endpoint:bad_since:timestamp{host=~"c|d"}', eval_time: 15m, exp_samples: [
          {labels: 'endpoint:bad_since:timestamp{host="c",lifecycle="active"}', value: 60}, {labels: 'endpoint:bad_since:timestamp{host="d",lifecycle="active"}', value: 570}]}
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
