package monitor

import (
	"time"

	"prober/monitor/view"
)

// instant is a time as it is kept: a third as long as a [time.Time], without anything that the garbage
// collector has to look at. Each endpoint has ten. 0: none.
type instant int64 // nanoseconds since 1970

func instantOf(t time.Time) instant {
	if t.IsZero() {
		return 0
	}
	return instant(t.UnixNano())
}

func (i instant) time() time.Time {
	if i == 0 {
		return time.Time{}
	}
	return time.Unix(0, int64(i)).UTC()
}

// second is a time of a certificate, which has no parts of a second and may be thousands of years away.
type second int64 // since the year 1, where the zero time lies

// toYear1 is the second of the year 1970 that Unix counts from.
const toYear1 = 62_135_596_800

func secondOf(t time.Time) second { return second(t.Unix() + toYear1) }

func (s second) time() time.Time { return time.Unix(int64(s)-toYear1, 0).UTC() }

// keptCertificate is a [CertificateStatus] in half of its memory.
type keptCertificate struct {
	seen                                                            instant
	subject, issuer, sha256                                         string
	notBefore, notAfter, chainNotAfter, pathNotAfter, pathNotBefore second
	verified                                                        bool
}

// keep makes c what is kept, with one copy of texts that stay the same.
func (k *keptCertificate) keep(c view.CertificateStatus) {
	if c.SHA256 == k.sha256 {
		c.SHA256, c.Subject, c.Issuer = k.sha256, k.subject, k.issuer
	}
	*k = keptCertificate{
		instantOf(c.Seen), c.Subject, c.Issuer, c.SHA256,
		secondOf(c.NotBefore), secondOf(c.NotAfter), secondOf(c.ChainNotAfter), secondOf(c.PathNotAfter), secondOf(c.PathNotBefore), c.Verified,
	}
}

// status is what is kept, and false where there is nothing.
func (k *keptCertificate) status() (view.CertificateStatus, bool) {
	return view.CertificateStatus{
		Seen: k.seen.time(), Subject: k.subject, Issuer: k.issuer, SHA256: k.sha256,
		NotBefore: k.notBefore.time(), NotAfter: k.notAfter.time(), ChainNotAfter: k.chainNotAfter.time(),
		PathNotAfter: k.pathNotAfter.time(), PathNotBefore: k.pathNotBefore.time(), Verified: k.verified,
	}, k.seen != 0
}
