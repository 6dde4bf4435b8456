package pki_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"prober/needs"
	"prober/sandbox/pki"
)

const host = "ecs.cn-hangzhou.aliyuncs.com"

// now is not today, so that a certificate made by the wrong clock shows.
var now = time.Date(2031, 5, 17, 12, 0, 0, 0, time.UTC)

func authority(t testing.TB) *pki.Authority {
	t.Helper()
	a, err := pki.New(now)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// verify does what a client does with the chain as it is sent.
func verify(a *pki.Authority, c *tls.Certificate, at time.Time) error {
	leaf, err := x509.ParseCertificate(c.Certificate[0])
	if err != nil {
		return err
	}
	options := x509.VerifyOptions{DNSName: host, Roots: a.Roots(), Intermediates: x509.NewCertPool(), CurrentTime: at}
	for _, der := range c.Certificate[1:] {
		parsed, err := x509.ParseCertificate(der)
		if err != nil {
			return err
		}
		options.Intermediates.AddCert(parsed)
	}
	_, err = leaf.Verify(options)
	return err
}

func TestKinds(t *testing.T) {
	a := authority(t)
	has := func(part string) func(error) bool {
		return func(err error) bool { return err != nil && strings.Contains(err.Error(), part) }
	}
	fine := func(err error) bool { return err == nil }
	invalid := func(why x509.InvalidReason) func(error) bool {
		return func(err error) bool {
			var e x509.CertificateInvalidError
			return errors.As(err, &e) && e.Reason == why
		}
	}
	hostname := func(err error) bool { return errors.As(err, new(x509.HostnameError)) }
	unknown := func(err error) bool { return errors.As(err, new(x509.UnknownAuthorityError)) }
	for _, test := range []struct {
		name   string
		kind   pki.Kind
		length int
		want   func(error) bool
	}{
		{"Good", pki.Good, 2, fine},
		{"Expired", pki.Expired, 2, invalid(x509.Expired)},
		{"NotYetValid", pki.NotYetValid, 2, invalid(x509.Expired)},
		{"WrongHost", pki.WrongHost, 2, hostname},
		{"CommonNameOnly", pki.CommonNameOnly, 2, hostname},
		{"WrongCommonName", pki.WrongCommonName, 2, hostname},
		{"StapledOld", pki.StapledOld, 2, fine},
		{"ShallowWildcard", pki.ShallowWildcard, 2, hostname},
		{"SelfSigned", pki.SelfSigned, 1, unknown},
		{"UnknownRoot", pki.UnknownRoot, 2, unknown},
		{"Incomplete", pki.Incomplete, 1, unknown},
		{"ClientOnly", pki.ClientOnly, 2, invalid(x509.IncompatibleUsage)},
		{"IssuerNotCA", pki.IssuerNotCA, 3, has("parent certificate cannot sign")},
		{"ConstrainedIssuer", pki.ConstrainedIssuer, 2, invalid(x509.CANotAuthorizedForThisName)},
		{"Revoked", pki.Revoked, 2, fine},
		{"WeakRSA", pki.WeakRSA, 2, fine},
		{"SHA1", pki.SHA1, 2, has("insecure algorithm ECDSA-SHA1")},
		{"BrokenSignature", pki.BrokenSignature, 2, unknown},
		{"Unparseable", pki.Unparseable, 2, has("malformed certificate")},
		{"WeakIntermediate", pki.WeakIntermediate, 2, fine},
		{"ExpiredRSA", pki.ExpiredRSA, 2, invalid(x509.Expired)},
		{"WrongKeyID", pki.WrongKeyID, 2, fine},
		{"WrongIssuer", pki.WrongIssuer, 2, unknown},
		{"Decoy", pki.Decoy, 3, fine},
		{"MustStaple", pki.MustStaple, 2, fine},
		{"NoSigning", pki.NoSigning, 2, fine},
		{"NameConstrained", pki.NameConstrained, 2, has("unhandled critical extension")},
		{"ExpiredTwin", pki.ExpiredTwin, 3, fine},
		{"RSA", pki.RSA, 2, fine},
		{"WithRoot", pki.WithRoot, 3, fine},
		{"Disordered", pki.Disordered, 3, fine},
		{"ManyNames", pki.ManyNames, 2, fine},
		{"Wildcard", pki.Wildcard, 2, fine},
		{"StapledGood", pki.StapledGood, 2, fine},
		{"ShortLived", pki.ShortLived, 2, fine},
		{"UpperCaseSAN", pki.UpperCaseSAN, 2, fine},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, err := a.Certificate(host, test.kind, now)
			if err != nil {
				t.Fatal(err)
			}
			if err := verify(a, c, now); !test.want(err) {
				t.Errorf("verified: %v", err)
			}
			if len(c.Certificate) != test.length {
				t.Errorf("%d certificates, want %d", len(c.Certificate), test.length)
			}
			if staples := test.kind == pki.Revoked || test.kind == pki.StapledGood || test.kind == pki.StapledOld; staples != (c.OCSPStaple != nil) {
				t.Errorf("staple of %d bytes", len(c.OCSPStaple))
			}
		})
	}
}

