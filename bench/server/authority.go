package server

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"time"
)

// certificates makes an authority and one leaf that is valid for all hosts. Both have
// ECDSA P-256 keys, the usual choice of servers that care for speed.
func certificates(now time.Time) (leaf tls.Certificate, authority string, err error) {
	rootKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return leaf, "", fmt.Errorf("making the authority's key: %w", err)
	}
	leafKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return leaf, "", fmt.Errorf("making the leaf's key: %w", err)
	}
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Bench Root CA"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	rootDER, err := x509.CreateCertificate(rand.Reader, root, root, rootKey.Public(), rootKey)
	if err != nil {
		return leaf, "", fmt.Errorf("signing the authority: %w", err)
	}
	// The issuer is the certificate as it was made: it has the key identifier.
	if root, err = x509.ParseCertificate(rootDER); err != nil {
		return leaf, "", fmt.Errorf("reading the authority: %w", err)
	}
	host := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "*." + domain}, DNSNames: []string{"*." + domain},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(0, 6, 0),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	hostDER, err := x509.CreateCertificate(rand.Reader, host, root, leafKey.Public(), rootKey)
	if err != nil {
		return leaf, "", fmt.Errorf("signing the leaf: %w", err)
	}
	leaf = tls.Certificate{Certificate: [][]byte{hostDER}, PrivateKey: leafKey}
	return leaf, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: rootDER})), nil
}
