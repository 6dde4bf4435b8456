package certs

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"prober/limit"
	"prober/probe/certs/certstest"
	"prober/probe/reason"
)

var now = certstest.Now()

// chainCase is a chain that a server could send.
type chainCase struct {
	name   string
	chain  []*certstest.Entity
	host   string // certstest.Host when empty
	staple []byte
	want   []reason.Reason // all findings, the deciding one first
	detail string          // part of the first one's
}

func (tt chainCase) run(t *testing.T, j *Judge) {
	t.Helper()
	host := tt.host
	if host == "" {
		host = certstest.Host
	}
	v := j.Judge(t.Context(), certstest.Chain(tt.chain...), tt.staple, host, now)
	var got []reason.Reason
	for _, f := range v.Findings {
		got = append(got, f.Reason)
		if f.Detail == "" {
			t.Errorf("%s has no detail", f.Reason)
		}
	}
	if !slices.Equal(got, tt.want) {
		t.Fatalf("findings %v %v, want %v", got, v.Findings, tt.want)
	}
	if len(got) > 0 && !strings.Contains(v.Findings[0].Detail, tt.detail) {
		t.Errorf("detail %q lacks %q", v.Findings[0].Detail, tt.detail)
	}
	broken := slices.ContainsFunc(got, func(r reason.Reason) bool { return r.Outcome() != reason.Degraded })
	if v.Verified() == broken {
		t.Errorf("verified = %t", v.Verified())
	}
}

