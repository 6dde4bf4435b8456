package certs

import (
	"bytes"
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"

	"prober/probe/reason"
)

// trustFinding says why no path to a root was found, at no time. Who signed whom is computed;
// where this program cannot compute it, or builds no path for a reason that others do not
// mind, the finding says that.
func (j *Judge) trustFinding(w *work, l line, err error, now time.Time) reason.Finding {
	if j.rootless() {
		return reason.ProberInternal.Found("there are no trusted roots to verify a chain with: install the system's, or name a file with --ca-file")
	}
	if f, told := rootDemands(l, err); told {
		return f
	}
	if f, told := refusal(err, l, now); told && w.met == "" {
		return f
	}
	if f := j.whyUntrusted(w, l, now); w.met == "" {
		return f
	}
	return w.unfinished()
}

// whyUntrusted says the same, by the signatures alone.
func (j *Judge) whyUntrusted(w *work, l line, now time.Time) reason.Finding {
	leaf, top := l.certs[0], l.top()
	child, issuer, how := l.broken()
	roots, unusable := j.Anchors.named(top.RawIssuer)
	own := untold // whether the topmost signed itself
	if bytes.Equal(top.RawSubject, top.RawIssuer) {
		own, _ = w.signed(top, top)
	}
	if f, told := j.unreadIssuer(w, l); told {
		return f
	}
	switch {
	case top == leaf && own == signed:
		return reason.TLSCertSelfSigned.Found(fmt.Sprintf("%s is signed by itself", shortName(leaf)))
	case how == unsigned && (len(child.AuthorityKeyId) == 0 || len(issuer.SubjectKeyId) == 0):
		return reason.TLSCertIncompleteChain.Found(fmt.Sprintf("the certificate %s that was sent as the issuer of %s does not verify its signature, which is damaged or made by a key of the same name that was not sent", shortName(issuer), shortName(child)))
	case how == unsigned && (anotherKey(child, issuer) || anotherKind(child, issuer)):
		return reason.TLSCertIncompleteChain.Found(fmt.Sprintf("the certificate %s that was sent as the issuer of %s did not sign it: the issuer has the same name and another key, and was not sent", shortName(issuer), shortName(child)))
	case how == unsigned:
		return reason.TLSCertMalformed.Found(fmt.Sprintf("the signature of %s does not verify with the key of %s, which bears the key identifier that it names: it is damaged, or another key made it", shortName(child), shortName(issuer)))
	case noAuthority(l.issuers()) != nil:
		return reason.TLSCertUsage.Found(fmt.Sprintf("%s issued a certificate but is no authority: its basic constraints or key usage do not permit it", shortName(noAuthority(l.issuers()))))
	case l.rooted() && !lacksConstraints(l.anchor) && noAuthority([]*x509.Certificate{l.anchor}) != nil:
		return reason.TLSCertUsage.Found(fmt.Sprintf("the trusted root %q issued a certificate but is no authority: its basic constraints or key usage do not permit it", nameText(l.anchor.Subject)))
	case l.rooted() && lacksConstraints(l.anchor):
		return unsupported("the trusted root %q, which signed %s, has no basic constraints: this program cannot verify a path to it, others may", nameText(l.anchor.Subject), shortName(top))
	case l.anchor != nil && l.up == untold:
		return unsupported("this program cannot verify the signature of %s by the trusted root %q: %s", shortName(top), nameText(l.anchor.Subject), untoldWhy(top, l.anchor))
	case unusable != nil && len(roots) == 0:
		return unsupported("this program cannot verify the signature of %s: its issuer %q is among the trusted roots, of which %w", shortName(top), nameText(top.Issuer), *unusable)
	case how == untold && j.endsWell(w, l, now):
		return unsupported("this program cannot verify the signature of %s by %s: %s", shortName(child), shortName(issuer), untoldWhy(child, issuer))
	case bytes.Equal(top.RawSubject, top.RawIssuer) && own == unsigned:
		return reason.TLSCertUntrusted.Found(fmt.Sprintf("%s was issued under its own name by another key, which was not sent and is not trusted", shortName(top)))
	case bytes.Equal(top.RawSubject, top.RawIssuer) && top == leaf:
		return reason.TLSCertUntrusted.Found(fmt.Sprintf("%s names itself as its issuer and is not trusted; this program cannot verify that it signed itself: %s", shortName(top), untoldWhy(top, top)))
	case bytes.Equal(top.RawSubject, top.RawIssuer) && len(roots) > 0:
		return reason.TLSCertUntrusted.Found(fmt.Sprintf("the chain ends at a root %q that is not trusted; the trusted root of that name has another key", nameText(top.Subject)))
	case bytes.Equal(top.RawSubject, top.RawIssuer):
		return reason.TLSCertUntrusted.Found(fmt.Sprintf("the chain ends at the root %q, which is not trusted", nameText(top.Subject)))
	case j.spelt(w, top) != nil:
		return j.speltOtherwise(w, top, now)
	case l.circular():
		return reason.TLSCertUntrusted.Found(fmt.Sprintf("the issuers that were sent name each other in a circle up to %s, and none is a trusted root", shortName(top)))
	case len(roots) > 0:
		return reason.TLSCertUntrusted.Found(fmt.Sprintf("%s names the trusted root %q as its issuer, whose key did not sign it", shortName(top), nameText(top.Issuer)))
	case j.namesRoot(top.RawIssuer) && top.SignatureAlgorithm == x509.UnknownSignatureAlgorithm:
		return unsupported("this program cannot verify the signature of %s: %s", shortName(top), untoldWhy(top, nil))
	case j.namesRoot(top.RawIssuer):
		return reason.TLSCertUntrusted.Found(fmt.Sprintf("no trusted root of the name %q, which %s names as its issuer, verifies it", nameText(top.Issuer), shortName(top)))
	case j.completes(w, l.certs, insideDates(l.certs, now)), len(l.certs) == 1 && len(top.IssuingCertificateURL) > 0:
		return reason.TLSCertIncompleteChain.Found(fmt.Sprintf("the issuer %q of %s was not sent and is no trusted root", nameText(top.Issuer), shortName(top)))
	}
	return reason.TLSCertUntrusted.Found(fmt.Sprintf("the issuer %q of %s is not trusted, and was not sent", nameText(top.Issuer), shortName(top)))
}

