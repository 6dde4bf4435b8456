package main

import (
	"strings"
	"testing"
)

// Whoever loads a list is told of the rules in it that nothing judges: each way in says the same.
func TestUnreadRulesAreTold(t *testing.T) {
	list := write(t, "mine.yaml", "products:\n  - {id: shop, rules: {methods: {id: shop/m, served: [GET]}}}\nendpoints: [{product: shop, url: 'tls://127.0.0.1:1'}]\n")
	const want = `prober: note: mine.yaml:2: the rule "shop/m" is judged by nothing: no requirement that the endpoints of shop are judged by reads it`
	for _, args := range [][]string{
		{"endpoints", "validate", list},
		{"check", "--endpoints", list, "--sandbox"},
		{"conformance", "--endpoints", list, "--sandbox", "--list"},
	} {
		if r := runApp(t, nil, args...); strings.Count(r.stderr, want+"\n") != 1 {
			t.Errorf("%v: exit code %d: %s", args, r.code, r.stderr)
		}
	}
	_, end := served(t, "--endpoints", list, "--sandbox")
	if log, err := end(); err != nil || !strings.Contains(log, "no requirement that the endpoints of shop are judged by reads it") {
		t.Errorf("serve: %v: %s", err, log)
	}
}
