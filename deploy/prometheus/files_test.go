package prometheus

import (
	"flag"
	"os"
	"os/exec"
	"strings"
	"testing"

	"prober/needs"
)

var update = flag.Bool("update", false, "write windows.yml")

// What is generated is what was committed.
func TestWindowsAreCurrent(t *testing.T) {
	if *update {
		if err := os.WriteFile("windows.yml", []byte(Windows()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("windows.yml")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != Windows() {
		t.Error("windows.yml is not what windows.go says; run go test ./deploy/prometheus -update")
	}
}

// Prometheus takes the rules, the one that is installed and the current one.
func TestPromtoolTakesTheRules(t *testing.T) {
	for _, promtool := range needs.Promtools(t) {
		out, err := exec.Command(promtool, append([]string{"check", "rules"}, RuleFiles()...)...).CombinedOutput()
		if err != nil || strings.Contains(string(out), "FAILED") { // what it only warns of ends with 0
			t.Errorf("%s: %v\n%s", promtool, err, out)
		}
	}
}
