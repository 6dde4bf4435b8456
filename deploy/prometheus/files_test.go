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

// Prometheus takes the rules, of whichever version is installed.
func TestPromtoolTakesTheRules(t *testing.T) {
	out, err := exec.Command(needs.Program(t, "promtool"), append([]string{"check", "rules"}, RuleFiles()...)...).CombinedOutput()
	if err != nil || strings.Contains(string(out), "FAILED") { // what it only warns of ends with 0
		t.Errorf("promtool: %v\n%s", err, out)
	}
}
