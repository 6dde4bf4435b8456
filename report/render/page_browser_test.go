package render_test

import (
	"path/filepath"
	"testing"

	"prober/needs"
	"prober/report"
	"prober/report/render"
)

// TestPageInBrowser looks at the page in Chromium, with axe-core: whether it can be read
// and operated by everybody, does what it says, loads nothing, and is quick. The checks are
// those of browsertest/look.mjs. With PROBER_SCREENSHOTS=DIR it leaves pictures there.
func TestPageInBrowser(t *testing.T) {
	needs.Browser(t)
	dir := t.TempDir()

	small, whole := filepath.Join(dir, "small.html"), filepath.Join(dir, "full.html")
	for path, r := range map[string]*report.Report{small: sample(t), whole: full(t, mostly)} {
		if err := render.WriteFile(path, r, render.HTML); err != nil {
			t.Fatal(err)
		}
	}
	t.Log(needs.Look(t, "browsertest", filepath.Join("browsertest", "look.mjs"), 60, small, whole))
}
