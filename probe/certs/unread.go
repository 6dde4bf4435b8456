package certs

import (
	"bytes"
	"crypto/x509"
	"fmt"

	"prober/probe/reason"
)

// unreadIssuer judges a chain that needs a certificate which was sent and cannot be parsed. told
// means that it does. Whose key signed what cannot be computed there: the names are followed up. Where
// they lead to a trusted root, others may find a path, and that the certificate cannot be parsed is
// a finding already; where they do not, nobody does.
func (j *Judge) unreadIssuer(w *work, l line) (f reason.Finding, told bool) {
	child := l.top()
	for i, how := range l.links {
		if how != signed {
			child = l.certs[i]
			break
		}
	}
	above := w.unreadNamed(child.RawIssuer)
	if _, unusable := j.Anchors.named(child.RawIssuer); above == nil || child == l.top() && (l.rooted() || unusable != nil) {
		return reason.Finding{}, false
	}
	top, seen := *above, map[string]bool{}
	for !seen[string(top.issuer)] {
		seen[string(top.issuer)] = true
		if j.bearsRootName(top.subject) || j.bearsRootName(top.issuer) {
			return reason.Finding{}, true
		}
		if next := w.unreadNamed(top.issuer); next != nil {
			top = *next
		} else if c := w.sentNamed(top.issuer); c != nil {
			top = rawFacts{facts: Certificate{Subject: nameText(c.Subject), Issuer: nameText(c.Issuer)}, subject: c.RawSubject, issuer: c.RawIssuer}
		}
	}
	if bytes.Equal(top.subject, top.issuer) {
		return reason.TLSCertUntrusted.Found(fmt.Sprintf("the chain ends at the root %q, which is not trusted", top.facts.Subject)), true
	}
	if w.unreadNamed(top.issuer) != nil || w.sentNamed(top.issuer) != nil {
		return reason.TLSCertUntrusted.Found(fmt.Sprintf("the issuers that were sent name each other in a circle up to %q, and none is a trusted root", top.facts.Subject)), true
	}
	return reason.TLSCertUntrusted.Found(fmt.Sprintf("the issuer %q of %q is not trusted, and was not sent", top.facts.Issuer, top.facts.Subject)), true
}

// bearsRootName reports whether a trusted root, one that cannot be used among them, has a name.
func (j *Judge) bearsRootName(name []byte) bool {
	usable, unusable := j.Anchors.named(name)
	return len(usable) > 0 || unusable != nil || j.namesRoot(name)
}

// unreadNamed returns a certificate of a name that was sent and cannot be parsed; nil if there is none.
func (w *work) unreadNamed(name []byte) *rawFacts {
	for i := range w.unread {
		if len(name) > 0 && bytes.Equal(w.unread[i].subject, name) {
			return &w.unread[i]
		}
	}
	return nil
}

// sentNamed returns a certificate of a name that was sent and can be parsed; nil if there is none.
func (w *work) sentNamed(name []byte) *x509.Certificate {
	for _, c := range w.sent {
		if bytes.Equal(c.RawSubject, name) {
			return c
		}
	}
	return nil
}
