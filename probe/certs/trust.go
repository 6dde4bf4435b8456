package certs

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"prober/probe/reason"
)

// trustFinding says why no path to a root was found. That was tried at a time within the
// dates of all certificates of line, the leaf and the issuers that were sent with it: now
// or, if that is outside, another one. crypto/x509 calls most of the causes an unknown
// authority.
func (j *Judge) trustFinding(line []*x509.Certificate, err error, now, at time.Time) reason.Finding {
	if j.rootless() {
		return reason.ProberInternal.Found("there are no trusted roots to verify a chain with: install the system's, or name a file with --ca-file")
	}
	var invalid x509.CertificateInvalidError
	if errors.As(err, &invalid) {
		if invalid.Reason == x509.Expired { // a root, which counts only if its dates are wrong now
			return dateFinding([]*x509.Certificate{invalid.Cert}, now)
		}
		return reason.TLSCertUsage.Found(fmt.Sprintf("%s: %s", shortName(invalid.Cert), strings.TrimPrefix(err.Error(), "x509: ")))
	}
	var critical x509.UnhandledCriticalExtension
	if errors.As(err, &critical) {
		return reason.TLSCertUsage.Found("a certificate has a critical extension that is not known")
	}
	leaf, top := line[0], line[len(line)-1]
	switch child, issuer := brokenLink(line); {
	case selfSigned(leaf):
		return reason.TLSCertSelfSigned.Found(fmt.Sprintf("%s is signed by itself", shortName(leaf)))
	case child != nil:
		return reason.TLSCertMalformed.Found(fmt.Sprintf("the signature of %s does not verify with the key of its issuer %s", shortName(child), shortName(issuer)))
	case noAuthority(line) != nil:
		return reason.TLSCertUsage.Found(fmt.Sprintf("%s issued a certificate but is no authority: its basic constraints or key usage do not permit it", shortName(noAuthority(line))))
	case bytes.Equal(top.RawSubject, top.RawIssuer):
		return reason.TLSCertUntrusted.Found(fmt.Sprintf("the chain ends at the root %q, which is not trusted", top.Subject))
	case j.trustsName(top.RawIssuer):
		return reason.TLSCertUntrusted.Found(fmt.Sprintf("%s was not signed by the trusted root %q, whose name it bears", shortName(top), top.Issuer))
	case j.completes(line, at), len(top.IssuingCertificateURL) > 0, j.trustsOrganization(top.Issuer.Organization):
		return reason.TLSCertIncompleteChain.Found(fmt.Sprintf("the issuer %q of %s was not sent and is no trusted root", top.Issuer, shortName(top)))
	}
	return reason.TLSCertUntrusted.Found(fmt.Sprintf("the issuer %q of %s is not trusted, and was not sent", top.Issuer, shortName(top)))
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

// rootNames are the encoded subjects of the roots; none where they are the system's, which
// are not listed on every platform.
func (j *Judge) rootNames() [][]byte {
	if j.Roots == nil {
		return nil
	}
	return j.Roots.Subjects() //nolint:staticcheck // deprecated for the system's pool alone
}

// trustsName reports whether a trusted root has a name.
func (j *Judge) trustsName(raw []byte) bool {
	return slices.ContainsFunc(j.rootNames(), func(root []byte) bool { return bytes.Equal(root, raw) })
}

// trustsOrganization reports whether a trusted root belongs to an organization: its
// intermediate is then missing rather than the authority unknown.
func (j *Judge) trustsOrganization(organization []string) bool {
	if len(organization) == 0 {
		return false
	}
	for _, raw := range j.rootNames() {
		var rdn pkix.RDNSequence
		var name pkix.Name
		if _, err := asn1.Unmarshal(raw, &rdn); err != nil {
			continue
		}
		name.FillFromRDNSequence(&rdn)
		if slices.Equal(name.Organization, organization) {
			return true
		}
	}
	return false
}

// lineOf follows the issuers from the leaf through the certificates that were sent, in
// whatever order, and leaves out those that have no part in it.
func lineOf(chain []*x509.Certificate) []*x509.Certificate {
	line := chain[:1:1]
	for {
		next := parentOf(line[len(line)-1], chain)
		if next == nil || slices.Contains(line, next) {
			return line
		}
		line = append(line, next)
	}
}

// parentOf returns the certificate of chain that issued c: of those with the right name
// the first whose key made the signature, else the first.
func parentOf(c *x509.Certificate, chain []*x509.Certificate) *x509.Certificate {
	var named *x509.Certificate
	for _, p := range chain {
		if p == c || !bytes.Equal(p.RawSubject, c.RawIssuer) {
			continue
		}
		if signedBy(c, p) {
			return p
		}
		if named == nil {
			named = p
		}
	}
	return named
}

// signedBy reports whether p's key made the signature of c. One that crypto/x509 does not
// compute, for its broken digest or unknown algorithm, counts as made.
func signedBy(c, p *x509.Certificate) bool {
	err := p.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature)
	var insecure x509.InsecureAlgorithmError
	return err == nil || errors.As(err, &insecure) || errors.Is(err, x509.ErrUnsupportedAlgorithm)
}

func selfSigned(c *x509.Certificate) bool {
	return bytes.Equal(c.RawSubject, c.RawIssuer) && signedBy(c, c)
}

// brokenLink returns a certificate and the issuer that was sent with it, whose key did not
// make the signature, unless the key identifiers say that another issuer of that name is
// meant.
func brokenLink(line []*x509.Certificate) (child, issuer *x509.Certificate) {
	for i, p := range line[1:] {
		c := line[i]
		another := len(c.AuthorityKeyId) > 0 && !bytes.Equal(c.AuthorityKeyId, p.SubjectKeyId)
		if !another && !signedBy(c, p) {
			return c, p
		}
	}
	return nil, nil
}

// noAuthority returns an issuer of line that may not issue certificates (RFC 5280,
// sections 4.2.1.3 and 4.2.1.9).
func noAuthority(line []*x509.Certificate) *x509.Certificate {
	for _, p := range line[1:] {
		if p.Version == 3 && (!p.BasicConstraintsValid || !p.IsCA) || p.KeyUsage != 0 && p.KeyUsage&x509.KeyUsageCertSign == 0 {
			return p
		}
	}
	return nil
}

func hostnameFinding(leaf *x509.Certificate, host string) reason.Finding {
	if len(leaf.DNSNames) == 0 && len(leaf.IPAddresses) == 0 {
		return reason.TLSCertHostname.Found(fmt.Sprintf("the certificate has no subjectAltName, only the common name %q, which clients ignore", leaf.Subject.CommonName))
	}
	names := leaf.DNSNames
	for _, ip := range leaf.IPAddresses {
		names = append(names[:len(names):len(names)], ip.String())
	}
	return reason.TLSCertHostname.Found(fmt.Sprintf("the certificate is for %s, not for %s", nameList(names), host))
}

func issuerOf(leaf *x509.Certificate, path, chain []*x509.Certificate) *x509.Certificate {
	if len(path) > 1 {
		return path[1]
	}
	return parentOf(leaf, chain)
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
