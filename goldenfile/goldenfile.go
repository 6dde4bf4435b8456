// Package goldenfile compares, for tests, what is written now with a file that somebody has looked at: a page, a report, a
// table of metrics. What is meant to change is written anew by the flag -update of those tests, and reviewed as a
// difference between two versions of the file.
package goldenfile

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Compare compares got with testdata/name, or writes it there if update says so. It tells the first line that differs, and
// no more: the whole is a file away.
func Compare(t testing.TB, update bool, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil { //nolint:gosec // a file of the source
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s differs from what is made now; look at it, and accept it with -update\n%s", file, FirstDifference(string(got), string(want)))
	}
}

// FirstDifference is the first line that two texts do not share.
func FirstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d:\n got %q\nwant %q", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}