func TestChain(t *testing.T) {
	p := certstest.NewPKI()
	good := certstest.ForHosts(certstest.Host)
	past := certstest.Valid(now.Add(-200*certstest.Day), now.Add(-certstest.Day))
	leaf := func(changes ...certstest.Change) *certstest.Entity {
		return certstest.New("Leaf", p.Intermediate, changes...)
	}

	oldIntermediate := certstest.New("Old intermediate", p.Root, certstest.Authority, past)
	oldRoot := certstest.New("Old root", nil, certstest.Authority, past)
	youngRoot := certstest.New("Young root", nil, certstest.Authority, certstest.Valid(now.Add(certstest.Day), now.Add(9*certstest.Day)))
	freshRoot := certstest.New("Fresh root", nil, certstest.Authority, certstest.Valid(now.Add(-certstest.Day), now.Add(9*certstest.Day)))
	stranger := certstest.New("Stranger's root", nil, certstest.Authority)
	impostor := certstest.New("Root", nil, certstest.Authority)
	organization := func(name string) certstest.Change {
		return func(c *x509.Certificate) {
			c.Subject = pkix.Name{CommonName: "Root of " + name, Organization: []string{name}}
		}
	}
	known := certstest.New("", nil, certstest.Authority, organization("Known & Co"))
	unsent := certstest.New("", known, certstest.Authority, func(c *x509.Certificate) {
		c.Subject = pkix.Name{CommonName: "Issuing CA 3", Organization: []string{"Known & Co"}}
	})
	similar := certstest.New("", stranger, certstest.Authority, func(c *x509.Certificate) {
		c.Subject = pkix.Name{CommonName: "Issuing CA 4", Organization: []string{"Known"}}
	})
	aia := certstest.New("Leaf", certstest.New("Elsewhere", stranger, certstest.Authority), good, func(c *x509.Certificate) {
		c.IssuingCertificateURL = []string{"http://ca.test/ca.der"}
	})
	noCA := certstest.New("Another leaf", p.Intermediate, good)
	noSign := certstest.New("Signs no certificates", p.Root, func(c *x509.Certificate) {
		c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCRLSign
	})
	short := certstest.New("Path length 0", p.Root, certstest.Authority, func(c *x509.Certificate) { c.MaxPathLenZero = true })
	tooDeep := certstest.New("Too deep", short, certstest.Authority)
	constrained := certstest.New("Constrained", p.Root, certstest.Authority, func(c *x509.Certificate) {
		c.PermittedDNSDomainsCritical, c.PermittedDNSDomains = true, []string{"other.test"}
	})
	clientCA := certstest.New("Client CA", p.Root, certstest.Authority, func(c *x509.Certificate) {
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	})
	sha1 := func(c *x509.Certificate) { c.SignatureAlgorithm = x509.ECDSAWithSHA1 }
	broken := *leaf(good)
	broken.Cert = damaged(t, broken.Cert)
	rsa1024 := certstest.NewWithKey(certstest.RSAKey(1024), "Leaf", p.Intermediate, good)
	mapped := extension(false, append([]byte{0x30, 18, 0x87, 16}, net.ParseIP("192.0.2.7").To16()...), 2, 5, 29, 17)
	selfSigned := certstest.New("Self", nil, good)

	anchors := Anchors{Usable: certstest.Chain(p.Root, oldRoot, youngRoot, freshRoot, known)}
	roots := anchors.Pool()
	for _, tt := range []chainCase{
		{name: "good", chain: []*certstest.Entity{p.Leaf, p.Intermediate}},
		{name: "good with its root", chain: []*certstest.Entity{p.Leaf, p.Intermediate, p.Root}},
		{name: "reversed", chain: []*certstest.Entity{p.Leaf, p.Root, p.Intermediate}},
		{name: "with superfluous certificates", chain: []*certstest.Entity{p.Leaf, stranger, oldIntermediate, noCA, p.Intermediate}},
		{name: "issued by a root", chain: []*certstest.Entity{certstest.New("Leaf", p.Root, good)}},
		{name: "wildcard", chain: []*certstest.Entity{leaf(certstest.ForHosts("*.good.test")), p.Intermediate}, host: "a.good.test"},
		{name: "wildcard of a top-level domain", chain: []*certstest.Entity{leaf(certstest.ForHosts("*.test")), p.Intermediate}, want: []reason.Reason{reason.TLSCertHostname}, detail: "a whole top-level domain"},
		{name: "wildcard of a top-level domain in the common name", chain: []*certstest.Entity{certstest.New("*.test", p.Intermediate), p.Intermediate}, want: []reason.Reason{reason.TLSCertHostname}},
		{name: "wildcard of a registry", chain: []*certstest.Entity{leaf(certstest.ForHosts("*.co.uk")), p.Intermediate}, host: "good.co.uk", want: []reason.Reason{reason.TLSCertWildcard}},
		{name: "wildcard of a registry beside the name", chain: []*certstest.Entity{leaf(certstest.ForHosts("*.co.uk", "good.co.uk")), p.Intermediate}, host: "good.co.uk"},
		{name: "wildcard of a private suffix", chain: []*certstest.Entity{leaf(certstest.ForHosts("*.github.io")), p.Intermediate}, host: "good.github.io"},
		{name: "host in upper case", chain: []*certstest.Entity{p.Leaf, p.Intermediate}, host: "GOOD.Test"},
		{name: "host with a final dot", chain: []*certstest.Entity{p.Leaf, p.Intermediate}, host: "good.test."},
		{name: "IP address", chain: []*certstest.Entity{leaf(forIPs("192.0.2.7", "2001:db8::7")), p.Intermediate}, host: "192.0.2.7"},
		{name: "IPv6 address", chain: []*certstest.Entity{leaf(forIPs("192.0.2.7", "2001:db8::7")), p.Intermediate}, host: "2001:db8::7"},
		{name: "trusted by itself", chain: []*certstest.Entity{p.Root}, host: "Root", want: []reason.Reason{reason.TLSCertUsage, reason.TLSCertCommonName}},

		{name: "expired", chain: []*certstest.Entity{leaf(good, past), p.Intermediate}, want: []reason.Reason{reason.TLSCertExpired}, detail: "Leaf expired on 2026-06-14"},
		{name: "not yet valid", chain: []*certstest.Entity{leaf(good, certstest.Valid(now.Add(certstest.Day), now.Add(9*certstest.Day))), p.Intermediate}, want: []reason.Reason{reason.TLSCertNotYetValid}, detail: "Leaf is valid from 2026-06-16"},
		{name: "expired intermediate", chain: []*certstest.Entity{certstest.New("Leaf", oldIntermediate, good), oldIntermediate}, want: []reason.Reason{reason.TLSCertExpired}, detail: "Old intermediate"},
		{name: "expired root", chain: []*certstest.Entity{certstest.New("Leaf", oldRoot, good)}, want: []reason.Reason{reason.TLSCertExpired}, detail: "Old root"},
		{name: "root of tomorrow", chain: []*certstest.Entity{certstest.New("Leaf", youngRoot, good)}, want: []reason.Reason{reason.TLSCertNotYetValid}, detail: "Young root"},
		{name: "expired before its root was made", chain: []*certstest.Entity{certstest.New("Leaf", freshRoot, good, certstest.Valid(now.Add(-9*certstest.Day), now.Add(-8*certstest.Day)))}, want: []reason.Reason{reason.TLSCertExpired}, detail: "Leaf"},
		{
			name: "expired, though never valid together", want: []reason.Reason{reason.TLSCertExpired}, detail: "Leaf",
			chain: []*certstest.Entity{certstest.New("Leaf", oldIntermediate, good, certstest.Valid(now.Add(-9*time.Hour), now.Add(-8*time.Hour))), oldIntermediate},
		},

		{name: "wrong host", chain: []*certstest.Entity{p.Leaf, p.Intermediate}, host: "bad.test", want: []reason.Reason{reason.TLSCertHostname}, detail: "is for good.test, not for bad.test"},
		{name: "wildcard too deep", chain: []*certstest.Entity{leaf(certstest.ForHosts("*.test")), p.Intermediate}, host: "a.b.test", want: []reason.Reason{reason.TLSCertHostname}},
		{name: "wildcard of the bare domain", chain: []*certstest.Entity{leaf(certstest.ForHosts("*.good.test")), p.Intermediate}, want: []reason.Reason{reason.TLSCertHostname}},
		{name: "common name only", chain: []*certstest.Entity{certstest.New(certstest.Host, p.Intermediate), p.Intermediate}, want: []reason.Reason{reason.TLSCertCommonName}, detail: `no subjectAltName with a DNS name, only the common name "good.test"`},
		{name: "wildcard in the common name", chain: []*certstest.Entity{certstest.New("*.good.test", p.Intermediate), p.Intermediate}, host: "a.good.test", want: []reason.Reason{reason.TLSCertCommonName}},
		{name: "common name beside an address", chain: []*certstest.Entity{certstest.New(certstest.Host, p.Intermediate, forIPs("192.0.2.7")), p.Intermediate}, want: []reason.Reason{reason.TLSCertCommonName}},
		{name: "common name beside a DNS name", chain: []*certstest.Entity{certstest.New(certstest.Host, p.Intermediate, certstest.ForHosts("other.test")), p.Intermediate}, want: []reason.Reason{reason.TLSCertHostname}, detail: "is for other.test"},
		{name: "common name of another host", chain: []*certstest.Entity{certstest.New("other.test", p.Intermediate), p.Intermediate}, want: []reason.Reason{reason.TLSCertHostname}, detail: `is not for good.test: it has no subjectAltName, and its common name is "other.test"`},
		{name: "no name at all", chain: []*certstest.Entity{certstest.New("", p.Intermediate), p.Intermediate}, want: []reason.Reason{reason.TLSCertHostname}, detail: "it has no subjectAltName, and there is no common name"},
		{name: "an address as the common name", chain: []*certstest.Entity{certstest.New("192.0.2.7", p.Intermediate), p.Intermediate}, host: "192.0.2.7", want: []reason.Reason{reason.TLSCertHostname}, detail: `its common name is "192.0.2.7"`},
		{name: "an IPv4 address mapped into IPv6", chain: []*certstest.Entity{leaf(mapped), p.Intermediate}, host: "192.0.2.7", want: []reason.Reason{reason.TLSCertHostname}, detail: "is for ::ffff:192.0.2.7, not for 192.0.2.7"},
		{name: "empty key usage", chain: []*certstest.Entity{leaf(good, func(c *x509.Certificate) { c.KeyUsage = 0 }, extension(true, []byte{3, 2, 7, 0}, 2, 5, 29, 15)), p.Intermediate}, want: []reason.Reason{reason.TLSCertKeyUsage}, detail: "is empty"},
		{name: "key usage of an issuer", chain: []*certstest.Entity{leaf(good, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign }), p.Intermediate}, want: []reason.Reason{reason.TLSCertUsage}, detail: "has neither digitalSignature"},
		{name: "other IP address", chain: []*certstest.Entity{leaf(forIPs("192.0.2.7")), p.Intermediate}, host: "192.0.2.8", want: []reason.Reason{reason.TLSCertHostname}, detail: "is for 192.0.2.7"},
		{name: "IP address as a name", chain: []*certstest.Entity{leaf(certstest.ForHosts("192.0.2.7")), p.Intermediate}, host: "192.0.2.7", want: []reason.Reason{reason.TLSCertHostname}},

		{name: "self-signed", chain: []*certstest.Entity{selfSigned}, want: []reason.Reason{reason.TLSCertSelfSigned}},
		{name: "self-signed with SHA-1", chain: []*certstest.Entity{certstest.New("Self", nil, good, sha1)}, want: []reason.Reason{reason.TLSCertSelfSigned}},
		{name: "unknown root sent", chain: []*certstest.Entity{certstest.New("Leaf", stranger, good), stranger}, want: []reason.Reason{reason.TLSCertUntrusted}, detail: "Stranger's root"},
		{name: "unknown root not sent", chain: []*certstest.Entity{certstest.New("Leaf", stranger, good)}, want: []reason.Reason{reason.TLSCertUntrusted}, detail: "Stranger's root"},
		{name: "an impostor of the root", chain: []*certstest.Entity{certstest.New("Leaf", impostor, good)}, want: []reason.Reason{reason.TLSCertUntrusted}, detail: `names the trusted root "CN=Root" as its issuer, whose key did not sign it`},
		{name: "incomplete, issuer seen elsewhere", chain: []*certstest.Entity{p.Leaf}, want: []reason.Reason{reason.TLSCertIncompleteChain}, detail: "Intermediate"},
		{name: "incomplete, with the issuer's address", chain: []*certstest.Entity{aia}, want: []reason.Reason{reason.TLSCertIncompleteChain}, detail: "Elsewhere"},
		{name: "of a known organization, which proves nothing", chain: []*certstest.Entity{certstest.New("Leaf", unsent, good)}, want: []reason.Reason{reason.TLSCertUntrusted}, detail: "Issuing CA 3"},
		{name: "of an organization that is called alike", chain: []*certstest.Entity{certstest.New("Leaf", similar, good)}, want: []reason.Reason{reason.TLSCertUntrusted}, detail: "Issuing CA 4"},

		{name: "for clients", chain: []*certstest.Entity{leaf(good, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }), p.Intermediate}, want: []reason.Reason{reason.TLSCertUsage}, detail: "Leaf"},
		{name: "issuer for clients", chain: []*certstest.Entity{certstest.New("Leaf", clientCA, good), clientCA}, want: []reason.Reason{reason.TLSCertUsage}},
		{name: "issuer is no authority", chain: []*certstest.Entity{certstest.New("Leaf", noCA, good), noCA, p.Intermediate}, want: []reason.Reason{reason.TLSCertUsage}, detail: "Another leaf"},
		{name: "issuer may not sign", chain: []*certstest.Entity{certstest.New("Leaf", noSign, good), noSign}, want: []reason.Reason{reason.TLSCertUsage}, detail: "Signs no certificates"},
		{name: "path too long", chain: []*certstest.Entity{certstest.New("Leaf", tooDeep, good), tooDeep, short}, want: []reason.Reason{reason.TLSCertUsage}, detail: "the path length constraint of Path length 0 permits no authority below it"},
		{name: "outside the name constraints", chain: []*certstest.Entity{certstest.New("Leaf", constrained, good), constrained}, want: []reason.Reason{reason.TLSCertUsage}},
		{name: "critical extension", chain: []*certstest.Entity{leaf(good, func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{{Id: []int{1, 3, 6, 1, 4, 1, 99999, 1}, Critical: true, Value: []byte{5, 0}}}
		}), p.Intermediate}, want: []reason.Reason{reason.TLSCertUsage}, detail: "critical extension"},

		{name: "damaged signature", chain: []*certstest.Entity{&broken, p.Intermediate}, want: []reason.Reason{reason.TLSCertMalformed}, detail: "Leaf"},
		{name: "SHA-1", chain: []*certstest.Entity{leaf(good, sha1), p.Intermediate}, want: []reason.Reason{reason.TLSWeakSignature}, detail: "ECDSA-SHA1"},
		{name: "RSA-1024", chain: []*certstest.Entity{rsa1024, p.Intermediate}, want: []reason.Reason{reason.TLSWeakKey}, detail: "RSA-1024"},

		{name: "expired and wrong host", chain: []*certstest.Entity{leaf(certstest.ForHosts("other.test"), past), p.Intermediate}, want: []reason.Reason{reason.TLSCertExpired, reason.TLSCertHostname}},
		{name: "self-signed, expired and wrong host", chain: []*certstest.Entity{certstest.New("Self", nil, certstest.ForHosts("other.test"), past)}, want: []reason.Reason{reason.TLSCertSelfSigned, reason.TLSCertExpired, reason.TLSCertHostname}},
		{name: "expired and incomplete", chain: []*certstest.Entity{leaf(good, past)}, want: []reason.Reason{reason.TLSCertIncompleteChain, reason.TLSCertExpired}},
		{name: "expired and for clients", chain: []*certstest.Entity{leaf(good, past, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }), p.Intermediate}, want: []reason.Reason{reason.TLSCertUsage, reason.TLSCertExpired}},
		{name: "RSA-1024 and wrong host", chain: []*certstest.Entity{rsa1024, p.Intermediate}, host: "bad.test", want: []reason.Reason{reason.TLSCertHostname, reason.TLSWeakKey}},
		{name: "SHA-1 and expired", chain: []*certstest.Entity{leaf(good, past, sha1), p.Intermediate}, want: []reason.Reason{reason.TLSCertExpired, reason.TLSWeakSignature}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			j := &Judge{Roots: roots, Anchors: anchors}
			chainCase{chain: []*certstest.Entity{p.Leaf, p.Intermediate}}.run(t, j) // makes the intermediate known
			tt.run(t, j)
			tt.run(t, j) // the kept verdict is the same
		})
	}
}

