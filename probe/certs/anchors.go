package certs

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"regexp"

	"prober/limit"
)

// Anchors are trusted roots one by one. A pool does not tell which it holds, and whether a
// root made a signature can be computed with the root at hand only. The zero value knows none.
type Anchors struct {
	Usable   []*x509.Certificate
	Unusable []Unusable
}

// Unusable is a certificate of a list of roots that this program cannot use.
type Unusable struct {
	Number  int    // its place among the certificates of the list, from 1
	Subject string // as far as it can be read
	Err     error  // why

	rawSubject []byte
}

// Error implements error.
func (u Unusable) Error() string {
	if u.Subject == "" {
		return fmt.Sprintf("certificate %d cannot be used: %v", u.Number, u.Err)
	}
	return fmt.Sprintf("certificate %d (%s) cannot be used: %v", u.Number, u.Subject, u.Err)
}

// Unwrap returns why.
func (u Unusable) Unwrap() error { return u.Err }

// Told are the certificates that cannot be used as people are told of them: the first few, and how
// many more there are.
func (a Anchors) Told() (told []error) {
	for _, u := range a.Unusable[:min(len(a.Unusable), limit.UnusableTold)] {
		told = append(told, u)
	}
	if more := len(a.Unusable) - len(told); more > 0 {
		told = append(told, fmt.Errorf("and %d certificates more cannot be used", more))
	}
	return told
}

// beginCertificate begins a certificate in PEM form, also one that OpenSSL calls trusted.
var beginCertificate = regexp.MustCompile(`-----BEGIN (X509 |TRUSTED )?CERTIFICATE-----`)

// ReadAnchors reads the certificates of a PEM file.
func ReadAnchors(data []byte) (a Anchors) {
	starts := beginCertificate.FindAllIndex(data, -1)
	for i, at := range starts {
		end := len(data)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		block, _ := pem.Decode(data[at[0]:end])
		if block == nil {
			a.Unusable = append(a.Unusable, Unusable{Number: i + 1, Err: errors.New("its text is damaged")})
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			r := readAnyway(block.Bytes)
			a.Unusable = append(a.Unusable, Unusable{Number: i + 1, Subject: r.facts.Subject, Err: trimmed(err), rawSubject: r.subject})
			continue
		}
		a.Usable = append(a.Usable, c)
	}
	return a
}

// Pool returns the roots that can be used.
func (a Anchors) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	for _, c := range a.Usable {
		pool.AddCert(c)
	}
	return pool
}

// has reports whether c itself is a root.
func (a Anchors) has(c *x509.Certificate) bool {
	for _, root := range a.Usable {
		if root.Equal(c) {
			return true
		}
	}
	return false
}

// named returns the roots of a name that can be used, and one that cannot.
func (a Anchors) named(subject []byte) (usable []*x509.Certificate, unusable *Unusable) {
	for _, root := range a.Usable {
		if bytes.Equal(root.RawSubject, subject) {
			usable = append(usable, root)
		}
	}
	for i := range a.Unusable {
		if bytes.Equal(a.Unusable[i].rawSubject, subject) {
			unusable = &a.Unusable[i]
		}
	}
	return usable, unusable
}
