package certs

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"slices"
	"time"

	"prober/probe/reason"
)

// orderFinding says that a path is found only by who tries every certificate that was sent. OpenSSL,
// curl and GnuTLS follow the first that could be the issuer, up to a trusted root, and do not turn back:
// where it is a twin that another root signed, they refuse the chain.
func (j *Judge) orderFinding(w *work, sent, path []*x509.Certificate, now time.Time) reason.Finding {
	left, child := slices.Clone(sent[1:]), sent[0]
	var wrong, of *x509.Certificate // where the first leave the path
	for !j.Anchors.has(child) && !j.bearsRootName(child.RawIssuer) {
		next, ok := w.first(child, left, now)
		if !ok || next == nil && wrong == nil {
			return reason.Finding{}
		}
		if next == nil {
			return reason.TLSCertIncompleteChain.Found(fmt.Sprintf("the first certificate %s that was sent as the issuer of %s leads to no trusted root, and another of its name does: OpenSSL, curl and GnuTLS follow the first alone", shortName(wrong), shortName(of)))
		}
		if wrong == nil && !slices.ContainsFunc(path, next.Equal) {
			wrong, of = next, child
		}
		left = slices.DeleteFunc(left, next.Equal)
		child = next
	}
	return reason.Finding{}
}

// first returns the first certificate of a list that is an issuer of c by its name, key and dates; of
// those outside their dates, if there is no other. ok is false where the work has to end.
func (w *work) first(c *x509.Certificate, from []*x509.Certificate, now time.Time) (first *x509.Certificate, ok bool) {
	for _, p := range from {
		if !bytes.Equal(p.RawSubject, c.RawIssuer) || anotherKey(c, p) {
			continue
		}
		switch how, ok := w.signed(c, p); {
		case !ok:
			return nil, false
		case how != signed:
		case !now.Before(p.NotBefore) && !now.After(p.NotAfter):
			return p, true
		case first == nil:
			first = p
		}
	}
	return first, true
}