func forIPs(list ...string) certstest.Change {
	return func(c *x509.Certificate) {
		for _, s := range list {
			c.IPAddresses = append(c.IPAddresses, net.ParseIP(s))
		}
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}
}

// damaged returns a copy of c with another bit in its signature.
func damaged(t *testing.T, c *x509.Certificate) *x509.Certificate {
	t.Helper()
	der := slices.Clone(c.Raw)
	der[len(der)-1] ^= 1
	broken, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return broken
}

// TestIncompleteChainIsNotGuessed sends the same chain as the one that is incomplete, to a
// judge that has never seen its issuer.
func TestIncompleteChainIsNotGuessed(t *testing.T) {
	p := certstest.NewPKI()
	j := &Judge{Roots: certstest.Pool(p.Root)}
	chainCase{chain: []*certstest.Entity{p.Leaf}, want: []reason.Reason{reason.TLSCertUntrusted}}.run(t, j)
}

// TestLargeCertificates are some that this program reads and curl does not.
func TestLargeCertificates(t *testing.T) {
	p := certstest.NewPKI()
	of := func(size int) *certstest.Entity {
		return certstest.New("Leaf", p.Intermediate, certstest.ForHosts(certstest.Host), extension(false, make([]byte, size), 1, 2, 3))
	}
	for _, tt := range []chainCase{
		{name: "below the bound", chain: []*certstest.Entity{of(limit.OthersCertificates - 2000), p.Intermediate}},
		{name: "above", chain: []*certstest.Entity{of(limit.OthersCertificates), p.Intermediate}, want: []reason.Reason{reason.TLSCertMalformed}, detail: "and OpenSSL takes 102400 at most"},
	} {
		t.Run(tt.name, func(t *testing.T) { tt.run(t, &Judge{Roots: certstest.Pool(p.Root)}) })
	}
}

