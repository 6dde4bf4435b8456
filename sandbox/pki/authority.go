package pki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"sync"
	"time"
)

// issuer is a certificate that signs others.
type issuer struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// Authority is the certificate authority of one sandbox. It is safe for concurrent use.
type Authority struct {
	root, intermediate issuer

	mu   sync.Mutex
	odd  map[Kind]issuer // issuers of single kinds, made on first use
	kept map[wanted]*tls.Certificate
}

type wanted struct {
	host string
	kind Kind
}

// New makes an authority whose certificates are valid around now, by ten years each way.
func New(now time.Time) (*Authority, error) {
	root, err := newIssuer(caTemplate(organization, "Sandbox Root CA", now), nil, newECDSA)
	if err != nil {
		return nil, err
	}
	intermediate, err := newIssuer(caTemplate(organization, "Sandbox Issuing CA", now), &root, newECDSA)
	if err != nil {
		return nil, err
	}
	return &Authority{root: root, intermediate: intermediate, odd: make(map[Kind]issuer), kept: make(map[wanted]*tls.Certificate)}, nil
}

// PEM returns the root certificate.
func (a *Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.root.cert.Raw})
}

// Roots returns a pool that holds the root certificate.
func (a *Authority) Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.root.cert)
	return pool
}

// The organizations in subjects: ours, and that of those whom nobody trusts.
const (
	organization = "Sandbox"
	stranger     = "Stranger"
)

// caTemplate is a CA certificate but for its key and signature.
func caTemplate(org, name string, now time.Time) *x509.Certificate {
	return &x509.Certificate{
		Subject:               pkix.Name{CommonName: name, Organization: []string{org}},
		NotBefore:             now.AddDate(-10, 0, 0),
		NotAfter:              now.AddDate(10, 0, 0),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
}

// newIssuer makes an issuer of template, signed by parent or, if that is nil, by itself.
func newIssuer(template *x509.Certificate, parent *issuer, newKey func() (crypto.Signer, error)) (issuer, error) {
	key, err := newKey()
	if err != nil {
		return issuer{}, fmt.Errorf("making a key for %q: %w", template.Subject, err)
	}
	by := issuer{cert: template, key: key}
	if parent != nil {
		by = *parent
	}
	der, err := sign(template, by, key.Public())
	if err != nil {
		return issuer{}, fmt.Errorf("signing %q: %w", template.Subject, err)
	}
	cert, err := x509.ParseCertificate(der)
	return issuer{cert, key}, err
}

// sign gives template a serial number and signs it.
func sign(template *x509.Certificate, by issuer, public crypto.PublicKey) ([]byte, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 126))
	if err != nil {
		return nil, err
	}
	template.SerialNumber = serial.Add(serial, big.NewInt(1))
	return x509.CreateCertificate(rand.Reader, template, by.cert, public, by.key)
}

func newECDSA() (crypto.Signer, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) }

// newRSA returns a maker of keys of that many bits.
func newRSA(bits int) func() (crypto.Signer, error) {
	return func() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, bits) }
}
