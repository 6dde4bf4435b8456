package report_test

import (
	"testing"

	"prober/report"
)

func TestStory(t *testing.T) {
	res := report.Result{Detail: "expired\n  127.0.0.1\n  $ openssl a\n  ::1\n  $ openssl b", Reproduce: "openssl a"}
	if got := res.Story(); got != "expired\n  127.0.0.1\n  ::1" {
		t.Errorf("story: %q", got)
	}
	if got := res.BesideCommand(); got != "expired\n  127.0.0.1\n  ::1\n  $ openssl b" || !res.ShowsCommand() {
		t.Errorf("beside the command: %q", got)
	}
	if got := res.Line(); got != "expired 127.0.0.1 ::1" {
		t.Errorf("line: %q", got)
	}
	if got := (report.Result{Detail: "$ openssl a"}).Line(); got != "$ openssl a" {
		t.Errorf("a detail that is a command: %q", got)
	}
}

// TestApart leaves out what was expected and got where the detail says both.
func TestApart(t *testing.T) {
	const detail = "expected a to be b\n  one is wrong\n  $ show one\n  two is wrong\n  $ show two"
	for name, tt := range map[string]struct {
		detail, expected, got string
		apart                 bool
	}{
		"one thing":       {"expected a to be b\n  one is wrong", "a to be b", "one is wrong", false},
		"several things":  {detail, "a to be b", "one is wrong; two is wrong", false},
		"another thing":   {detail, "a to be b", "one is wrong; three is wrong", true},
		"nothing of it":   {"a word", "a to be b", "one is wrong", true},
		"nothing was got": {detail, "a to be c", "", true},
	} {
		expected, got := report.Result{Detail: tt.detail, Expected: tt.expected, Got: tt.got}.Apart()
		if want := tt.apart; (expected == tt.expected && got == tt.got) != want || want == (expected+got == "") {
			t.Errorf("%s: %q and %q", name, expected, got)
		}
	}
}