func TestDates(t *testing.T) {
	a := authority(t)
	leaf := func(k pki.Kind, at time.Time) *x509.Certificate {
		t.Helper()
		c, err := a.Certificate(host, k, at)
		if err != nil {
			t.Fatal(err)
		}
		return c.Leaf
	}
	if c := leaf(pki.Expired, now); !c.NotAfter.Before(now) || !c.NotBefore.Before(c.NotAfter) {
		t.Errorf("expired: %v to %v", c.NotBefore, c.NotAfter)
	}
	if c := leaf(pki.NotYetValid, now); !c.NotBefore.After(now) {
		t.Errorf("not yet valid: %v to %v", c.NotBefore, c.NotAfter)
	}
	first := leaf(pki.Good, now)
	if leaf(pki.Good, now.Add(time.Hour)) != first {
		t.Error("a certificate is made again although it is still good")
	}
	later := now.AddDate(1, 0, 0)
	for k, ok := range map[pki.Kind]func(*x509.Certificate) bool{
		pki.Good:        func(c *x509.Certificate) bool { return c.NotBefore.Before(later) && c.NotAfter.After(later) },
		pki.Expired:     func(c *x509.Certificate) bool { return c.NotAfter.Before(later) },
		pki.NotYetValid: func(c *x509.Certificate) bool { return c.NotBefore.After(later) },
	} {
		if c := leaf(k, later); !ok(c) {
			t.Errorf("kind %d a year later: %v to %v", k, c.NotBefore, c.NotAfter)
		}
	}
}

// TestClockGoesBack: a certificate that is kept must have expired at any time asked for.
func TestClockGoesBack(t *testing.T) {
	a := authority(t)
	for _, at := range []time.Time{now, now.AddDate(-1, 0, 0)} {
		c, err := a.Certificate(host, pki.Expired, at)
		if err != nil {
			t.Fatal(err)
		}
		if !c.Leaf.NotAfter.Before(at) {
			t.Errorf("at %v: not after %v", at, c.Leaf.NotAfter)
		}
	}
}

func TestKeys(t *testing.T) {
	a := authority(t)
	bits := func(k pki.Kind, position int) int {
		t.Helper()
		c, err := a.Certificate(host, k, now)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := x509.ParseCertificate(c.Certificate[position])
		if err != nil {
			t.Fatal(err)
		}
		switch key := parsed.PublicKey.(type) {
		case *rsa.PublicKey:
			return key.N.BitLen()
		case *ecdsa.PublicKey:
			return key.Params().BitSize
		}
		return 0
	}
	for _, test := range []struct {
		kind     pki.Kind
		position int
		want     int
	}{{pki.Good, 0, 256}, {pki.RSA, 0, 2048}, {pki.WeakRSA, 0, 1024}, {pki.WeakRSA, 1, 256}, {pki.WeakIntermediate, 1, 1024}} {
		if got := bits(test.kind, test.position); got != test.want {
			t.Errorf("kind %d, certificate %d: %d bits, want %d", test.kind, test.position, got, test.want)
		}
	}
}

