package render_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"prober/needs"
	"prober/report"
	"prober/report/render"
)

// TestPageInBrowser looks at the page in Chromium, with axe-core: whether it can be read
// and operated by everybody, does what it says, loads nothing, and is quick. The checks are
// those of browsertest/look.mjs. With PROBER_SCREENSHOTS=DIR it leaves pictures there.
func TestPageInBrowser(t *testing.T) {
	if !needs.All() && os.Getenv("PROBER_SCREENSHOTS") == "" {
		t.Skip("takes half a minute of a browser; PROBER_REQUIRE_TOOLS=1 runs it")
	}
	node, npm, chromium := needs.Program(t, "node"), needs.Program(t, "npm"), needs.Program(t, "chromium")
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	install(ctx, t, npm, dir)

	small, whole := filepath.Join(dir, "small.html"), filepath.Join(dir, "full.html")
	for path, r := range map[string]*report.Report{small: sample(t), whole: full(t, mostly)} {
		if err := render.WriteFile(path, r, render.HTML); err != nil {
			t.Fatal(err)
		}
	}
	script, err := filepath.Abs(filepath.Join("browsertest", "look.mjs"))
	if err != nil {
		t.Fatal(err)
	}
	args := []string{script, chromium, small, whole}
	if shots := os.Getenv("PROBER_SCREENSHOTS"); shots != "" {
		args = append(args, shots)
	}
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, node, args...)
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
	if len(seen.Checks) < 60 {
		t.Errorf("%d checks, want at least 60", len(seen.Checks))
	}
	for _, c := range seen.Checks {
		if !c.OK {
			t.Errorf("%s: %s", c.Name, c.Detail)
		}
	}
	t.Log(seen.Measures)
}

// install puts the packages of browsertest/package-lock.json into dir.
func install(ctx context.Context, t *testing.T, npm, dir string) {
	t.Helper()
	for _, name := range []string{"package.json", "package-lock.json"} {
		text, err := os.ReadFile(filepath.Join("browsertest", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(ctx, npm, "ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		needs.Missing(t, "needs axe-core and playwright-core: npm ci: %v\n%s", err, out)
	}
}
