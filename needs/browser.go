package needs

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Packages installs the packages of Node.js that are locked in a folder into another one.
func Packages(t testing.TB, from, to string) {
	t.Helper()
	for _, name := range []string{"package.json", "package-lock.json"} {
		text, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), Program(t, "npm"), "ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund")
	cmd.Dir = to
	if out, err := cmd.CombinedOutput(); err != nil {
		Missing(t, "needs the packages of %s: npm ci: %v\n%s", from, err, out)
	}
}

// Browser skips a test where half a minute of a browser is too much.
func Browser(t testing.TB) {
	t.Helper()
	if os.Getenv("PROBER_SCREENSHOTS") == "" {
		Patience(t, "takes half a minute of a browser")
	}
}

// Look has a script of Node.js look at pages in Chromium, with the packages that are locked in a folder.
// The script is given the program of the browser, the folder for pictures, which PROBER_SCREENSHOTS
// names (empty: none), and args. It prints {"checks": [{"name", "ok", "detail"}], "measures": {}}. Each
// check that is not ok is an error, and so are fewer checks than least; the measures are returned.
func Look(t testing.TB, packages, script string, least int, args ...string) map[string]float64 {
	t.Helper()
	node, chromium, dir := Program(t, "node"), Program(t, "chromium"), t.TempDir()
	Packages(t, packages, dir)
	path, err := filepath.Abs(script)
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), node, append([]string{path, chromium, os.Getenv("PROBER_SCREENSHOTS")}, args...)...)
	cmd.Dir, cmd.Stderr = dir, &stderr
	// The profile and what else the browser keeps go with the test.
	cmd.Env = append(os.Environ(), "HOME="+dir, "TMPDIR="+dir)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("looking at the page: %v\n%s", err, stderr.Bytes())
	}
	var seen struct {
		Checks []struct {
			Name   string
			OK     bool
			Detail string
		}
		Measures map[string]float64
	}
	if err := json.Unmarshal(out, &seen); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if len(seen.Checks) < least {
		t.Errorf("%d checks, want at least %d", len(seen.Checks), least)
	}
	for _, c := range seen.Checks {
		if !c.OK {
			t.Errorf("%s: %s", c.Name, c.Detail)
		}
	}
	return seen.Measures
}
