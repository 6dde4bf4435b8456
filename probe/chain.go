package probe

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/ocsp"

	"prober/probe/reason"
)

// chainVerdict is what was found about one chain for one name. Within [from, until) it
// holds without being worked out again; outside only its dates decide anew.
type chainVerdict struct {
	findings    []finding // the first one decides; empty when all is well
	from, until time.Time
}

func (v chainVerdict) verified() bool {
	for _, f := range v.findings {
		if f.reason.Outcome() == reason.Fail {
			return false
		}
	}
	return true
}

// chainJudge judges certificate chains. Chains rarely change, and judging one costs as
// much as a key exchange, so verdicts are kept, keyed by exactly what they depend on:
// the certificates, the stapled status and the name. The roots are the judge's own.
type chainJudge struct {
	roots *x509.CertPool // nil: the system's

	mu    sync.Mutex
	known map[[sha256.Size]byte]chainVerdict
	// intermediates seen in chains that verified: with them an incomplete chain can be
	// told from an unknown authority for certain.
	seen      *x509.CertPool
	seenCount int
}

const (
	maxKnownVerdicts     = 200_000 // about 20 MB
	maxSeenIntermediates = 1_000
)

// judge returns what is wrong with the chain, which has at least one certificate, when
// host serves it at the given time. staple is the stapled OCSP response, if any.
func (j *chainJudge) judge(chain []*x509.Certificate, staple []byte, host string, now time.Time) chainVerdict {
	key := chainKey(chain, staple, host)
	j.mu.Lock()
	v, ok := j.known[key]
	j.mu.Unlock()
	if ok && !now.Before(v.from) && now.Before(v.until) {
		return v
	}
	v = j.workOut(chain, staple, host, now)
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.known == nil || len(j.known) >= maxKnownVerdicts {
		j.known = map[[sha256.Size]byte]chainVerdict{}
	}
	j.known[key] = v
	return v
}

func chainKey(chain []*x509.Certificate, staple []byte, host string) (key [sha256.Size]byte) {
	h := sha256.New()
	for _, c := range chain {
		fmt.Fprintf(h, "%d:", len(c.Raw))
		h.Write(c.Raw)
	}
	fmt.Fprintf(h, "%d:", len(staple))
	h.Write(staple)
	h.Write([]byte(host))
	h.Sum(key[:0])
	return key
}

// workOut lists everything that is wrong, the most telling first: a certificate that
// nobody vouches for says little by its dates.
func (j *chainJudge) workOut(chain []*x509.Certificate, staple []byte, host string, now time.Time) chainVerdict {
	leaf := chain[0]
	v := chainVerdict{}
	v.from, v.until = window(chain, now)

	path, err := j.verify(chain, now)
	var dates []finding
	if f := dateFinding(pathOr(path, chain), now); !f.ok() {
		dates = append(dates, f)
		if len(path) == 0 { // is there more than the dates?
			path, err = j.verify(chain, insideDates(chain, now))
		}
	}
	weak := weakSigned(pathOr(path, chain))
	switch {
	case err == nil:
	case weak != nil: // crypto/x509 builds no path through such a signature
	default:
		v.findings = append(v.findings, j.trustFinding(chain, err, now))
	}
	v.findings = append(v.findings, dates...)
	if err := leaf.VerifyHostname(host); err != nil {
		v.findings = append(v.findings, hostnameFinding(leaf, host))
	}
	if weak != nil {
		v.findings = append(v.findings, finding{reason.TLSWeakSignature, fmt.Sprintf("%s is signed with %s", shortName(weak), weak.SignatureAlgorithm)})
	}
	if f := stapleFinding(staple, leaf, issuerOf(leaf, path, chain), now); !f.ok() {
		v.findings = append(v.findings, f)
	}
	for _, c := range pathOr(path, chain) {
		if weakKey(c) {
			v.findings = append(v.findings, finding{reason.TLSWeakKey, fmt.Sprintf("%s has the key %s", shortName(c), keyName(c))})
			break
		}
	}
	if err == nil && len(v.findings) == 0 {
		j.remember(path)
	}
	return v
}

// verify builds a path to a root for server authentication, without looking at names.
func (j *chainJudge) verify(chain []*x509.Certificate, at time.Time) ([]*x509.Certificate, error) {
	return j.verifyWith(chain, x509.NewCertPool(), at)
}

