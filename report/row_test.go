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