func TestStaple(t *testing.T) {
	p := certstest.NewPKI()
	stranger := certstest.New("Stranger", nil, certstest.Authority)
	revoked := ocsp.Response{Status: ocsp.Revoked}
	during := func(from, until time.Duration) ocsp.Response {
		return ocsp.Response{Status: ocsp.Revoked, ThisUpdate: now.Add(from), NextUpdate: now.Add(until)}
	}
	other := certstest.New("Other", p.Intermediate, certstest.ForHosts(certstest.Host))
	forOCSP := func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning} }
	responder := certstest.New("Responder", p.Intermediate, forOCSP)
	late := certstest.New("Late", p.Intermediate, forOCSP, certstest.Valid(now.Add(-10*certstest.Day), now.Add(-certstest.Day)))
	early := certstest.New("Early", p.Intermediate, forOCSP, certstest.Valid(now.Add(certstest.Day), now.Add(9*certstest.Day)))
	bringing := func(c *x509.Certificate) []byte {
		der, err := ocsp.CreateResponse(p.Intermediate.Cert, p.Intermediate.Cert, ocsp.Response{
			Status: ocsp.Revoked, SerialNumber: p.Leaf.Cert.SerialNumber, RevokedAt: now.Add(certstest.Day), ThisUpdate: now, NextUpdate: now.Add(certstest.Day), Certificate: c,
		}, p.Intermediate.Key)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	for _, tt := range []chainCase{
		{name: "good", staple: certstest.Staple(p.Leaf, p.Intermediate, p.Intermediate, ocsp.Response{Status: ocsp.Good})},
		{name: "unknown", staple: certstest.Staple(p.Leaf, p.Intermediate, p.Intermediate, ocsp.Response{Status: ocsp.Unknown}), want: []reason.Reason{reason.TLSStapleInvalid}, detail: "has the status unknown"},
		{name: "revoked", staple: certstest.Staple(p.Leaf, p.Intermediate, p.Intermediate, revoked), want: []reason.Reason{reason.TLSCertRevoked}, detail: "revoked on 2026-06-05"},
		{name: "garbage", staple: []byte("garbage"), want: []reason.Reason{reason.TLSStapleInvalid}, detail: "is no OCSP response"},
		{name: "a sequence without a length", staple: []byte{0x30, 0x80, 0, 0}},
		{name: "good, signed for the issuer by a certificate that has expired", staple: certstest.Staple(p.Leaf, p.Intermediate, late, ocsp.Response{Status: ocsp.Good, Certificate: late.Cert}), want: []reason.Reason{reason.TLSStapleInvalid}, detail: "is signed by Late, a certificate that is good from 2026-06-05T12:00:00Z to 2026-06-14T12:00:00Z"},
		{name: "revoked, signed for the issuer by a certificate that is not good yet", staple: certstest.Staple(p.Leaf, p.Intermediate, early, ocsp.Response{Status: ocsp.Revoked, Certificate: early.Cert}), want: []reason.Reason{reason.TLSStapleInvalid}, detail: "is signed by Early"},
		{name: "about a certificate of another issuer with this number", staple: certstest.Staple(p.Leaf, stranger, p.Intermediate, ocsp.Response{Status: ocsp.Good}), want: []reason.Reason{reason.TLSStapleInvalid}, detail: "is about another certificate"},
		{name: "without an end, of two weeks ago", staple: certstest.Staple(p.Leaf, p.Intermediate, p.Intermediate, ocsp.Response{Status: ocsp.Good, ThisUpdate: now.Add(-14 * certstest.Day)})},
		{name: "without an end, of 16 days ago", staple: certstest.Staple(p.Leaf, p.Intermediate, p.Intermediate, ocsp.Response{Status: ocsp.Good, ThisUpdate: now.Add(-16 * certstest.Day)}), want: []reason.Reason{reason.TLSStapleInvalid}, detail: "names no end and is of 2026-05-30T12:00:00Z, more than 15 days ago"},
		{name: "revoked, without an end, of 16 days ago", staple: certstest.Staple(p.Leaf, p.Intermediate, p.Intermediate, ocsp.Response{Status: ocsp.Revoked, ThisUpdate: now.Add(-16 * certstest.Day)}), want: []reason.Reason{reason.TLSCertRevoked}},
		{name: "signed by another", staple: certstest.Staple(p.Leaf, p.Intermediate, stranger, revoked), want: []reason.Reason{reason.TLSStapleInvalid}, detail: "is not signed"},
		{name: "signed for the issuer", staple: certstest.Staple(p.Leaf, p.Intermediate, responder, ocsp.Response{Status: ocsp.Revoked, Certificate: responder.Cert}), want: []reason.Reason{reason.TLSCertRevoked}},
		{name: "signed by another leaf of the issuer's, which is not for that", staple: certstest.Staple(p.Leaf, p.Intermediate, other, ocsp.Response{Status: ocsp.Good, Certificate: other.Cert}), want: []reason.Reason{reason.TLSStapleInvalid}, detail: "is not signed by its issuer or for it"},
		{name: "signed by the leaf itself", staple: certstest.Staple(p.Leaf, p.Intermediate, p.Leaf, ocsp.Response{Status: ocsp.Good, Certificate: p.Leaf.Cert}), want: []reason.Reason{reason.TLSStapleInvalid}},
		{name: "signed by a stranger that it brings along", staple: certstest.Staple(p.Leaf, p.Intermediate, stranger, ocsp.Response{Status: ocsp.Revoked, Certificate: stranger.Cert}), want: []reason.Reason{reason.TLSStapleInvalid}},
		{name: "brings its issuer along", staple: bringing(p.Intermediate.Cert), want: []reason.Reason{reason.TLSCertRevoked}, detail: "is revoked, as of 2026-06-16T12:00:00Z, which is still to come"},
		{name: "brings a stranger along", staple: bringing(stranger.Cert), want: []reason.Reason{reason.TLSCertRevoked}},
		{name: "an error", staple: ocsp.TryLaterErrorResponse, want: []reason.Reason{reason.TLSStapleInvalid}, detail: "is an error: try later"},
		{name: "about another certificate", staple: certstest.Staple(other, p.Intermediate, p.Intermediate, revoked), want: []reason.Reason{reason.TLSStapleInvalid}, detail: "is about another certificate"},
		{name: "revoked, of yesterday", staple: certstest.Staple(p.Leaf, p.Intermediate, p.Intermediate, during(-2*certstest.Day, -certstest.Day)), want: []reason.Reason{reason.TLSStapleInvalid}, detail: "it ended on 2026-06-14"},
		{name: "revoked, of tomorrow", staple: certstest.Staple(p.Leaf, p.Intermediate, p.Intermediate, during(certstest.Day, 2*certstest.Day))},
		{name: "revoked, of the day after tomorrow", staple: certstest.Staple(p.Leaf, p.Intermediate, p.Intermediate, during(certstest.Day+time.Minute, 3*certstest.Day)), want: []reason.Reason{reason.TLSStapleInvalid}, detail: "is outside its dates: it is of 2026-06-16"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.chain = []*certstest.Entity{p.Leaf, p.Intermediate}
			tt.run(t, &Judge{Roots: certstest.Pool(p.Root)})
		})
	}
	t.Run("revoked and incomplete", func(t *testing.T) { // without the issuer nobody can tell
		chainCase{
			chain: []*certstest.Entity{p.Leaf}, staple: certstest.Staple(p.Leaf, p.Intermediate, p.Intermediate, revoked),
			want: []reason.Reason{reason.TLSCertUntrusted},
		}.run(t, &Judge{Roots: certstest.Pool(p.Root)})
	})
}

