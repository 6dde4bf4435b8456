package main

import (
	"path/filepath"
	"strings"
	"testing"

	"prober/needs"
)

// Every list in docs/examples is valid, and what it names is well in the sandbox.
func TestExamples(t *testing.T) {
	t.Parallel()
	lists, err := filepath.Glob("../../docs/examples/*.yaml")
	if err != nil || len(lists) < 4 {
		t.Fatalf("%d lists, %v", len(lists), err)
	}
	for _, list := range lists {
		t.Run(filepath.Base(list), func(t *testing.T) {
			if r := runApp(t, nil, "endpoints", "validate", list); r.code != 0 || !strings.Contains(r.stdout, " is valid: ") {
				t.Fatalf("exit code %d\n%s%s", r.code, r.stdout, r.stderr)
			}
			if strings.Contains(list, "1000") {
				needs.Patience(t, "a thousand handshakes")
			}
			if r := runApp(t, nil, "check", "--sandbox", "--endpoints", list); r.code != 0 || strings.Contains(r.stdout, "unknown") {
				t.Errorf("exit code %d\n%s%s", r.code, r.stdout, r.stderr)
			}
		})
	}
}
