package certs

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"time"
)

// Certificate holds the facts of one certificate of the chain as the server sent it.
type Certificate struct {
	Position           int       `json:"position"` // 0 is the leaf
	Subject            string    `json:"subject"`
	Issuer             string    `json:"issuer"`
	DNSNames           []string  `json:"dns_names"`
	NotBefore          time.Time `json:"not_before"`
	NotAfter           time.Time `json:"not_after"`
	SHA256             string    `json:"sha256"` // hex of the whole certificate's digest
	Key                string    `json:"key"`    // "RSA-2048", "ECDSA-P-256", "Ed25519"
	SignatureAlgorithm string    `json:"signature_algorithm"`
}

// maxNames bounds the subjectAltNames kept of one certificate: some have ten thousand.
const maxNames = 100

// Facts keeps the facts of certificates by their digest: the same few certificates
// come back at every probe, and are shared by many hosts. The zero value works.
type Facts struct {
	mu    sync.Mutex
	known map[[sha256.Size]byte]Certificate
}

const maxKnownCertificates = 50_000 // about 50 MB

// Of returns the facts of a chain, leaf first.
func (f *Facts) Of(chain []*x509.Certificate) []Certificate {
	facts := make([]Certificate, len(chain))
	for i, c := range chain {
		sum := sha256.Sum256(c.Raw)
		f.mu.Lock()
		known, ok := f.known[sum]
		if !ok {
			known = certificateFacts(c, sum)
			if f.known == nil || len(f.known) >= maxKnownCertificates {
				f.known = map[[sha256.Size]byte]Certificate{}
			}
			f.known[sum] = known
		}
		f.mu.Unlock()
		known.Position = i
		facts[i] = known
	}
	return facts
}

func certificateFacts(c *x509.Certificate, sum [sha256.Size]byte) Certificate {
	names := c.DNSNames
	if len(names) > maxNames {
		names = append(names[:maxNames:maxNames], fmt.Sprintf("and %d more", len(c.DNSNames)-maxNames))
	}
	if names == nil {
		names = []string{}
	}
	return Certificate{
		Subject: c.Subject.String(), Issuer: c.Issuer.String(), DNSNames: names,
		NotBefore: c.NotBefore, NotAfter: c.NotAfter, SHA256: hex.EncodeToString(sum[:]),
		Key: keyName(c), SignatureAlgorithm: c.SignatureAlgorithm.String(),
	}
}

func keyName(c *x509.Certificate) string {
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA-%d", k.N.BitLen())
	case *ecdsa.PublicKey:
		return "ECDSA-" + k.Curve.Params().Name
	case ed25519.PublicKey:
		return "Ed25519"
	}
	return c.PublicKeyAlgorithm.String()
}

// weakKey reports whether a certificate's key is below what the CA/Browser Forum's
// Baseline Requirements (section 6.1.5) have allowed since 2014.
func weakKey(c *x509.Certificate) bool {
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return k.N.BitLen() < 2048
	case *ecdsa.PublicKey:
		return k.Curve.Params().BitSize < 224
	}
	return false
}

// weakSignature reports whether a certificate is signed with a broken digest.
func weakSignature(c *x509.Certificate) bool {
	switch c.SignatureAlgorithm {
	case x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1:
		return true
	}
	return false
}

// shortName is the part of a distinguished name that people know it by.
func shortName(c *x509.Certificate) string {
	if c.Subject.CommonName != "" {
		return c.Subject.CommonName
	}
	if len(c.DNSNames) > 0 {
		return c.DNSNames[0]
	}
	return c.Subject.String()
}

func nameList(names []string) string {
	const shown = 5
	if len(names) > shown {
		return strings.Join(names[:shown], ", ") + fmt.Sprintf(" and %d more", len(names)-shown)
	}
	return strings.Join(names, ", ")
}
