package certs

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"prober/limit"
	"prober/probe/certs/certstest"
	"prober/probe/reason"
)

// unknownKey is the certificate with the numbers of its key's curve changed to those of a curve
// that crypto/x509 does not know.
func unknownKey(t testing.TB, e *certstest.Entity) []byte {
	t.Helper()
	p256 := string([]byte{0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07})
	der := strings.Replace(string(e.Cert.Raw), p256, string([]byte{0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x06}), 1)
	if der == string(e.Cert.Raw) {
		t.Fatal("no curve found")
	}
	return []byte(der)
}

// TestReadAnyway reads of a certificate that crypto/x509 refuses what it reads of one that it
// takes.
func TestReadAnyway(t *testing.T) {
	p := certstest.NewPKI()
	var cache Facts
	want := cache.Of(certstest.Chain(p.Leaf))[0]
	for name, der := range map[string][]byte{"good": p.Leaf.Cert.Raw, "unknown curve": unknownKey(t, p.Leaf)} {
		got := readAnyway(der).facts
		if got.Subject != want.Subject || got.Issuer != want.Issuer || !slices.Equal(got.DNSNames, want.DNSNames) ||
			!got.NotBefore.Equal(want.NotBefore) || !got.NotAfter.Equal(want.NotAfter) || got.SignatureAlgorithm != want.SignatureAlgorithm {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	if r := readAnyway([]byte("this is not a certificate")); r.subject != nil {
		t.Errorf("%+v", r)
	}
}

func TestJudgeDER(t *testing.T) {
	p := certstest.NewPKI()
	stranger := certstest.New("Stranger", nil, certstest.Authority)
	strange, lower := certstest.New("Strange", stranger, certstest.Authority), certstest.New("Lower", p.Intermediate, certstest.Authority)
	past := certstest.New(certstest.Host, p.Intermediate, certstest.ForHosts(certstest.Host), certstest.Valid(now.Add(-9*certstest.Day), now.Add(-certstest.Day)))
	j := &Judge{Roots: certstest.Pool(p.Root), Anchors: Anchors{Usable: certstest.Chain(p.Root)}}
	ends := map[string]string{
		"a root that cannot be parsed and is not trusted":               `the chain ends at the root "CN=Stranger", which is not trusted`,
		"an issuer that cannot be parsed, below one that was not sent":  `the issuer "CN=Stranger" of "CN=Strange" is not trusted, and was not sent`,
		"issuers that cannot be parsed and name each other in a circle": `the issuers that were sent name each other in a circle up to "CN=One", and none is a trusted root`,
	}
	one := certstest.New("One", nil, certstest.Authority)
	two := certstest.New("Two", one, certstest.Authority)
	one = certstest.NewWithKey(one.Key, "One", two, certstest.Authority)
	for _, tt := range []struct {
		name string
		ders [][]byte
		host string
		want []reason.Reason
	}{
		{"good", [][]byte{p.Leaf.Cert.Raw, p.Intermediate.Cert.Raw}, certstest.Host, nil},
		{"a stray that cannot be parsed", [][]byte{p.Leaf.Cert.Raw, p.Intermediate.Cert.Raw, unknownKey(t, p.Root)}, certstest.Host, []reason.Reason{reason.ProberCertUnsupported}},
		{"a leaf that cannot be parsed", [][]byte{unknownKey(t, p.Leaf), p.Intermediate.Cert.Raw}, certstest.Host, []reason.Reason{reason.ProberCertUnsupported}},
		{"a leaf that cannot be parsed, of another host", [][]byte{unknownKey(t, p.Leaf)}, "bad.test", []reason.Reason{reason.ProberCertUnsupported, reason.TLSCertHostname}},
		{"a leaf that cannot be parsed, expired", [][]byte{unknownKey(t, past)}, certstest.Host, []reason.Reason{reason.ProberCertUnsupported, reason.TLSCertExpired}},
		{"a leaf that cannot be parsed, without a DNS name", [][]byte{unknownKey(t, certstest.New(certstest.Host, p.Intermediate))}, certstest.Host, []reason.Reason{reason.ProberCertUnsupported, reason.TLSCertCommonName}},
		{"an issuer that cannot be parsed", [][]byte{p.Leaf.Cert.Raw, unknownKey(t, p.Intermediate)}, certstest.Host, []reason.Reason{reason.ProberCertUnsupported}},
		{"two of them", [][]byte{certstest.New(certstest.Host, lower, certstest.ForHosts(certstest.Host)).Cert.Raw, unknownKey(t, p.Intermediate), unknownKey(t, lower)}, certstest.Host, []reason.Reason{reason.ProberCertUnsupported, reason.ProberCertUnsupported}},
		{"one below an issuer that can", [][]byte{certstest.New(certstest.Host, lower, certstest.ForHosts(certstest.Host)).Cert.Raw, unknownKey(t, lower), p.Intermediate.Cert.Raw}, certstest.Host, []reason.Reason{reason.ProberCertUnsupported}},
		{"beside one of its name that can and did not sign", [][]byte{p.Leaf.Cert.Raw, certstest.New("Intermediate", p.Root, certstest.Authority).Cert.Raw, unknownKey(t, p.Intermediate)}, certstest.Host, []reason.Reason{reason.ProberCertUnsupported}},
		{"a root that cannot be parsed and is not trusted", [][]byte{certstest.New(certstest.Host, stranger, certstest.ForHosts(certstest.Host)).Cert.Raw, unknownKey(t, stranger)}, certstest.Host, []reason.Reason{reason.ProberCertUnsupported, reason.TLSCertUntrusted}},
		{"an issuer that cannot be parsed, below one that was not sent", [][]byte{certstest.New(certstest.Host, strange, certstest.ForHosts(certstest.Host)).Cert.Raw, unknownKey(t, strange)}, certstest.Host, []reason.Reason{reason.ProberCertUnsupported, reason.TLSCertUntrusted}},
		{"issuers that cannot be parsed and name each other in a circle", [][]byte{certstest.New(certstest.Host, one, certstest.ForHosts(certstest.Host)).Cert.Raw, unknownKey(t, one), unknownKey(t, two)}, certstest.Host, []reason.Reason{reason.ProberCertUnsupported, reason.ProberCertUnsupported, reason.TLSCertUntrusted}},
		{"a length of too many octets", [][]byte{slices.Concat([]byte{0x30, 0x83, 0}, p.Leaf.Cert.Raw[2:]), p.Intermediate.Cert.Raw}, certstest.Host, []reason.Reason{reason.ProberCertUnsupported}},
		{"an indefinite length", [][]byte{slices.Concat([]byte{0x30, 0x80}, p.Leaf.Cert.Raw[4:], []byte{0, 0}), p.Intermediate.Cert.Raw}, certstest.Host, []reason.Reason{reason.ProberCertUnsupported}},
		{"a certificate that is cut short", [][]byte{p.Leaf.Cert.Raw[:200], p.Intermediate.Cert.Raw}, certstest.Host, []reason.Reason{reason.TLSCertMalformed}},
		{"no certificate", [][]byte{[]byte("x"), p.Intermediate.Cert.Raw}, certstest.Host, []reason.Reason{reason.TLSCertMalformed}},
		{"many that are none", slices.Repeat([][]byte{[]byte("x")}, 5), certstest.Host, []reason.Reason{reason.TLSCertMalformed, reason.TLSCertMalformed, reason.TLSCertMalformed, reason.ProberCertUnsupported}},
		{"nothing", nil, certstest.Host, nil},
	} {
		facts, findings := j.JudgeDER(t.Context(), tt.ders, tt.host, now)
		var got []reason.Reason
		for _, f := range findings {
			got = append(got, f.Reason)
		}
		if says := ends[tt.name]; says != "" && (len(findings) == 0 || findings[len(findings)-1].Detail != says) {
			t.Errorf("%s: %v, want %q", tt.name, findings, says)
		}
		if !slices.Equal(got, tt.want) || len(facts) != len(tt.ders) {
			t.Errorf("%s: %v, want %v, %d facts", tt.name, findings, tt.want, len(facts))
		}
	}
}

func TestReadAnchors(t *testing.T) {
	p := certstest.NewPKI()
	data := slices.Concat(pemOf(p.Root.Cert.Raw), []byte("a comment\n"), pemOf(unknownKey(t, p.Intermediate)), pemOf([]byte("x")), []byte("-----BEGIN CERTIFICATE-----\nMII*\n-----END CERTIFICATE-----\n"))
	a := ReadAnchors(data)
	if len(a.Usable) != 1 || !a.Usable[0].Equal(p.Root.Cert) || len(a.Unusable) != 3 {
		t.Fatalf("%+v", a)
	}
	for i, want := range []string{"certificate 2 (CN=Intermediate) cannot be used: unsupported elliptic curve", "certificate 3 cannot be used: malformed certificate", "certificate 4 cannot be used: its text is damaged"} {
		if got := a.Unusable[i].Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	// What such a root signed is not called untrusted.
	chainCase{chain: []*certstest.Entity{p.Leaf}, want: []reason.Reason{reason.ProberCertUnsupported}, detail: `"CN=Intermediate" is among the trusted roots, of which certificate 2 (CN=Intermediate) cannot be used: `}.run(t, &Judge{Roots: a.Pool(), Anchors: a})
}

// TestUnusableTold names a few of the certificates that cannot be used, and counts the others.
func TestUnusableTold(t *testing.T) {
	a := ReadAnchors(bytes.Repeat(pemOf([]byte("x")), 100))
	told := a.Told()
	if len(told) != limit.UnusableTold+1 || told[limit.UnusableTold].Error() != "and 90 certificates more cannot be used" {
		t.Errorf("%q", told)
	}
	if told := (Anchors{}).Told(); told != nil {
		t.Errorf("%q", told)
	}
}

func FuzzReadAnyway(f *testing.F) {
	p := certstest.NewPKI()
	f.Add(p.Leaf.Cert.Raw)
	f.Add(unknownKey(f, p.Leaf))
	f.Fuzz(func(t *testing.T, der []byte) {
		if r := readAnyway(der); len(r.facts.DNSNames) > limit.NamesListed {
			t.Errorf("%d names", len(r.facts.DNSNames))
		}
	})
}

// FuzzJudgeDER judges whatever a server sends as its certificates: what is said of them stays short.
func FuzzJudgeDER(f *testing.F) {
	p := certstest.NewPKI()
	f.Add(p.Leaf.Cert.Raw, p.Intermediate.Cert.Raw)
	f.Add(unknownKey(f, p.Leaf), p.Intermediate.Cert.Raw)
	anchors := Anchors{Usable: certstest.Chain(p.Root)}
	f.Fuzz(func(t *testing.T, leaf, issuer []byte) {
		j := &Judge{Roots: anchors.Pool(), Anchors: anchors}
		facts, findings := j.JudgeDER(t.Context(), [][]byte{leaf, issuer}, certstest.Host, now)
		for _, found := range findings {
			if found.Detail == "" || len(found.Detail) > 10*limit.NameBytes {
				t.Errorf("%s says %d bytes", found.Reason, len(found.Detail))
			}
		}
		for _, c := range facts {
			if len(c.Subject)+len(c.Issuer) > 3*limit.NameBytes || len(c.DNSNames) > limit.NamesListed+1 {
				t.Errorf("facts of %d and %d bytes and %d names", len(c.Subject), len(c.Issuer), len(c.DNSNames))
			}
		}
	})
}
