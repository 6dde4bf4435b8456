package certs

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"slices"
	"strings"
	"time"

	"prober/probe/reason"
)

// spelt returns a certificate, sent or trusted, that made the signature of c and whose subject is c's
// issuer in another spelling: in other letters, with other spaces, or in another type of string. RFC 5280,
// section 7.1, and OpenSSL take the two names for one; crypto/x509 and GnuTLS compare their bytes.
func (j *Judge) spelt(w *work, c *x509.Certificate) *x509.Certificate {
	issuer, ok := canonicalName(c.RawIssuer)
	if !ok {
		return nil
	}
	for _, p := range slices.Concat(j.Anchors.Usable, w.sent) {
		if bytes.Equal(p.RawSubject, c.RawIssuer) || p.Equal(c) {
			continue
		}
		if name, ok := canonicalName(p.RawSubject); !ok || name != issuer {
			continue
		}
		if how, _ := w.signed(c, p); how == signed {
			return p
		}
	}
	return nil
}

// speltOtherwise says so where nothing else keeps the chain from being trusted, and what does otherwise.
func (j *Judge) speltOtherwise(w *work, c *x509.Certificate, now time.Time) reason.Finding {
	p := j.spelt(w, c)
	above := append([]*x509.Certificate{p}, slices.DeleteFunc(slices.Clone(w.sent), func(x *x509.Certificate) bool { return x.Equal(p) || x.Equal(c) })...)
	if path, _, err := j.find(w, above, now); path == nil && !j.Anchors.has(p) {
		w.sent = above // without c, so that this ends
		l := j.lineOf(w, above, now)
		l.certs, l.links = append([]*x509.Certificate{c}, l.certs...), append([]link{signed}, l.links...)
		return j.trustFinding(w, l, err, now)
	}
	return unsupported("this program cannot verify that %q issued %s, which names %q: the names are one by RFC 5280, section 7.1, and it compares their bytes, as GnuTLS does; OpenSSL does not", nameText(p.Subject), shortName(c), nameText(c.Issuer))
}

// canonicalName writes a distinguished name so that two spellings of one come out alike, a line for each
// part, so that a name above it is its beginning. ok is false where it cannot be read.
func canonicalName(der []byte) (text string, ok bool) {
	var names pkix.RDNSequence
	if rest, err := asn1.Unmarshal(der, &names); err != nil || len(rest) > 0 {
		return "", false
	}
	var b strings.Builder
	for _, set := range names {
		for _, a := range set {
			text, ok := a.Value.(string)
			if !ok {
				return "", false
			}
			b.WriteString(a.Type.String() + "=" + strings.ToLower(strings.Join(strings.Fields(text), " ")) + "\x00")
		}
		b.WriteByte('\n')
	}
	return b.String(), true
}
