package reason_test

import (
	"strings"
	"testing"

	"prober/limit"
	"prober/probe/reason"
)

// One order of outcomes, from the mildest.
func TestWorse(t *testing.T) {
	order := []reason.Outcome{reason.OK, reason.Degraded, reason.Unknown, reason.Fail}
	for i, a := range order {
		for j, b := range order {
			if got := a.Worse(b); got != (i > j) {
				t.Errorf("%s worse than %s: %t", a, b, got)
			}
		}
	}
}

func TestWorst(t *testing.T) {
	var (
		fine     = reason.Finding{Detail: "fine"}
		defect   = reason.VerifyBOM.Found("bom")
		unknown  = reason.ProberCanceled.Found("cut short")
		failure  = reason.BodyTimeout.Found("first")
		failure2 = reason.HeadersMalformed.Found("second")
	)
	for _, tt := range []struct {
		findings []reason.Finding
		want     reason.Finding
	}{
		{nil, reason.Finding{}},
		{[]reason.Finding{{}, fine}, fine},
		{[]reason.Finding{fine, {}}, reason.Finding{}},
		{[]reason.Finding{defect, fine}, defect},
		{[]reason.Finding{fine, defect}, defect},
		{[]reason.Finding{defect, unknown}, unknown},
		{[]reason.Finding{unknown, failure}, failure},
		{[]reason.Finding{failure, unknown, failure2}, failure},
	} {
		if got := reason.Worst(tt.findings...); got != tt.want {
			t.Errorf("of %v %v decides, want %v", tt.findings, got, tt.want)
		}
	}
}

// A detail may quote what came from the wire.
func TestFoundMakesALine(t *testing.T) {
	f := reason.VerifyNotAPI.Found("a\r\nb\x1b[31m\u202e" + strings.Repeat("x", limit.DetailBytes))
	if want := "a  b\uFFFD[31m\uFFFDx"; !strings.HasPrefix(f.Detail, want) || len(f.Detail) > limit.DetailBytes || !strings.HasSuffix(f.Detail, "x…") {
		t.Errorf("detail of %d bytes, %.40q", len(f.Detail), f.Detail)
	}
}
