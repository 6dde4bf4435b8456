package grafana

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

var name = regexp.MustCompile(`\b(endpoint|prober|product|product_region)[:_][a-z0-9_:]+`)

// TestNames says that every metric that is asked for is one that the prober exports or that a rule records.
func TestNames(t *testing.T) {
	docs, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^## `([a-z_]+)`$").FindAllStringSubmatch(string(docs), -1) {
		for _, form := range []string{"", "_sum", "_count", "_bucket"} {
			known[m[1]+form] = true
		}
	}
	rules, err := filepath.Glob("../prometheus/*.yml")
	if err != nil || len(rules) == 0 {
		t.Fatalf("no rules in deploy/prometheus (%v)", err)
	}
	for _, path := range rules {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)record: *(\S+)$`).FindAllStringSubmatch(string(text), -1) {
			known[m[1]] = true
		}
	}
	asked := 0
	for _, q := range queries(t) {
		for _, metric := range name.FindAllString(q.Expr, -1) {
			asked++
			if !known[metric] {
				t.Errorf("%s, %s asks for %s, which nobody exports or records", q.Dashboard, q.Panel, metric)
			}
		}
	}
	if asked < 100 {
		t.Errorf("only %d names were looked at", asked)
	}
}
