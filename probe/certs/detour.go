package certs

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"slices"
	"time"

	"prober/probe/reason"
)

// detourFinding says that a path to a root is there and that clients miss it that take the first
// certificate that bears the name and the key identifier of an issuer, and no other when that leads
// nowhere. OpenSSL and GnuTLS do so; crypto/x509 tries them all.
func (j *Judge) detourFinding(w *work, sent, path []*x509.Certificate, now time.Time) reason.Finding {
	taken := sent[:1:1]
	for {
		c := taken[len(taken)-1]
		if j.endsAt(w, c, path) {
			return reason.Finding{}
		}
		next := firstIssuer(c, sent, taken, now)
		if next == nil {
			return reason.TLSCertKeyID.Found(fmt.Sprintf("clients that take the first certificate with the name of an issuer come to %s, and from there to no trusted root, though another way leads to %q", shortName(c), nameText(path[len(path)-1].Subject)))
		}
		switch how, ok := w.signed(c, next); {
		case !ok:
			return reason.Finding{} // what they would do is not known
		case how == unsigned:
			return reason.TLSCertKeyID.Found(fmt.Sprintf("of the certificates with the name of the issuer of %s, the one that was sent first did not sign it: clients that try no other fail", shortName(c)))
		}
		taken = append(taken, next)
	}
}

// endsAt reports whether c is a trusted root, or one that is known signed it.
func (j *Judge) endsAt(w *work, c *x509.Certificate, path []*x509.Certificate) bool {
	roots, _ := j.Anchors.named(c.RawIssuer)
	for _, root := range append(roots, path[len(path)-1]) {
		if c.Equal(root) {
			return true
		}
		if bytes.Equal(root.RawSubject, c.RawIssuer) {
			if how, ok := w.signed(c, root); !ok || how == signed {
				return true
			}
		}
	}
	return false
}

// firstIssuer is the first certificate that was sent, is not taken yet and could have issued c by
// its name and key identifier; one that is within its dates comes before the others.
func firstIssuer(c *x509.Certificate, sent, taken []*x509.Certificate, now time.Time) (first *x509.Certificate) {
	for _, p := range sent {
		if !bytes.Equal(p.RawSubject, c.RawIssuer) || anotherKey(c, p) || slices.Contains(taken, p) {
			continue
		}
		if !now.Before(p.NotBefore) && !now.After(p.NotAfter) {
			return p
		}
		if first == nil {
			first = p
		}
	}
	return first
}