// unfinished says what ended the judging of a chain before it was clear whether it is trusted.
func (w *work) unfinished() reason.Finding {
	if errors.Is(w.ctx.Err(), context.Canceled) {
		return reason.ProberCanceled.Found("the probe was cut short while the chain was judged")
	}
	return unsupported("this program cannot verify the chain: %s", w.met)
}

// rootDemands says that a trusted root has critical extensions which crypto/x509 cannot check and others can.
func rootDemands(l line, err error) (f reason.Finding, told bool) {
	if !errors.As(err, new(x509.UnhandledCriticalExtension)) || !l.rooted() || len(l.anchor.UnhandledCriticalExtensions) == 0 {
		return f, false
	}
	excused, left := excuse([]*x509.Certificate{l.anchor})
	if len(excused[0].UnhandledCriticalExtensions) > 0 {
		return f, false
	}
	return unsupported("the trusted root %q has critical %s that this program cannot verify, others can", nameText(l.anchor.Subject), cmp.Or(left[string(l.anchor.Raw)], checkedElsewhere[oidNameConstraints.String()])), true
}

// unsupported is the finding for what this program cannot verify.
func unsupported(format string, args ...any) reason.Finding {
	return reason.ProberCertUnsupported.Found(fmt.Errorf(format, args...).Error())
}

// endsWell reports whether the chain is trusted above a signature that this program cannot
// verify.
func (j *Judge) endsWell(w *work, l line, now time.Time) bool {
	for i, how := range l.links {
		if how != untold {
			continue
		}
		above := l.certs[i+1:]
		if j.Anchors.has(above[0]) || l.anchor != nil && l.up != unsigned {
			return true
		}
		path, _, _ := j.find(w, above, now)
		return path != nil
	}
	return false
}

// rootless reports whether there is no trusted root at all, as in a container without the
// system's. That says nothing about any server.
func (j *Judge) rootless() bool {
	roots := j.Roots
	if roots == nil {
		system, err := x509.SystemCertPool()
		if err != nil {
			return true
		}
		roots = system
	}
	return roots.Equal(x509.NewCertPool())
}

// namesRoot reports whether a trusted root has a name. Of the system's roots that is not told
// on every platform.
func (j *Judge) namesRoot(raw []byte) bool {
	roots := j.Roots
	if roots == nil {
		roots, _ = x509.SystemCertPool()
	}
	return slices.ContainsFunc(roots.Subjects(), func(root []byte) bool { return bytes.Equal(root, raw) }) //nolint:staticcheck // deprecated for the system's pool alone
}

// issuerOf returns the issuer of the leaf; nil if it is not known.
func issuerOf(line []*x509.Certificate) *x509.Certificate {
	if len(line) > 1 {
		return line[1]
	}
	return nil
}

func weakSigned(line []*x509.Certificate) *x509.Certificate {
	for _, c := range line {
		if weakSignature(c) && !bytes.Equal(c.RawSubject, c.RawIssuer) {
			return c
		}
	}
	return nil
}

// TrustedRoot begins a finding about a trusted root that was not sent.
const TrustedRoot = "the trusted root "

func weakKeyFinding(line, sent []*x509.Certificate) reason.Finding {
	for _, c := range line {
		if !weakKey(c) {
			continue
		}
		what := ""
		if !slices.ContainsFunc(sent, c.Equal) {
			what = TrustedRoot
		}
		return reason.TLSWeakKey.Found(fmt.Sprintf("%s%s has the key %s", what, shortName(c), keyName(c)))
	}
	return reason.Finding{}
}