// TestNoRoots has nothing to compare with: what can be told without roots is told, and the
// rest stays unknown.
func TestNoRoots(t *testing.T) {
	p := certstest.NewPKI()
	j := &Judge{Roots: x509.NewCertPool()}
	chainCase{chain: []*certstest.Entity{p.Leaf, p.Intermediate}, want: []reason.Reason{reason.ProberInternal}, detail: "no trusted roots"}.run(t, j)
	chainCase{chain: []*certstest.Entity{p.Leaf, p.Intermediate}, host: "bad.test", want: []reason.Reason{reason.ProberInternal, reason.TLSCertHostname}}.run(t, j)
	if f := reason.Worst(j.Judge(t.Context(), certstest.Chain(p.Leaf), nil, "bad.test", now).Findings...); f.Reason != reason.TLSCertHostname {
		t.Errorf("the deciding finding is %s", f.Reason)
	}
}

// TestSystemRoots judges with no pool of its own: no authority of this test is trusted.
func TestSystemRoots(t *testing.T) {
	p := certstest.NewPKI()
	j := &Judge{}
	want := reason.TLSCertUntrusted
	if j.rootless() {
		want = reason.ProberInternal
	}
	chainCase{chain: []*certstest.Entity{p.Leaf, p.Intermediate, p.Root}, want: []reason.Reason{want}}.run(t, j)
}