// TestDistinct: two authorities share nothing, and two leaves have their own serial
// numbers.
func TestDistinct(t *testing.T) {
	a, b := authority(t), authority(t)
	if bytes.Equal(a.PEM(), b.PEM()) {
		t.Error("two authorities have one root")
	}
	one, err := a.Certificate("one.sandbox.test", pki.Good, now)
	if err != nil {
		t.Fatal(err)
	}
	two, err := a.Certificate("two.sandbox.test", pki.Good, now)
	if err != nil {
		t.Fatal(err)
	}
	if one.Leaf.SerialNumber.Cmp(two.Leaf.SerialNumber) == 0 {
		t.Error("two leaves have one serial number")
	}
	long := strings.Repeat("a", 60) + ".sandbox.test"
	if c, err := a.Certificate(long, pki.Good, now); err != nil || c.Leaf.Subject.CommonName != "" || c.Leaf.VerifyHostname(long) != nil {
		t.Errorf("a host of %d letters: %v", len(long), err)
	}
}

// TestOpenSSLVerify holds the kinds against a verifier that is not Go's.
func TestOpenSSLVerify(t *testing.T) {
	needs.Program(t, "openssl")
	a := authority(t)
	dir := t.TempDir()
	write := func(name string, blocks ...[]byte) string {
		t.Helper()
		var text []byte
		for _, der := range blocks {
			text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
		}
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	roots := filepath.Join(dir, "ca.pem")
	if err := os.WriteFile(roots, a.PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		kind pki.Kind
		want string
	}{
		{pki.Good, ": OK"},
		{pki.RSA, ": OK"},
		{pki.ManyNames, ": OK"},
		{pki.Wildcard, ": OK"},
		{pki.MustStaple, ": OK"},
		{pki.NameConstrained, ": OK"},
		{pki.ExpiredTwin, ": OK"},
		{pki.WrongKeyID, "unable to get local issuer certificate"},
		{pki.WrongIssuer, "unable to get local issuer certificate"},
		{pki.Decoy, "certificate signature failure"},
		{pki.Expired, "certificate has expired"},
		{pki.NotYetValid, "certificate is not yet valid"},
		{pki.WrongHost, "hostname mismatch"},
		{pki.ShallowWildcard, "hostname mismatch"},
		{pki.SelfSigned, "self-signed certificate"},
		{pki.UnknownRoot, "unable to get local issuer certificate"},
		{pki.Incomplete, "unable to get local issuer certificate"},
		{pki.ClientOnly, "unsuitable certificate purpose"},
		{pki.IssuerNotCA, "invalid CA certificate"},
		{pki.ConstrainedIssuer, "permitted subtree violation"},
		{pki.BrokenSignature, "certificate signature failure"},
	} {
		c, err := a.Certificate(host, test.kind, now)
		if err != nil {
			t.Fatal(err)
		}
		args := []string{
			"verify", "-CAfile", roots, "-purpose", "sslserver", "-verify_hostname", host,
			"-attime", "1936958400", // 2031-05-19, two days after now
		}
		if test.kind == pki.NotYetValid {
			args[len(args)-1] = "1936785600" // now
		}
		if len(c.Certificate) > 1 {
			args = append(args, "-untrusted", write("chain.pem", c.Certificate[1:]...))
		}
		out, _ := exec.Command("openssl", append(args, write("leaf.pem", c.Certificate[0]))...).CombinedOutput()
		if !strings.Contains(string(out), test.want) {
			t.Errorf("kind %d: openssl says %s, want %s", test.kind, out, test.want)
		}
	}
}
