package board

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the dashboards")

const folder = "../provisioning/dashboards/prober"

// TestCommitted says that the shipped dashboards are those that the code writes.
func TestCommitted(t *testing.T) {
	boards, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range boards {
		path := filepath.Join(folder, name)
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
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) != len(boards) {
		t.Errorf("%d files in %s and %d dashboards (%v)", len(files), folder, len(boards), err)
	}
}
