package pki

import (
	"bytes"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/ocsp"
)

// Certificate returns the certificate of kind k for host, with its chain and its key.
// It is made on first use and again when now has left its dates.
func (a *Authority) Certificate(host string, k Kind, now time.Time) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	w := wanted{host, k}
	if kept := a.kept[w]; kept != nil && stillGood(kept.Leaf, k, now) {
		return kept, nil
	}
	c, err := a.issue(host, k, now)
	if err != nil {
		return nil, fmt.Errorf("issuing a certificate for %q: %w", host, err)
	}
	a.kept[w] = c
	return c, nil
}

// stillGood tells whether a leaf made earlier is at now what its kind says.
func stillGood(leaf *x509.Certificate, k Kind, now time.Time) bool {
	switch k {
	case Expired, ExpiredRSA:
		return now.After(leaf.NotAfter)
	case NotYetValid:
		return now.Before(leaf.NotBefore)
	}
	return now.After(leaf.NotBefore) && now.Before(leaf.NotAfter.Add(-time.Hour))
}

func (a *Authority) issue(host string, k Kind, now time.Time) (*tls.Certificate, error) {
	by, err := a.issuerFor(k, now)
	if err != nil {
		return nil, err
	}
	key, err := k.newKey()
	if err != nil {
		return nil, err
	}
	commonName, names := k.identify(host)
	var addresses []net.IP
	if ip := net.ParseIP(host); ip != nil && slices.Contains(names, host) {
		names, addresses = nil, []net.IP{ip}
	}
	from, to := k.validity(now)
	template := &x509.Certificate{
		Subject:     pkix.Name{CommonName: commonName, Organization: []string{organization}},
		DNSNames:    names,
		IPAddresses: addresses,
		NotBefore:   from,
		NotAfter:    to,
		KeyUsage:    k.keyUsage(),
		ExtKeyUsage: []x509.ExtKeyUsage{k.usage()},

		ExtraExtensions: k.extensions(),
	}
	if len(commonName) > 64 { // ub-common-name, RFC 5280, appendix A
		template.Subject.CommonName = ""
	}
	switch k {
	case SHA1:
		template.SignatureAlgorithm = x509.ECDSAWithSHA1
	case Incomplete:
		template.IssuingCertificateURL = []string{"http://ca.sandbox.test/issuing.crt"}
	case SelfSigned:
		by = issuer{template, key}
	case WrongKeyID:
		other := *by.cert
		other.SubjectKeyId = []byte{1}
		by.cert = &other
	}
	der, err := sign(template, by, key.Public())
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	chain, err := a.chain(k, leaf, by, now)
	if err != nil {
		return nil, err
	}
	staple, err := a.staple(k, leaf, now)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: chain, PrivateKey: key, OCSPStaple: staple, Leaf: leaf}, nil
}

func (k Kind) newKey() (crypto.Signer, error) {
	switch k {
	case RSA, ExpiredRSA:
		return newRSA(2048)()
	case WeakRSA:
		return newRSA(1024)()
	}
	return newECDSA()
}

// issuerFor returns who signs a leaf of kind k.
func (a *Authority) issuerFor(k Kind, now time.Time) (issuer, error) {
	if by, ok := a.odd[k]; ok {
		return by, nil
	}
	var by issuer
	var err error
	switch k {
	case UnknownRoot:
		var root issuer
		if root, err = newIssuer(caTemplate(stranger, "Stranger Root CA", now), nil, newECDSA); err == nil {
			by, err = newIssuer(caTemplate(stranger, "Stranger Issuing CA", now), &root, newECDSA)
		}
	case IssuerNotCA:
		template := caTemplate(organization, "not-a-ca.sandbox.test", now)
		template.IsCA, template.KeyUsage = false, x509.KeyUsageDigitalSignature
		by, err = newIssuer(template, &a.intermediate, newECDSA)
	case ConstrainedIssuer:
		template := caTemplate(organization, "Constrained Issuing CA", now)
		template.PermittedDNSDomains, template.PermittedDNSDomainsCritical = []string{"elsewhere.test"}, true
		by, err = newIssuer(template, &a.root, newECDSA)
	case NameConstrained:
		// permitted: DNS names below every top-level domain, and the registeredID 1.2.3.4
		template := caTemplate(organization, "Name Constrained CA", now)
		template.ExtraExtensions = []pkix.Extension{{Id: []int{2, 5, 29, 30}, Critical: true, Value: []byte{
			0x30, 0x0d, 0xa0, 0x0b, 0x30, 0x02, 0x82, 0x00, 0x30, 0x05, 0x88, 0x03, 0x2a, 0x03, 0x04,
		}}}
		by, err = newIssuer(template, &a.root, newECDSA)
	case WeakIntermediate:
		by, err = newIssuer(caTemplate(organization, "Weak Issuing CA", now), &a.root, newRSA(1024))
	default:
		return a.intermediate, nil
	}
	if err == nil {
		a.odd[k] = by
	}
	return by, err
}

