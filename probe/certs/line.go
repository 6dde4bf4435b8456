package certs

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"prober/limit"
)

// link is what a certificate's signature says about an issuer of the right name.
type link uint8

// The links, the better the later.
const (
	unsigned link = iota // another key made it
	untold               // this program cannot compute it
	signed               // the issuer's key made it
)

// made computes whether p's key made the signature of c. One with a broken digest counts as
// made: that is a finding of its own.
func made(c, p *x509.Certificate) link {
	if tooLarge(p) {
		return untold
	}
	err := p.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature)
	var insecure x509.InsecureAlgorithmError
	switch {
	case err == nil, errors.As(err, &insecure):
		return signed
	case errors.Is(err, x509.ErrUnsupportedAlgorithm), tooSmall(err):
		return untold
	}
	return unsigned
}

// tooLarge reports whether checking one signature with a key would take seconds. OpenSSL refuses
// such keys as well.
func tooLarge(p *x509.Certificate) bool {
	k, ok := p.PublicKey.(*rsa.PublicKey)
	return ok && k.N.BitLen() > limit.SignatureKeyBits
}

// tooSmall reports whether it is the size of a key that keeps a signature from being checked.
func tooSmall(err error) bool { return strings.Contains(err.Error(), "bit keys are insecure") }

// untoldWhy says why this program cannot compute whether p signed c; p is nil where it is not
// known.
func untoldWhy(c, p *x509.Certificate) string {
	if p != nil && tooLarge(p) {
		return fmt.Sprintf("the key of %s (%s) is larger than the %d bits that it checks signatures with", shortName(p), keyName(p), limit.SignatureKeyBits)
	}
	if p != nil && c.SignatureAlgorithm != x509.UnknownSignatureAlgorithm && p.PublicKeyAlgorithm != x509.UnknownPublicKeyAlgorithm && weakKey(p) {
		return fmt.Sprintf("the key of %s (%s) is too small for it to check signatures with", shortName(p), keyName(p))
	}
	if c.SignatureAlgorithm != x509.UnknownSignatureAlgorithm && p != nil {
		return fmt.Sprintf("it does not know keys of %s's kind (%s)", shortName(p), keyAlgorithm(p))
	}
	name := signatureAlgorithm(c)
	if name == "RSA-PSS" {
		name += " with other parameters than usual"
	}
	return "it does not know signatures with " + name
}

// signatureAlgorithm names the algorithm of a signature, also of one that crypto/x509 does not
// know.
func signatureAlgorithm(c *x509.Certificate) string {
	if c.SignatureAlgorithm != x509.UnknownSignatureAlgorithm {
		return c.SignatureAlgorithm.String()
	}
	return readAnyway(c.Raw).facts.SignatureAlgorithm
}

func keyAlgorithm(c *x509.Certificate) string { return readAnyway(c.Raw).facts.Key }

// line is the best guess at a path through the certificates that were sent, where no path
// verifies: leaf first, in whatever order they came, without those that have no part in it.
type line struct {
	certs  []*x509.Certificate
	links  []link            // of each certificate to the next
	anchor *x509.Certificate // the root whose name the last gives as its issuer, where it is known
	up     link              // of the last certificate to it
}

func (l line) top() *x509.Certificate { return l.certs[len(l.certs)-1] }

// rooted reports whether the last certificate is a trusted root, or one signed it.
func (l line) rooted() bool { return l.anchor != nil && l.up == signed }

// circular reports whether the last certificate names one before it as its issuer.
func (l line) circular() bool {
	return slices.ContainsFunc(l.certs[:len(l.certs)-1], func(c *x509.Certificate) bool { return bytes.Equal(c.RawSubject, l.top().RawIssuer) })
}

// issuers are the certificates above the leaf but for a trusted root.
func (l line) issuers() []*x509.Certificate {
	issuers := l.certs[1:]
	if len(issuers) > 0 && l.anchor == l.top() {
		issuers = issuers[:len(issuers)-1]
	}
	return issuers
}

// broken returns the first link that does not hold, or the first that cannot be computed where
// all others hold. how is signed where there is none.
func (l line) broken() (child, issuer *x509.Certificate, how link) {
	how = signed
	for i, x := range l.links {
		if x < how {
			child, issuer, how = l.certs[i], l.certs[i+1], x
		}
	}
	return child, issuer, how
}