func (j *chainJudge) verifyWith(chain []*x509.Certificate, more *x509.CertPool, at time.Time) ([]*x509.Certificate, error) {
	for _, c := range chain[1:] {
		more.AddCert(c)
	}
	paths, err := chain[0].Verify(x509.VerifyOptions{
		Roots: j.roots, Intermediates: more, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	if err != nil {
		return nil, err
	}
	return paths[0], nil
}

// remember keeps the intermediates of a path that verified.
func (j *chainJudge) remember(path []*x509.Certificate) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.seen == nil {
		j.seen = x509.NewCertPool()
	}
	for _, c := range path[1:max(1, len(path)-1)] {
		if j.seenCount < maxSeenIntermediates {
			j.seen.AddCert(c)
			j.seenCount++
		}
	}
}

// trustFinding says why no path to a root was found.
func (j *chainJudge) trustFinding(chain []*x509.Certificate, err error, now time.Time) finding {
	leaf := chain[0]
	var invalid x509.CertificateInvalidError
	if errors.As(err, &invalid) && invalid.Reason == x509.Expired { // a root: those that were sent were looked at
		return finding{reason.TLSCertExpired, fmt.Sprintf("%s: %s", shortName(invalid.Cert), trimX509(err))}
	}
	if errors.As(err, &invalid) {
		return finding{reason.TLSCertUsage, fmt.Sprintf("%s: %s", shortName(invalid.Cert), trimX509(err))}
	}
	var critical x509.UnhandledCriticalExtension
	if errors.As(err, &critical) {
		return finding{reason.TLSCertUsage, "a certificate has a critical extension that is not known"}
	}
	top := topOf(chain)
	switch {
	case bytes.Equal(leaf.RawSubject, leaf.RawIssuer) && leaf.CheckSignature(leaf.SignatureAlgorithm, leaf.RawTBSCertificate, leaf.Signature) == nil:
		return finding{reason.TLSCertSelfSigned, fmt.Sprintf("%s is signed by itself", shortName(leaf))}
	case brokenSignature(chain):
		return finding{reason.TLSCertMalformed, "a certificate's signature does not verify with the key of its issuer"}
	case bytes.Equal(top.RawSubject, top.RawIssuer):
		return finding{reason.TLSCertUntrusted, fmt.Sprintf("the chain ends at the root %q, which is not trusted", top.Subject)}
	}
	if j.completes(chain, now) || len(top.IssuingCertificateURL) > 0 || j.rootsKnow(top) {
		return finding{reason.TLSCertIncompleteChain, fmt.Sprintf("the issuer %q of %s was not sent and is no trusted root", top.Issuer, shortName(top))}
	}
	return finding{reason.TLSCertUntrusted, fmt.Sprintf("the issuer %q of %s is not trusted, and was not sent", top.Issuer, shortName(top))}
}

// completes reports whether the chain verifies once intermediates seen elsewhere are added.
func (j *chainJudge) completes(chain []*x509.Certificate, now time.Time) bool {
	j.mu.Lock()
	var pool *x509.CertPool
	if j.seen != nil {
		pool = j.seen.Clone()
	}
	j.mu.Unlock()
	if pool == nil {
		return false
	}
	_, err := j.verifyWith(chain, pool, now)
	return err == nil
}

// rootsKnow reports whether a trusted root belongs to the organization that issued c: a
// well-known authority whose intermediate is missing, rather than an unknown one.
func (j *chainJudge) rootsKnow(c *x509.Certificate) bool {
	if j.roots == nil || len(c.Issuer.Organization) == 0 {
		return false
	}
	for _, raw := range j.roots.Subjects() { //nolint:staticcheck // only wrong for the lazily loaded system pool, which is nil here
		if bytes.Contains(raw, []byte(c.Issuer.Organization[0])) {
			return true
		}
	}
	return false
}

// topOf follows the issuers from the leaf through the certificates that were sent.
func topOf(chain []*x509.Certificate) *x509.Certificate {
	top := chain[0]
	for range chain {
		next := parentOf(top, chain)
		if next == nil || next == top {
			break
		}
		top = next
	}
	return top
}

func parentOf(c *x509.Certificate, chain []*x509.Certificate) *x509.Certificate {
	for _, p := range chain {
		if p != c && bytes.Equal(p.RawSubject, c.RawIssuer) {
			return p
		}
	}
	return nil
}

// brokenSignature reports whether a certificate names an issuer that was sent with it,
// whose key did not make the signature, although the key identifiers say it did.
func brokenSignature(chain []*x509.Certificate) bool {
	for _, c := range chain {
		p := parentOf(c, chain)
		if p == nil || len(c.AuthorityKeyId) == 0 || !bytes.Equal(c.AuthorityKeyId, p.SubjectKeyId) {
			continue
		}
		var insecure x509.InsecureAlgorithmError
		err := p.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature)
		if err != nil && !errors.As(err, &insecure) {
			return true
		}
	}
	return false
}