// chain chooses which certificates are sent, leaf first.
func (a *Authority) chain(k Kind, leaf *x509.Certificate, by issuer, now time.Time) ([][]byte, error) {
	switch k {
	case SelfSigned, Incomplete:
		return [][]byte{leaf.Raw}, nil
	case IssuerNotCA:
		return [][]byte{leaf.Raw, by.cert.Raw, a.intermediate.cert.Raw}, nil
	case WithRoot:
		return [][]byte{leaf.Raw, by.cert.Raw, a.root.cert.Raw}, nil
	case Disordered:
		other, err := newIssuer(caTemplate(organization, "Unrelated CA", now), &a.root, newECDSA)
		return [][]byte{leaf.Raw, other.cert.Raw, by.cert.Raw}, err
	case WrongIssuer:
		other, err := newIssuer(caTemplate(organization, by.cert.Subject.CommonName, now), &a.root, newECDSA)
		return [][]byte{leaf.Raw, other.cert.Raw}, err
	case Decoy:
		template := caTemplate(organization, by.cert.Subject.CommonName, now)
		template.SubjectKeyId = by.cert.SubjectKeyId
		other, err := newIssuer(template, &a.root, newECDSA)
		return [][]byte{leaf.Raw, other.cert.Raw, by.cert.Raw}, err
	case ExpiredTwin:
		old, err := newIssuer(caTemplate(organization, "Sandbox Root CA of old", now), nil, newECDSA)
		if err != nil {
			return nil, err
		}
		template := caTemplate(organization, a.root.cert.Subject.CommonName, now)
		template.NotAfter = now.AddDate(-1, 0, 0)
		twin, err := sign(template, old, a.root.key.Public())
		return [][]byte{leaf.Raw, by.cert.Raw, twin}, err
	case BrokenSignature:
		broken := bytes.Clone(leaf.Raw)
		broken[len(broken)-1] ^= 1 // the signature ends the certificate
		return [][]byte{broken, by.cert.Raw}, nil
	case Unparseable:
		return [][]byte{[]byte("this is not a certificate"), by.cert.Raw}, nil
	}
	return [][]byte{leaf.Raw, by.cert.Raw}, nil
}

// staple makes the OCSP response (RFC 6960) to send along; nil for most kinds.
func (a *Authority) staple(k Kind, leaf *x509.Certificate, now time.Time) ([]byte, error) {
	response := ocsp.Response{
		SerialNumber: leaf.SerialNumber,
		ThisUpdate:   now.Add(-time.Hour),
		NextUpdate:   now.Add(100 * 24 * time.Hour),
	}
	switch k {
	case Revoked:
		response.Status = ocsp.Revoked
		response.RevokedAt = now.Add(-2 * time.Hour)
		response.RevocationReason = ocsp.KeyCompromise
	case StapledGood:
		response.Status = ocsp.Good
	case StapledOld:
		response.Status = ocsp.Good
		response.ThisUpdate, response.NextUpdate = now.Add(-9*24*time.Hour), now.Add(-24*time.Hour)
	default:
		return nil, nil
	}
	return ocsp.CreateResponse(a.intermediate.cert, a.intermediate.cert, response, a.intermediate.key)
}

func parent(host string) string {
	_, up, ok := strings.Cut(host, ".")
	if !ok {
		return host
	}
	return up
}
