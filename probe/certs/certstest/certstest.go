// Package certstest makes certificates for tests: roots, intermediates and leaves with
// whatever is wrong with them, and what a server needs to show them.
// Each function panics where it cannot.
package certstest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"time"

	"golang.org/x/crypto/ocsp"
)

// Now is the middle of the validity of every certificate that says nothing else.
func Now() time.Time { return time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC) }

// Day is a unit for dates.
const Day = 24 * time.Hour

// Entity is a certificate with its key.
type Entity struct {
	Cert *x509.Certificate
	Key  crypto.Signer
}

// Change alters the template of a certificate before it is signed.
type Change func(*x509.Certificate)

// New makes a certificate of the given common name, signed by issuer, or by itself
// when that is nil.
func New(name string, issuer *Entity, changes ...Change) *Entity {
	return NewWithKey(must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)), name, issuer, changes...)
}

// NewWithKey is New with a key of the caller's.
func NewWithKey(key crypto.Signer, name string, issuer *Entity, changes ...Change) *Entity {
	id := sha256.Sum256(must(x509.MarshalPKIXPublicKey(key.Public())))
	template := &x509.Certificate{
		SerialNumber: must(rand.Int(rand.Reader, big.NewInt(1<<62))), Subject: pkix.Name{CommonName: name}, SubjectKeyId: id[:20],
		NotBefore: Now().Add(-100 * Day), NotAfter: Now().Add(100 * Day),
	}
	for _, c := range changes {
		c(template)
	}
	parent, signer := template, key
	if issuer != nil {
		parent, signer = issuer.Cert, issuer.Key
	}
	der := must(x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer))
	return &Entity{must(x509.ParseCertificate(der)), key}
}

// RSAKey makes a key, of a size that may be too small for anybody else.
func RSAKey(bits int) crypto.Signer { return must(rsa.GenerateKey(rand.Reader, bits)) }

// must returns v: what the tests ask for can be made.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Authority makes a certificate that may issue others.
func Authority(c *x509.Certificate) {
	c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
}

// ForHosts makes a certificate of a server with these names.
func ForHosts(hosts ...string) Change {
	return func(c *x509.Certificate) {
		c.DNSNames = hosts
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}
}

// Valid sets the dates of a certificate.
func Valid(from, until time.Time) Change {
	return func(c *x509.Certificate) { c.NotBefore, c.NotAfter = from, until }
}

// PKI is a root, an intermediate and a leaf for "good.test".
type PKI struct{ Root, Intermediate, Leaf *Entity }

// Host is the name of the leaf of a PKI.
const Host = "good.test"

// NewPKI makes one.
func NewPKI() PKI {
	root := New("Root", nil, Authority, Valid(Now().Add(-3650*Day), Now().Add(3650*Day)))
	intermediate := New("Intermediate", root, Authority, Valid(Now().Add(-1000*Day), Now().Add(1000*Day)))
	return PKI{root, intermediate, New(Host, intermediate, ForHosts(Host))}
}

// Pool is what trusts these.
func Pool(entities ...*Entity) *x509.CertPool {
	p := x509.NewCertPool()
	for _, e := range entities {
		p.AddCert(e.Cert)
	}
	return p
}

// Chain is what a server sends, leaf first.
func Chain(entities ...*Entity) []*x509.Certificate {
	var chain []*x509.Certificate
	for _, e := range entities {
		chain = append(chain, e.Cert)
	}
	return chain
}

// Served is what a TLS server needs to show the chain that begins with leaf.
func Served(leaf *Entity, others ...*Entity) tls.Certificate {
	c := tls.Certificate{Certificate: [][]byte{leaf.Cert.Raw}, PrivateKey: leaf.Key}
	for _, o := range others {
		c.Certificate = append(c.Certificate, o.Cert.Raw)
	}
	return c
}

// Staple makes an OCSP response about leaf, signed by signer in the name of issuer.
func Staple(leaf, issuer, signer *Entity, r ocsp.Response) []byte {
	r.SerialNumber = leaf.Cert.SerialNumber
	if r.ThisUpdate.IsZero() {
		r.ThisUpdate, r.NextUpdate = Now().Add(-Day), Now().Add(Day)
	}
	if r.Status == ocsp.Revoked {
		r.RevokedAt = Now().Add(-10 * Day)
	}
	return must(ocsp.CreateResponse(issuer.Cert, signer.Cert, r, signer.Key))
}
