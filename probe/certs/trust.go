package certs

import (
	"bytes"
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"prober/probe/reason"
)

// trustFinding says why no path to a root was found, at no time. Who signed whom is computed;
// where this program cannot compute it, or builds no path for a reason that others do not
// mind, the finding says that.
func (j *Judge) trustFinding(w *work, l line, err error, now time.Time) reason.Finding {
	if j.rootless() {
		return reason.ProberInternal.Found("there are no trusted roots to verify a chain with: install the system's, or name a file with --ca-file")
	}
	if f, told := refusal(err, now); told && w.met == "" {
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
		return unsupported("this program cannot verify the signature of %s: its issuer %q is among the trusted roots, as %w", shortName(top), nameText(top.Issuer), *unusable)
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
	case l.circular():
		return reason.TLSCertUntrusted.Found(fmt.Sprintf("the issuers that were sent name each other in a circle up to %s, and none is a trusted root", shortName(top)))
	case len(roots) > 0:
		return reason.TLSCertUntrusted.Found(fmt.Sprintf("%s was not signed by the trusted root %q, whose name it bears", shortName(top), nameText(top.Issuer)))
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

// refusal says what crypto/x509 found wrong with a path whose signatures verify, if that is
// what it told. Dates, of a root that was not sent, count only if they are wrong now.
func refusal(err error, now time.Time) (f reason.Finding, told bool) {
	var invalid x509.CertificateInvalidError
	if errors.As(err, &invalid) {
		if invalid.Reason == x509.Expired {
			return dateFinding([]*x509.Certificate{invalid.Cert}, now), true
		}
		return reason.TLSCertUsage.Found(fmt.Sprintf("%s: %v", shortName(invalid.Cert), trimmed(err))), true
	}
	var critical x509.UnhandledCriticalExtension
	if errors.As(err, &critical) {
		return reason.TLSCertUsage.Found("a certificate has a critical extension that is not known"), true
	}
	return reason.Finding{}, false
}

// usageFinding says which certificate of a path, the topmost first, is for something else than
// server authentication. A root counts: OpenSSL refuses such a path too.
func usageFinding(path []*x509.Certificate, err error) reason.Finding {
	for i, c := range slices.Backward(path) {
		if len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage) > 0 && !slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageServerAuth) && !slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageAny) {
			what := shortName(c)
			if i > 0 && i == len(path)-1 {
				what = "the root " + what
			}
			return reason.TLSCertUsage.Found(what + ": certificate specifies an incompatible key usage")
		}
	}
	return reason.TLSCertUsage.Found(trimmed(err).Error())
}

// anyUsageFinding says that a certificate of a path is for any usage and does not name server
// authentication. OpenSSL refuses such a path, and GnuTLS below such an issuer.
func anyUsageFinding(path []*x509.Certificate) reason.Finding {
	for _, c := range path {
		if len(c.ExtKeyUsage) > 0 && !slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageServerAuth) {
			return reason.TLSCertKeyUsage.Found(fmt.Sprintf("%s has an extended key usage that permits any use and does not name serverAuth", shortName(c)))
		}
	}
	return reason.Finding{}
}

// keyIDFinding says that a certificate of a path names another key than its issuer's. Clients
// that search for issuers by key identifier (RFC 5280, section 4.2.1.1) find none.
func keyIDFinding(path []*x509.Certificate) reason.Finding {
	for i, issuer := range path[1:] {
		if anotherKey(path[i], issuer) {
			return reason.TLSCertKeyID.Found(fmt.Sprintf("the authority key identifier of %s is %X, and that of its issuer's key is %X", shortName(path[i]), path[i].AuthorityKeyId, issuer.SubjectKeyId))
		}
	}
	return reason.Finding{}
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

func hostnameFinding(leaf *x509.Certificate, host string) reason.Finding {
	names := slices.Clip(leaf.DNSNames)
	for _, ip := range leaf.IPAddresses {
		names = append(names, ip.String())
	}
	_, notAddress := netip.ParseAddr(host)
	switch {
	case len(names) == 0 && slices.ContainsFunc(leaf.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(oidSubjectAltName) }):
		return reason.TLSCertHostname.Found(fmt.Sprintf("the certificate's subjectAltName has neither a DNS name nor an address, and clients ignore the common name %q", Cut(leaf.Subject.CommonName)))
	case len(names) == 0:
		return reason.TLSCertHostname.Found(fmt.Sprintf("the certificate has no subjectAltName, only the common name %q, which clients ignore", Cut(leaf.Subject.CommonName)))
	case notAddress == nil && slices.Contains(leaf.DNSNames, host):
		return reason.TLSCertHostname.Found(fmt.Sprintf("the certificate has %s as a DNS name and not as an address, and clients look for an address alone", host))
	case slices.ContainsFunc(leaf.DNSNames, func(n string) bool { return partWildcard(n, host) }):
		return reason.TLSCertHostname.Found(fmt.Sprintf("the certificate is for %s, not for %s: a wildcard for part of a label matches nothing (RFC 9525, section 6.3)", nameList(names), host))
	}
	return reason.TLSCertHostname.Found(fmt.Sprintf("the certificate is for %s, not for %s", nameList(names), host))
}

