package certs

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"time"

	"prober/limit"
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
	Serial             string    `json:"-"` // in hex, two digits a byte
}

// bytes is about what the facts take in memory.
func (c *Certificate) bytes() int {
	n := 320 + len(c.Subject) + len(c.Issuer)
	for _, name := range c.DNSNames {
		n += 16 + len(name)
	}
	return n
}

// Facts keeps the facts of certificates by their digest: the same few certificates
// come back at every probe, and are shared by many hosts. The zero value works.
type Facts struct {
	sights sights
	known  kept[[sha256.Size]byte, Certificate]
}

// Of returns the facts of a chain, leaf first, and of a very long chain those of the first
// [limit.CertificatesListed] certificates.
func (f *Facts) Of(chain []*x509.Certificate) []Certificate {
	facts := make([]Certificate, min(len(chain), limit.CertificatesListed))
	for i, c := range chain[:len(facts)] {
		sum := sha256.Sum256(c.Raw)
		known, ok := f.known.get(sum)
		if !ok {
			known = certificateFacts(c, sum)
			if f.sights.again(sum) {
				f.known.put(sum, known, known.bytes(), limit.CertificatesKeptBytes)
			}
		}
		known.Position = i
		facts[i] = known
	}
	return facts
}

func certificateFacts(c *x509.Certificate, sum [sha256.Size]byte) Certificate {
	return Certificate{
		Subject: nameText(c.Subject), Issuer: nameText(c.Issuer), DNSNames: listed(c.DNSNames),
		NotBefore: c.NotBefore, NotAfter: c.NotAfter, SHA256: hex.EncodeToString(sum[:]),
		Key: keyName(c), SignatureAlgorithm: c.SignatureAlgorithm.String(), Serial: serial(c),
	}
}

// listed are the names of a certificate as they are shown: some have ten thousand.
func listed(names []string) []string {
	list := []string{}
	for _, name := range names[:min(len(names), limit.NamesListed)] {
		list = append(list, Cut(name))
	}
	if more := len(names) - len(list); more > 0 {
		list = append(list, fmt.Sprintf("and %d more", more))
	}
	return list
}

// serial is a certificate's number; RFC 5280 gives it 20 bytes at most.
func serial(c *x509.Certificate) string {
	const most = 32
	if c.SerialNumber == nil {
		return ""
	}
	number := c.SerialNumber.Bytes()
	return hex.EncodeToString(number[:min(len(number), most)])
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
