package report_test

import (
	"syscall"
	"testing"

	"prober/report"
)

// Scripts rely on the numbers.
func TestExitCodes(t *testing.T) {
	for o, want := range map[report.Outcome]report.ExitCode{report.Pass: 0, report.Fail: 1, report.Inconclusive: 3, report.Skip: 3, "": 3} {
		if got := o.ExitCode(); got != want {
			t.Errorf("%q: %d, want %d", o, got, want)
		}
	}
	for s, want := range map[syscall.Signal]report.ExitCode{syscall.SIGINT: 130, syscall.SIGTERM: 143} {
		if got := report.Signalled(int(s)); got != want {
			t.Errorf("%s: %d, want %d", s, got, want)
		}
	}
	if report.ExitUsage != 2 {
		t.Errorf("wrong usage: %d", report.ExitUsage)
	}
}
