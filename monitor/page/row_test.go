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
		{-day, 23*time.Hour + 5*time.Minute, true, "23 h 5 min left", reason.Degraded},
	}
	for _, tt := range tests {
		c := newCertificateCell(&view.CertificateStatus{NotBefore: fixture.Epoch().Add(tt.from), NotAfter: fixture.Epoch().Add(tt.to), Verified: tt.verified}, fixture.Epoch())
		if c.Text != tt.text || c.State != tt.state {
			t.Errorf("%q %v, want %q %v", c.Text, c.State, tt.text, tt.state)
		}
	}
}

// What ends first on the verified path is what ends: the server's own certificate may outlive an intermediate one, and whoever is
// called for that is to see it.
func TestCertificateCellOfAPath(t *testing.T) {
	day := 24 * time.Hour
	at := func(d time.Duration) time.Time {
		if d == 0 {
			return time.Time{}
		}
		return fixture.Epoch().Add(d)
	}
	for _, tt := range []struct {
		name                 string
		from, to, began, end time.Duration // of the server's own, and of the path; 0: not known
		text                 string
		state                reason.Outcome
	}{
		{"the path ends as the certificate does", -day, 63 * day, -day, 63 * day, "63 days left", reason.OK},
		{"an intermediate one ends soon", -day, 63 * day, -700 * day, 2 * day, "chain: 2 days left", reason.Degraded},
		{"an intermediate one ends before", -day, 63 * day, -700 * day, 40 * day, "chain: 40 days left", reason.OK},
		{"an intermediate one has ended since", -day, 63 * day, -700 * day, -time.Hour, "chain: expired 1 h ago", reason.Fail},
		{"of a life of six days", -2 * day, 4 * day, -2 * day, 4 * day, "4 days left", reason.OK},
		{"late in a life of six days", -5 * day, day, -5 * day, day, "1 day left", reason.Degraded},
		{"of a life of a day", -time.Hour, 23 * time.Hour, -time.Hour, 23 * time.Hour, "23 h left", reason.OK},
		{"another kind of certificate ends first", -day, 5 * day, -day, 89 * day, "5 days left", reason.Degraded},
		{"no path", -day, 63 * day, 0, 0, "63 days left", reason.OK},
		{"from afar", 0, 20 * day, 0, 20 * day, "20 days left", reason.Degraded},
		{"from afar, of a short life", 0, 4 * day, -2 * day, 4 * day, "4 days left", reason.OK},
	} {
		c := newCertificateCell(&view.CertificateStatus{
			NotBefore: at(tt.from), NotAfter: at(tt.to), PathNotBefore: at(tt.began), PathNotAfter: at(tt.end), Verified: true,
		}, fixture.Epoch())
		if c.Text != tt.text || c.State != tt.state {
			t.Errorf("%s: %q %v, want %q %v", tt.name, c.Text, c.State, tt.text, tt.state)
		}
	}
}
