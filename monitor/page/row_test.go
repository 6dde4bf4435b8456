package page

import (
	"testing"
	"time"

	"prober/monitor/fixture"
	"prober/monitor/view"
	"prober/probe/reason"
)

func TestCertificateCell(t *testing.T) {
	day := 24 * time.Hour
	tests := []struct {
		from, to time.Duration
		verified bool
		text     string
		state    reason.Outcome
	}{
		{-day, 63*day + time.Hour, true, "63 days left", reason.OK},
		{-day, 20*day + time.Hour, true, "20 days left", reason.Degraded},
		{-day, day + time.Hour, true, "1 day left", reason.Degraded},
		{-9 * day, -2 * day, false, "expired 2 d ago", reason.Fail},
		{day, 9 * day, true, "not valid yet", reason.Fail},
		{-day, 63*day + time.Hour, false, "not trusted, 63 days left", reason.Fail},
	}
	for _, tt := range tests {
		c := newCertificateCell(&view.CertificateStatus{NotBefore: fixture.Epoch().Add(tt.from), NotAfter: fixture.Epoch().Add(tt.to), Verified: tt.verified}, fixture.Epoch())
		if c.Text != tt.text || c.State != tt.state {
			t.Errorf("%q %v, want %q %v", c.Text, c.State, tt.text, tt.state)
		}
	}
}
