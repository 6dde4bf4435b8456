package needs

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Promtools are the paths of promtool as Prometheus's users have it: the one of this machine, which may be years old, and,
// where nothing is to be left out, the current one, which the module deploy/proof pins and builds.
func Promtools(t testing.TB) []string {
	t.Helper()
	all := []string{Program(t, "promtool")}
	if !All() {
		return all
	}
	module, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		t.Fatalf("looking for the module: %v", err)
	}
	proof := filepath.Join(filepath.Dir(strings.TrimSpace(string(module))), "deploy", "proof")
	path, err := exec.Command("go", "-C", proof, "tool", "-n", "promtool").Output() //nolint:gosec // a folder of this module
	if err != nil {
		t.Fatalf("building promtool in %s: %v", proof, err)
	}
	return append(all, strings.TrimSpace(string(path)))
}
