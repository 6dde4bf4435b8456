// Package needs says what a test needs besides Go: programs that this project did not write, and
// patience. "go test ./..." is to pass with only Go installed and within a minute or two, so a test
// that lacks a program is skipped with a message, and one that takes long is left out. With
// PROBER_REQUIRE_TOOLS=1, which .ci/run sets, nothing is left out, and what is missing is a failure.
package needs

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// All reports whether nothing is to be left out.
func All() bool { return os.Getenv("PROBER_REQUIRE_TOOLS") == "1" }

// Program returns the path of a program, which is looked for in PATH, and in /usr/sbin, which is not
// in everybody's. Without it the test ends.
func Program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		path, err = exec.LookPath(filepath.Join("/usr/sbin", name))
	}
	if err != nil {
		Missing(t, "needs %s in PATH", name)
	}
	return path
}

// Missing ends a test that lacks something: it is skipped, or fails where nothing is to be left out.
func Missing(t testing.TB, format string, args ...any) {
	t.Helper()
	if All() {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

// Patience skips a test that takes long, unless nothing is to be left out.
func Patience(t testing.TB, why string) {
	t.Helper()
	if !All() {
		t.Skip(why + "; PROBER_REQUIRE_TOOLS=1 runs it")
	}
}
