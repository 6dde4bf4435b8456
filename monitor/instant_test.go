package monitor

import (
	"testing"
	"time"

	"prober/monitor/view"
)

// What is kept of a time is the time, also of one that is not known or far away.
func TestTimesAreKept(t *testing.T) {
	for _, at := range []time.Time{{}, epoch, epoch.Add(7), time.Date(1949, 1, 1, 0, 0, 0, 0, time.UTC)} {
		if got := instantOf(at).time(); got != at {
			t.Errorf("%v is kept as %v", at, got)
		}
	}
	for _, at := range []time.Time{{}, epoch, time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)} {
		if got := secondOf(at).time(); got != at {
			t.Errorf("%v is kept as %v", at, got)
		}
	}
	c := view.CertificateStatus{
		Seen: epoch.Add(1), Subject: "s", Issuer: "i", SHA256: "f", NotBefore: epoch.Add(time.Second), NotAfter: epoch.Add(2 * time.Second),
		ChainNotAfter: epoch.Add(3 * time.Second), PathNotAfter: epoch.Add(4 * time.Second), PathNotBefore: epoch.Add(5 * time.Second), Verified: true,
	}
	var k keptCertificate
	if _, any := k.status(); any {
		t.Error("a certificate is kept before there was one")
	}
	k.keep(c)
	if got, any := k.status(); !any || got != c {
		t.Errorf("%+v is kept as %+v", c, got)
	}
}
