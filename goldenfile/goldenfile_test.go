package goldenfile_test

import (
	"fmt"
	"testing"

	"prober/goldenfile"
)

// told takes down what a comparison says of a test.
type told struct {
	testing.TB
	errors []string
}

func (t *told) Helper() {}

func (t *told) Errorf(format string, args ...any) {
	t.errors = append(t.errors, fmt.Sprintf(format, args...))
}

// What was written with -update is found again, and the first line that is another one is told.
func TestCompare(t *testing.T) {
	t.Chdir(t.TempDir())
	goldenfile.Compare(t, true, "deep/list.txt", []byte("one\ntwo\n"))
	for now, want := range map[string]string{
		"one\ntwo\n":   "",
		"one\ntwo\n\n": "4 lines, want 3",
		"one\n2\n":     "line 2:\n got \"2\"\nwant \"two\"",
	} {
		heard := &told{TB: t}
		goldenfile.Compare(heard, false, "deep/list.txt", []byte(now))
		prefix := "testdata/deep/list.txt differs from what is made now; look at it, and accept it with -update\n"
		if want == "" && len(heard.errors) > 0 || want != "" && (len(heard.errors) != 1 || heard.errors[0] != prefix+want) {
			t.Errorf("%q: %q, want %q", now, heard.errors, want)
		}
	}
}
