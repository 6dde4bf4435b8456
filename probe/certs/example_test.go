package certs_test

import (
	"context"
	"crypto/x509"
	"fmt"
	"time"

	"prober/probe/certs"
	"prober/probe/certs/certstest"
)

func Example() {
	p := certstest.NewPKI()
	past := certstest.Now().Add(-certstest.Day)
	expired := certstest.New("shop.test", p.Intermediate, certstest.ForHosts("shop.test"), certstest.Valid(past.Add(-time.Hour), past))
	chain := []*x509.Certificate{expired.Cert, p.Intermediate.Cert}

	judge := certs.Judge{Roots: certstest.Pool(p.Root)}
	verdict := judge.Judge(context.Background(), chain, nil, "www.shop.test", certstest.Now())
	fmt.Println("verified:", verdict.Verified())
	for _, f := range verdict.Findings {
		fmt.Printf("%s: %s\n", f.Reason, f.Detail)
	}
	var facts certs.Facts
	fmt.Println(facts.Of(chain)[0].Key)
	// Output:
	// verified: false
	// tls/cert_expired: shop.test expired on 2026-06-14T12:00:00Z
	// tls/cert_hostname: the certificate is for shop.test, not for www.shop.test
	// ECDSA-P-256
}
