package board

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the dashboards")

const folder = "../provisioning/dashboards/prober"

// TestCommitted says that the shipped dashboards, and the page about them, are those that the code writes.
func TestCommitted(t *testing.T) {
	boards, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range boards {
		committed(t, filepath.Join(folder, name), want)
	}
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) != len(boards) {
		t.Errorf("%d files in %s and %d dashboards (%v)", len(files), folder, len(boards), err)
	}
	docs, err := Docs()
	if err != nil {
		t.Fatal(err)
	}
	committed(t, "../../../docs/dashboards.md", []byte(docs))
}

// committed compares a file with what it is to hold, and writes it with -update.
func committed(t *testing.T, path string, want []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s is not what the code writes: go test ./board -update", path)
	}
}

// TestObjective says that the thresholds are those of the objective that the rules have.
func TestObjective(t *testing.T) {
	rules, err := os.ReadFile("../../prometheus/state.yml")
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("- record: prober:objective:ratio\n        expr: vector(%v)\n", objective)
	if !strings.Contains(string(rules), want) {
		t.Errorf("the rules have not the objective %v", objective)
	}
}
