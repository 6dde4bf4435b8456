package probe

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
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"
)

// now is the middle of the validity of every certificate that says nothing else.
var now = time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// entity is a certificate with its key.
type entity struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// change alters the template of a certificate before it is signed.
type change func(*x509.Certificate)

// newEntity makes a certificate of the given common name, signed by issuer, or by itself
// when that is nil.
func newEntity(t testing.TB, name string, issuer *entity, changes ...change) *entity {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return newEntityWithKey(t, key, name, issuer, changes...)
}

func newEntityWithKey(t testing.TB, key crypto.Signer, name string, issuer *entity, changes ...change) *entity {
	t.Helper()
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	spki, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	id := sha256.Sum256(spki)
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name}, SubjectKeyId: id[:20],
		NotBefore: now.Add(-100 * day), NotAfter: now.Add(100 * day),
	}
	for _, c := range changes {
		c(template)
	}
	parent, signer := template, key
	if issuer != nil {
		parent, signer = issuer.cert, issuer.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		t.Fatalf("certificate %q: %v", name, err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatalf("certificate %q: %v", name, err)
	}
	return &entity{cert, key}
}

func rsaKey(t testing.TB, bits int) crypto.Signer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// authority makes a certificate that may issue others.
func authority(c *x509.Certificate) {
	c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
}

// forHosts makes a certificate of a server with these names.
func forHosts(hosts ...string) change {
	return func(c *x509.Certificate) {
		c.DNSNames = hosts
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}
}

func valid(from, until time.Time) change {
	return func(c *x509.Certificate) { c.NotBefore, c.NotAfter = from, until }
}

// pki is a root, an intermediate and a leaf for "good.test".
type pki struct{ root, intermediate, leaf *entity }

const goodHost = "good.test"

func newPKI(t testing.TB) pki {
	t.Helper()
	root := newEntity(t, "Root", nil, authority, valid(now.Add(-3650*day), now.Add(3650*day)))
	intermediate := newEntity(t, "Intermediate", root, authority, valid(now.Add(-1000*day), now.Add(1000*day)))
	return pki{root, intermediate, newEntity(t, goodHost, intermediate, forHosts(goodHost))}
}

func pool(entities ...*entity) *x509.CertPool {
	p := x509.NewCertPool()
	for _, e := range entities {
		p.AddCert(e.cert)
	}
	return p
}

func chainOf(entities ...*entity) []*x509.Certificate {
	var chain []*x509.Certificate
	for _, e := range entities {
		chain = append(chain, e.cert)
	}
	return chain
}

// served is what a TLS server needs to show the chain that begins with leaf.
func served(leaf *entity, others ...*entity) tls.Certificate {
	c := tls.Certificate{Certificate: [][]byte{leaf.cert.Raw}, PrivateKey: leaf.key}
	for _, o := range others {
		c.Certificate = append(c.Certificate, o.cert.Raw)
	}
	return c
}

// staple makes an OCSP response about leaf, signed by signer in the name of issuer.
func staple(t testing.TB, leaf, issuer, signer *entity, r ocsp.Response) []byte {
	t.Helper()
	r.SerialNumber = leaf.cert.SerialNumber
	if r.ThisUpdate.IsZero() {
		r.ThisUpdate, r.NextUpdate = now.Add(-day), now.Add(day)
	}
	if r.Status == ocsp.Revoked {
		r.RevokedAt = now.Add(-10 * day)
	}
	der, err := ocsp.CreateResponse(issuer.cert, signer.cert, r, signer.key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}