func TestKeptVerdict(t *testing.T) {
	p := certstest.NewPKI()
	j := &Judge{Roots: certstest.Pool(p.Root)}
	reasons := func(chain []*certstest.Entity, staple []byte, host string, at time.Time) (list []reason.Reason) {
		for _, f := range j.Judge(t.Context(), certstest.Chain(chain...), staple, host, at).Findings {
			list = append(list, f.Reason)
		}
		return list
	}
	good := []*certstest.Entity{p.Leaf, p.Intermediate}
	revoked := certstest.Staple(p.Leaf, p.Intermediate, p.Intermediate, ocsp.Response{Status: ocsp.Revoked})
	for _, tt := range []struct {
		name   string
		chain  []*certstest.Entity
		staple []byte
		host   string
		at     time.Time
		want   []reason.Reason
	}{
		{"at first", good, nil, certstest.Host, now, nil},
		{"for another host", good, nil, "bad.test", now, []reason.Reason{reason.TLSCertHostname}},
		{"with a staple", good, revoked, certstest.Host, now, []reason.Reason{reason.TLSCertRevoked}},
		{"with the staple when it is old", good, revoked, certstest.Host, now.Add(certstest.Day + time.Second), []reason.Reason{reason.TLSStapleInvalid}},
		{"with the staple before its time", good, revoked, certstest.Host, now.Add(-certstest.Day - time.Second), nil},
		{"of a shorter chain", good[:1], nil, certstest.Host, now, []reason.Reason{reason.TLSCertIncompleteChain}},
		{"again", good, nil, certstest.Host, now, nil},
		{"in the last second", good, nil, certstest.Host, p.Leaf.Cert.NotAfter, nil},
		{"a second later", good, nil, certstest.Host, p.Leaf.Cert.NotAfter.Add(time.Second), []reason.Reason{reason.TLSCertExpired}},
		{"back again", good, nil, certstest.Host, now, nil},
		{"before the first second", good, nil, certstest.Host, p.Leaf.Cert.NotBefore.Add(-time.Second), []reason.Reason{reason.TLSCertNotYetValid}},
		{"in the first second", good, nil, certstest.Host, p.Leaf.Cert.NotBefore, nil},
	} {
		if got := reasons(tt.chain, tt.staple, tt.host, tt.at); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestRootEndsWhileVerdictIsKept lets the root, which is not sent, end before the leaf.
func TestRootEndsWhileVerdictIsKept(t *testing.T) {
	root := certstest.New("Root", nil, certstest.Authority, certstest.Valid(now.Add(-certstest.Day), now.Add(time.Hour)))
	leaf := certstest.New("Leaf", root, certstest.ForHosts(certstest.Host))
	j := &Judge{Roots: certstest.Pool(root)}
	for range 2 { // then it is kept
		chainCase{chain: []*certstest.Entity{leaf}}.run(t, j)
	}
	v := j.Judge(t.Context(), certstest.Chain(leaf), nil, certstest.Host, now.Add(time.Hour+time.Second))
	if len(v.Findings) != 1 || v.Findings[0].Reason != reason.TLSCertExpired {
		t.Errorf("an hour later: %v", v.Findings)
	}
}

// TestVerdictIsKept counts how often the chain is verified: not at all while it is kept.
func TestVerdictIsKept(t *testing.T) {
	p := certstest.NewPKI()
	j := &Judge{Roots: certstest.Pool(p.Root)}
	chain := certstest.Chain(p.Leaf, p.Intermediate)
	for range 2 { // what comes once is not kept
		j.Judge(t.Context(), chain, nil, certstest.Host, now)
	}
	j.Roots = x509.NewCertPool() // who verifies again now finds no root
	if v := j.Judge(t.Context(), chain, nil, certstest.Host, now.Add(time.Hour)); !v.Verified() {
		t.Error("the verdict was not kept for an hour")
	}
	if v := j.Judge(t.Context(), chain, nil, certstest.Host, now.Add(maxVerdictAge)); v.Verified() {
		t.Error("the verdict was kept for a day")
	}
}

// TestSeenIntermediates remembers each intermediate once, however often it is verified.
func TestSeenIntermediates(t *testing.T) {
	p := certstest.NewPKI()
	j := &Judge{Roots: certstest.Pool(p.Root)}
	for i := range 5 {
		j.workOut(begin(t.Context()), certstest.Chain(p.Leaf, p.Intermediate), nil, certstest.Host, now.Add(time.Duration(i)*time.Second))
	}
	if len(j.seen.entries) != 1 {
		t.Errorf("%d intermediates remembered, want 1", len(j.seen.entries))
	}
}

func TestChainKey(t *testing.T) {
	p := certstest.NewPKI()
	both := certstest.Chain(p.Leaf, p.Intermediate)
	keys := map[[32]byte]string{}
	for name, key := range map[string][32]byte{
		"whole":     chainKey(both, nil, nil, "a"),
		"leaf":      chainKey(both[:1], nil, nil, "a"),
		"host":      chainKey(both, nil, nil, "b"),
		"staple":    chainKey(both, nil, []byte("a"), ""),
		"no staple": chainKey(both, nil, nil, ""),
		"order":     chainKey(certstest.Chain(p.Intermediate, p.Leaf), nil, nil, "a"),
	} {
		if other, taken := keys[key]; taken {
			t.Errorf("%q and %q have the same key", name, other)
		}
		keys[key] = name
	}
}