// lineOf follows the issuers from the leaf. Of several certificates of the right name it takes
// the one whose key made the signature, and of these one that is within its dates. Where the work
// has to end it is the leaf alone: nothing is said of issuers that were guessed.
func (j *Judge) lineOf(w *work, chain []*x509.Certificate, now time.Time) line {
	l := line{certs: chain[:1:1]}
	best := func(c *x509.Certificate, from []*x509.Certificate) (parent *x509.Certificate, how link) {
		rank := -1
		for _, p := range candidates(c, from) {
			if slices.Contains(l.certs, p) {
				continue
			}
			if how == signed && parent != nil && anotherKey(c, p) {
				break // and so are all that follow
			}
			x, ok := w.signed(c, p)
			if !ok {
				return nil, untold
			}
			r := 2 * int(x)
			if !now.Before(p.NotBefore) && !now.After(p.NotAfter) {
				r++
			}
			if r > rank {
				parent, how, rank = p, x, r
			}
		}
		return parent, how
	}
	for w.goesOn() {
		top := l.top()
		if j.Anchors.has(top) {
			l.anchor, l.up = top, signed
			return l
		}
		anchor, up := best(top, j.Anchors.Usable)
		next, how := best(top, chain)
		if next == nil || anchor != nil && up >= how {
			l.anchor, l.up = anchor, up
			break
		}
		l.certs, l.links = append(l.certs, next), append(l.links, how)
	}
	if w.met != "" {
		return line{certs: chain[:1:1]}
	}
	return l
}

// anotherKey reports whether the key identifiers say that another issuer of p's name signed c.
func anotherKey(c, p *x509.Certificate) bool {
	return len(c.AuthorityKeyId) > 0 && len(p.SubjectKeyId) > 0 && !bytes.Equal(c.AuthorityKeyId, p.SubjectKeyId)
}

// anotherKind reports whether c was signed with a kind of key that p's is not.
func anotherKind(c, p *x509.Certificate) bool {
	switch c.SignatureAlgorithm {
	case x509.MD5WithRSA, x509.SHA1WithRSA, x509.SHA256WithRSA, x509.SHA384WithRSA, x509.SHA512WithRSA,
		x509.SHA256WithRSAPSS, x509.SHA384WithRSAPSS, x509.SHA512WithRSAPSS:
		return p.PublicKeyAlgorithm != x509.RSA
	case x509.ECDSAWithSHA1, x509.ECDSAWithSHA256, x509.ECDSAWithSHA384, x509.ECDSAWithSHA512:
		return p.PublicKeyAlgorithm != x509.ECDSA
	case x509.PureEd25519:
		return p.PublicKeyAlgorithm != x509.Ed25519
	}
	return false
}

// noAuthority returns an issuer that may not issue certificates (RFC 5280, sections 4.2.1.3 and
// 4.2.1.9).
func noAuthority(issuers []*x509.Certificate) *x509.Certificate {
	for _, p := range issuers {
		if p.Version == 3 && (!p.BasicConstraintsValid || !p.IsCA) || p.KeyUsage != 0 && p.KeyUsage&x509.KeyUsageCertSign == 0 {
			return p
		}
	}
	return nil
}

// lacksConstraints reports whether only the missing basic constraints keep a root from being an
// authority. OpenSSL takes such a root.
func lacksConstraints(root *x509.Certificate) bool {
	return root.Version == 3 && !root.BasicConstraintsValid && (root.KeyUsage == 0 || root.KeyUsage&x509.KeyUsageCertSign != 0)
}

// checkedElsewhere are critical extensions that crypto/x509 cannot check, or not in every form,
// and other programs can.
var checkedElsewhere = map[string]string{
	"2.5.29.30": "name constraints", "2.5.29.17": "subjectAltName", "2.5.29.33": "policy mappings", "2.5.29.36": "policy constraints",
	"2.5.29.54": "inhibitAnyPolicy", "1.3.6.1.5.5.7.1.7": "IP address blocks", "1.3.6.1.5.5.7.1.8": "AS numbers",
	"1.3.6.1.5.5.7.1.14": "proxyCertInfo", "1.3.6.1.5.5.7.1.24": tlsFeature, "1.3.6.1.5.5.7.48.1.5": "OCSP no check",
	"2.16.840.1.113730.1.1": "Netscape certificate type",
}

const tlsFeature = "TLS feature"

// excuse returns the chain with certificates excused from the critical extensions that others
// can check, and what was left out of which.
func excuse(chain []*x509.Certificate) ([]*x509.Certificate, map[string]string) {
	var left map[string]string // by the certificate in DER
	chain = slices.Clone(chain)
	for i, c := range chain {
		var what []string
		var still []asn1.ObjectIdentifier
		for _, id := range c.UnhandledCriticalExtensions {
			if id.Equal(oidNameConstraints) && !constraintsOf(c).others {
				what = append(what, "") // which constraintFinding checks
			} else if name, ok := checkedElsewhere[id.String()]; ok {
				what = append(what, name)
			} else {
				still = append(still, id)
			}
		}
		if what == nil {
			continue
		}
		if left == nil {
			left = map[string]string{}
		}
		left[string(c.Raw)] = strings.Join(slices.DeleteFunc(what, func(s string) bool { return s == "" }), " and ")
		excused := *c
		excused.UnhandledCriticalExtensions = still
		chain[i] = &excused
	}
	return chain, left
}
