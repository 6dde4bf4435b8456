package proof

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	rules "prober/deploy/prometheus"
)

// Scale is by how much time goes faster here than the committed files say.
const Scale = 30

// Interval is from one probe of an endpoint to the next: what half a minute becomes. Targets are scraped, and rules
// evaluated, twice within it, as in earnest; and group_wait leaves a busy machine, whose delays Scale does not divide,
// two intervals more than in earnest.
const (
	Interval   = 30 * time.Second / Scale
	scrape     = "500ms"
	evaluation = "500ms"
)

var (
	// durations of rules and routes: [5m], [30d:1h], offset 1d, for: 2m, group_wait: 2m.
	duration = regexp.MustCompile(`(\[|:|offset |for: |keep_firing_for: |group_wait: |group_interval: )(\d+)([smhd])\b`)
	interval = regexp.MustCompile(`\b(interval): \d+[smh]`)
)

// Scaled is a committed file in which every duration is divided by Scale, but for how often rules are evaluated.
// Names of records, such as ratio_rate5m, stay as they are.
func Scaled(text string) string {
	text = interval.ReplaceAllString(text, "$1: "+evaluation)
	return duration.ReplaceAllStringFunc(text, func(found string) string {
		part := duration.FindStringSubmatch(found)
		n, _ := strconv.Atoi(part[2]) // digits alone
		unit := map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour}[part[3]]
		return fmt.Sprintf("%s%dms", part[1], (time.Duration(n) * unit / Scale).Milliseconds())
	})
}

// writeScaled writes the rules, scaled, into a folder and returns their paths.
func writeScaled(t testing.TB, dir string) (paths []string) {
	t.Helper()
	for _, name := range rules.RuleFiles() {
		paths = append(paths, write(t, dir, name, Scaled(committed(t, name))))
	}
	return paths
}

// committed is a file of deploy/prometheus.
func committed(t testing.TB, name string) string {
	t.Helper()
	text, err := rules.Files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t testing.TB, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
