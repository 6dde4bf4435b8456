package afar

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"prober/needs"
)

// Of a vantage that goes on with fewer probers it is not said that nothing is known from there.
func TestAShardThatIsAbsentIsNotItsVantage(t *testing.T) {
	now := time.Now().Truncate(time.Second)
	known := full(now)
	known[`ALERTS{alertname="ProberAbsent",alertstate="firing"}`] = sample(`"vantage":"oslo"`, now, "1")
	for heard, want := range map[string]string{"": "vantage oslo", sample(`"vantage":"oslo"`, now, "1"): "a shard of vantage oslo"} {
		known["prober:heard:count"] = heard
		s, _ := told(t, known, now)
		if notes := s.Standing().Notes; len(notes) != 1 || notes[0].Why != want {
			t.Errorf("notes %+v, want one of %s", notes, want)
		}
	}
}

// Of why an endpoint is unknown nothing is told by a prober that is silent itself, however often it could not tell before; and the
// vantages of an endpoint are those that list it, or are silent.
func TestWhatASilentProberSaidSaysNothingOfNow(t *testing.T) {
	folder := t.TempDir()
	text := strings.NewReplacer("COUNTED", counted("endpoint_unknown_total"), "MISSED", missed(key{host: "h"})).Replace(`
evaluation_interval: 1m
rule_files: []
tests:
  - interval: 1m
    input_series:
      - {series: 'endpoint_unknown_total{host="h",vantage="x",reason="resolver_silent"}', values: '0+1x10 stale'}
      - {series: 'endpoint_unknown_total{host="h",vantage="y",reason="vantage_offline"}', values: '0+1x20'}
      - {series: 'endpoint_probes_total{host="h",vantage="x",outcome="ok"}', values: '1x10 stale'}
      - {series: 'endpoint_probes_total{host="h",vantage="y",outcome="ok"}', values: '1x20'}
      - {series: 'endpoint_probes_total{host="h",vantage="z",outcome="ok"}', values: '1x10 stale'}
      - {series: 'prober:heard:count{vantage="x"}', values: '1x10 stale'}
      - {series: 'prober:heard:count{vantage="y"}', values: '1x20'}
      - {series: 'prober:heard:count{vantage="z"}', values: '1x20'}
    promql_expr_test:
      - {expr: 'sum by (host, reason) (COUNTED)', eval_time: 15m, exp_samples: [{labels: '{host="h",reason="vantage_offline"}', value: 10}]}
      - {expr: 'sum by (vantage) (MISSED)', eval_time: 15m, exp_samples: [{labels: '{vantage="x"}', value: 1}, {labels: '{vantage="y"}', value: 1}]}
`)
	if err := os.WriteFile(filepath.Join(folder, "test.yml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, promtool := range needs.Promtools(t) {
		cmd := exec.CommandContext(t.Context(), promtool, "test", "rules", "test.yml")
		cmd.Dir = folder
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", promtool, err, out)
		}
	}
}