func hostnameFinding(leaf *x509.Certificate, host string) finding {
	if len(leaf.DNSNames) == 0 && len(leaf.IPAddresses) == 0 {
		return finding{reason.TLSCertHostname, fmt.Sprintf("the certificate has no subjectAltName, only the common name %q, which clients ignore", leaf.Subject.CommonName)}
	}
	names := leaf.DNSNames
	for _, ip := range leaf.IPAddresses {
		names = append(names[:len(names):len(names)], ip.String())
	}
	return finding{reason.TLSCertHostname, fmt.Sprintf("the certificate is for %s, not for %s", nameList(names), host)}
}

func dateFinding(chain []*x509.Certificate, now time.Time) finding {
	for _, c := range chain {
		switch {
		case now.After(c.NotAfter):
			return finding{reason.TLSCertExpired, fmt.Sprintf("%s expired on %s", shortName(c), c.NotAfter.UTC().Format(time.RFC3339))}
		case now.Before(c.NotBefore):
			return finding{reason.TLSCertNotYetValid, fmt.Sprintf("%s is valid from %s on", shortName(c), c.NotBefore.UTC().Format(time.RFC3339))}
		}
	}
	return finding{}
}

// stapleFinding reads a stapled OCSP response. One that cannot be read or is not signed
// by the issuer says nothing, and "good" is what everybody expects.
func stapleFinding(staple []byte, leaf, issuer *x509.Certificate, now time.Time) finding {
	if len(staple) == 0 || issuer == nil {
		return finding{}
	}
	r, err := ocsp.ParseResponseForCert(staple, leaf, issuer)
	if err != nil || r.Status != ocsp.Revoked || now.Before(r.ThisUpdate) {
		return finding{}
	}
	return finding{reason.TLSCertRevoked, fmt.Sprintf("the stapled OCSP response says that %s was revoked on %s", shortName(leaf), r.RevokedAt.UTC().Format(time.RFC3339))}
}

func issuerOf(leaf *x509.Certificate, path, chain []*x509.Certificate) *x509.Certificate {
	if len(path) > 1 {
		return path[1]
	}
	return parentOf(leaf, chain)
}

func weakSigned(chain []*x509.Certificate) *x509.Certificate {
	for _, c := range chain {
		if weakSignature(c) && !bytes.Equal(c.RawSubject, c.RawIssuer) {
			return c
		}
	}
	return nil
}

func pathOr(path, chain []*x509.Certificate) []*x509.Certificate {
	if len(path) > 0 {
		return path
	}
	return chain
}

// window returns the longest time around now in which no certificate starts or ends.
func window(chain []*x509.Certificate, now time.Time) (from, until time.Time) {
	until = now.Add(24 * time.Hour) // roots are not in the chain and may end too
	for _, c := range chain {
		for _, edge := range []time.Time{c.NotBefore, c.NotAfter.Add(time.Nanosecond)} {
			switch {
			case !edge.After(now) && edge.After(from):
				from = edge
			case edge.After(now) && edge.Before(until):
				until = edge
			}
		}
	}
	return from, until
}

// insideDates returns a time at which the leaf is valid, now if possible.
func insideDates(chain []*x509.Certificate, now time.Time) time.Time {
	from, until := chain[0].NotBefore, chain[0].NotAfter
	for _, c := range chain[1:] {
		if c.NotBefore.After(from) {
			from = c.NotBefore
		}
		if c.NotAfter.Before(until) {
			until = c.NotAfter
		}
	}
	if from.After(until) {
		return now
	}
	return from.Add(until.Sub(from) / 2)
}

func trimX509(err error) string { return strings.TrimPrefix(err.Error(), "x509: ") }