// partWildcard reports whether name has a wildcard for part of its first label that older
// clients matched with host.
func partWildcard(name, host string) bool {
	label, parent, _ := strings.Cut(strings.ToLower(name), ".")
	of, above, _ := strings.Cut(strings.ToLower(host), ".")
	before, after, wild := strings.Cut(label, "*")
	return wild && label != "*" && parent == above && len(of) >= len(before)+len(after) && strings.HasPrefix(of, before) && strings.HasSuffix(of, after)
}

// wildcardFinding says that only a wildcard directly below a public suffix covers host.
// OpenSSL refuses it below a top-level domain, GnuTLS and browsers below registries'
// suffixes such as co.uk. Below private ones such as github.io, a wildcard is what is meant.
func wildcardFinding(leaf *x509.Certificate, host string) reason.Finding {
	name, parent, _ := strings.Cut(strings.ToLower(strings.TrimSuffix(host, ".")), ".")
	suffix, icann := publicsuffix.PublicSuffix(parent)
	if name == "" || strings.Contains(parent, ".") && (!icann || suffix != parent) {
		return reason.Finding{}
	}
	narrow := *leaf
	narrow.DNSNames = slices.DeleteFunc(slices.Clone(leaf.DNSNames), func(n string) bool { return strings.HasPrefix(n, "*.") })
	if len(narrow.DNSNames) == len(leaf.DNSNames) || narrow.VerifyHostname(host) == nil {
		return reason.Finding{}
	}
	return reason.TLSCertWildcard.Found(fmt.Sprintf("only the wildcard *.%s, for a whole public suffix, covers %s", parent, host))
}

// issuerOf returns the issuer of the leaf; nil if it is not known.
func issuerOf(line []*x509.Certificate) *x509.Certificate {
	if len(line) > 1 {
		return line[1]
	}
	return nil
}

// KeyUsageFinding says that the key usage of a leaf (RFC 5280, section 4.2.1.3) does not permit
// what a handshake did with its key: signing its part, or decrypting the client's secret.
// Chromium and GnuTLS refuse that.
func KeyUsageFinding(leaf *x509.Certificate, signs bool) reason.Finding {
	needs, name := x509.KeyUsageDigitalSignature, "digitalSignature"
	if !signs {
		needs, name = x509.KeyUsageKeyEncipherment, "keyEncipherment"
	}
	if leaf.KeyUsage == 0 || leaf.KeyUsage&needs != 0 {
		return reason.Finding{}
	}
	return reason.TLSCertKeyUsage.Found(fmt.Sprintf("the key usage of %s lacks %s, which the handshake needs", shortName(leaf), name))
}

func weakSigned(line []*x509.Certificate) *x509.Certificate {
	for _, c := range line {
		if weakSignature(c) && !bytes.Equal(c.RawSubject, c.RawIssuer) {
			return c
		}
	}
	return nil
}

func weakKeyFinding(line []*x509.Certificate) reason.Finding {
	for _, c := range line {
		if weakKey(c) {
			return reason.TLSWeakKey.Found(fmt.Sprintf("%s has the key %s", shortName(c), keyName(c)))
		}
	}
	return reason.Finding{}
}
