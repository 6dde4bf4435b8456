package certs

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"testing"

	"prober/limit"
	"prober/probe/certs/certstest"
)

func TestCertificateFacts(t *testing.T) {
	p := certstest.NewPKI()
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	many := make([]string, 10_000)
	for i := range many {
		many[i] = fmt.Sprintf("host%d.test", i)
	}
	for _, tt := range []struct {
		cert      *certstest.Entity
		key       string
		signature string
		names     int
	}{
		{p.Leaf, "ECDSA-P-256", "ECDSA-SHA256", 1},
		{certstest.NewWithKey(edKey, "Ed", nil), "Ed25519", "Ed25519", 0},
		{certstest.NewWithKey(certstest.RSAKey(2048), "RSA", nil), "RSA-2048", "SHA256-RSA", 0},
		{certstest.New("Many", p.Root, certstest.ForHosts(many...)), "ECDSA-P-256", "ECDSA-SHA256", limit.NamesListed + 1},
	} {
		var cache Facts
		for range 3 { // the last time from the cache
			f := cache.Of(certstest.Chain(tt.cert, p.Root))
			leaf := f[0]
			if leaf.Key != tt.key || leaf.SignatureAlgorithm != tt.signature || len(leaf.DNSNames) != tt.names || leaf.DNSNames == nil {
				t.Errorf("%s: %s, %s, %d names", tt.cert.Cert.Subject, leaf.Key, leaf.SignatureAlgorithm, len(leaf.DNSNames))
			}
			if leaf.Position != 0 || f[1].Position != 1 || len(leaf.SHA256) != 64 || !leaf.NotAfter.Equal(tt.cert.Cert.NotAfter) {
				t.Errorf("%+v", f)
			}
		}
		if len(cache.known.entries) != 2 {
			t.Errorf("%d certificates are known, want 2", len(cache.known.entries))
		}
		// The same certificate elsewhere in a chain has another position.
		if f := cache.Of(certstest.Chain(p.Root, tt.cert)); f[1].Position != 1 || f[1].Key != tt.key {
			t.Errorf("%+v", f)
		}
	}
}

func TestShortName(t *testing.T) {
	for _, tt := range []struct {
		c    x509.Certificate
		want string
	}{
		{x509.Certificate{Subject: pkix.Name{CommonName: "cn"}, DNSNames: []string{"a"}}, "cn"},
		{x509.Certificate{DNSNames: []string{"a", "b"}}, "a"},
		{x509.Certificate{Subject: pkix.Name{Organization: []string{"org"}}}, "O=org"},
	} {
		if got := shortName(&tt.c); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
	if got := nameList([]string{"a", "b", "c", "d", "e", "f", "g"}); got != "a, b, c, d, e and 2 more" {
		t.Errorf("%q", got)
	}
}
