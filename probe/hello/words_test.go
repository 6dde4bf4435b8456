package hello_test

import (
	"strings"
	"testing"

	"prober/probe/hello"
)

// TestWords checks that every value has a word, that the words read back, and that values
// that do not exist say so.
func TestWords(t *testing.T) {
	for _, v := range hello.Versions() {
		text, _ := v.MarshalText()
		var back hello.Version
		if err := back.UnmarshalText(text); err != nil || back != v {
			t.Errorf("%s reads back as %s, %v", v, back, err)
		}
	}
	for _, v := range []hello.Verdict{hello.Inconclusive, hello.Accepted, hello.Rejected} {
		text, _ := v.MarshalText()
		var back hello.Verdict
		if err := back.UnmarshalText(text); err != nil || back != v {
			t.Errorf("%s reads back as %s, %v", v, back, err)
		}
	}
	if err := new(hello.Version).UnmarshalText([]byte("TLS1.4")); err == nil || !strings.Contains(err.Error(), `"TLS1.4"`) {
		t.Errorf("TLS1.4: %v", err)
	}
	if err := new(hello.Verdict).UnmarshalText([]byte("maybe")); err == nil || !strings.Contains(err.Error(), `"maybe"`) {
		t.Errorf("maybe: %v", err)
	}
	seen := map[string]bool{}
	for k := hello.Stopped; k <= hello.Higher; k++ {
		if seen[k.String()] || strings.Contains(k.String(), "undefined") {
			t.Errorf("kind %d is called %q", k, k)
		}
		seen[k.String()] = true
	}
	for _, got := range []string{hello.Version(9).String(), hello.Verdict(9).String(), hello.Variant(9).String(), hello.Kind(99).String()} {
		if !strings.HasPrefix(got, "undefined(") {
			t.Errorf("a value that does not exist is called %q", got)
		}
	}
}

// TestZeroValues checks that nothing is claimed before anything was asked.
func TestZeroValues(t *testing.T) {
	var table hello.Table
	if table[hello.TLS13].Verdict != hello.Inconclusive {
		t.Error("an empty table claims something")
	}
	if (hello.Answer{}).ServerHello() {
		t.Error("an empty answer claims a ServerHello")
	}
	if hello.Offered(99, hello.Main) != nil {
		t.Error("a version that does not exist offers suites")
	}
}
