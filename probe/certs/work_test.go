package certs

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"net"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"prober/limit"
	"prober/probe/certs/certstest"
	"prober/probe/reason"
)

// mesh are authorities that all signed each other, the first by root as well.
func mesh(n int, root *certstest.Entity) (first *certstest.Entity, all []*certstest.Entity) {
	var heads []*certstest.Entity
	for i := range n {
		heads = append(heads, certstest.New(fmt.Sprint("Mesh ", i), root, certstest.Authority))
	}
	for _, subject := range heads {
		for _, issuer := range heads {
			if subject != issuer {
				all = append(all, certstest.NewWithKey(subject.Key, subject.Cert.Subject.CommonName, issuer, certstest.Authority))
			}
		}
	}
	return heads[0], all
}

// TestCostlyChains judges what servers make as costly as they can: the work stays within its
// bounds, and what was not reached is unknown.
func TestCostlyChains(t *testing.T) {
	good := certstest.ForHosts(certstest.Host)
	p := certstest.NewPKI()
	stranger := certstest.New("Stranger", nil, certstest.Authority)
	strange, tangle := mesh(4, stranger)
	wide, web := mesh(12, stranger)
	known, tied := mesh(8, p.Root)
	same := func(n int) (all []*certstest.Entity) {
		for range n {
			all = append(all, certstest.New("Intermediate", stranger, certstest.Authority))
		}
		return all
	}
	var copies []*certstest.Entity
	for range 200 {
		c := *stranger.Cert // which has the intermediate's name, and another key
		c.RawSubject, c.SubjectKeyId, c.Raw = p.Intermediate.Cert.RawSubject, nil, append([]byte{}, c.Raw...)
		copies = append(copies, &certstest.Entity{Cert: &c})
	}
	copies = append(copies, p.Intermediate)
	deep := []*certstest.Entity{p.Intermediate}
	for i := range limit.ChainSignatures + 10 {
		deep = slices.Insert(deep, 0, certstest.New(fmt.Sprint("Link ", i), deep[0], certstest.Authority))
	}
	unsupported := []reason.Reason{reason.ProberCertUnsupported}
	for _, tt := range []struct {
		chainCase
		met string
	}{
		{chainCase{name: "a mesh that leads nowhere", chain: slices.Concat([]*certstest.Entity{certstest.New("Leaf", strange, good)}, tangle), want: []reason.Reason{reason.TLSCertUntrusted}}, ""},
		{chainCase{name: "a mesh that leads to a root", chain: slices.Concat([]*certstest.Entity{certstest.New("Leaf", known, good), known}, tied)}, ""},
		{chainCase{name: "a large mesh that leads nowhere", chain: slices.Concat([]*certstest.Entity{certstest.New("Leaf", wide, good)}, web), want: unsupported}, "more signatures than the 100"},
		{chainCase{name: "the right issuer last of hundreds with other key identifiers", chain: slices.Concat([]*certstest.Entity{p.Leaf}, same(200), []*certstest.Entity{p.Intermediate})}, ""},
		{chainCase{name: "hundreds of issuers of the right name", chain: slices.Concat([]*certstest.Entity{p.Leaf}, same(200)), want: unsupported}, "more signatures than the 100"},
		{chainCase{name: "very deep", chain: slices.Concat([]*certstest.Entity{certstest.New("Leaf", deep[0], good)}, deep), want: unsupported}, "more signatures than the 100"},
		{chainCase{name: "one certificate hundreds of times", chain: slices.Concat([]*certstest.Entity{p.Leaf}, copies), want: []reason.Reason{reason.TLSCertKeyID}}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			anchors := Anchors{Usable: certstest.Chain(p.Root)}
			j := &Judge{Roots: anchors.Pool(), Anchors: anchors}
			tt.detail = tt.met // empty where nothing was met
			tt.run(t, j)
			w := begin(t.Context())
			j.workOut(w, certstest.Chain(tt.chain...), nil, certstest.Host, now)
			if w.left < 0 || w.steps < -limit.ChainSignatures || len(w.made) > limit.ChainSignatures {
				t.Errorf("%d signatures and %d steps left, %d signatures checked", w.left, w.steps, len(w.made))
			}
		})
	}
}

// TestCostlyPaths refuses a search whose paths hold more than their bound together.
func TestCostlyPaths(t *testing.T) {
	p := certstest.NewPKI()
	through := certstest.Chain(p.Intermediate)
	w := begin(t.Context())
	if how, ok := w.signed(p.Leaf.Cert, through[0]); !ok || how != signed {
		t.Fatal(how, ok)
	}
	many := func([]byte) int { return limit.ChainPathBytes / 100 }
	if w.afford(p.Leaf.Cert, through, now, many) || !strings.Contains(w.met, "bytes of certificates") {
		t.Errorf("met %q", w.met)
	}
}

// TestJudgingEndsInTime ends what is costly with its context, and remembers nothing of it. What is
// not costly is judged all the same.
func TestJudgingEndsInTime(t *testing.T) {
	p := certstest.NewPKI()
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancel := context.WithDeadline(t.Context(), time.Unix(1, 0))
	defer cancel()
	var many []*certstest.Entity
	for range limit.HeavyChain {
		many = append(many, certstest.New("Intermediate", p.Root, certstest.Authority))
	}
	heavy, light := certstest.Chain(slices.Concat([]*certstest.Entity{p.Leaf}, many)...), certstest.Chain(p.Leaf, p.Intermediate)
	turns := 0
	j := &Judge{Roots: certstest.Pool(p.Root), Turn: func(ctx context.Context) (func(), error) {
		turns++
		return func() { turns += 100 }, ctx.Err()
	}}
	for _, tt := range []struct {
		ctx   context.Context
		chain []*x509.Certificate
		want  reason.Reason
		turns int
	}{
		{canceled, heavy, reason.ProberCanceled, 1},
		{late, heavy, reason.ProberCertUnsupported, 1},
		{t.Context(), heavy, reason.TLSCertIncompleteChain, 101},
		{late, light, reason.None, 0},
	} {
		turns = 0
		v := j.Judge(tt.ctx, tt.chain, nil, certstest.Host, now)
		if f := reason.Worst(v.Findings...); f.Reason != tt.want || turns != tt.turns {
			t.Errorf("%v and %d turns, want %s and %d", v.Findings, turns, tt.want, tt.turns)
		}
	}
}

func TestHeavy(t *testing.T) {
	p := certstest.NewPKI()
	large := *p.Intermediate.Cert
	large.PublicKey = &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 12_000), E: 65537}
	long := *p.Leaf.Cert
	long.Raw = bytes.Repeat(long.Raw, 1+limit.HeavyHandshake/len(long.Raw))
	var same []*x509.Certificate
	for range 4 {
		same = append(same, certstest.New("Intermediate", p.Root, certstest.Authority).Cert)
	}
	for name, chain := range map[string][]*x509.Certificate{
		"":                      certstest.Chain(p.Leaf, p.Intermediate, p.Root),
		"a large key":           {p.Leaf.Cert, &large},
		"a long certificate":    {&long, p.Intermediate.Cert},
		"many certificates":     slices.Repeat(certstest.Chain(p.Leaf), limit.HeavyChain+1),
		"many of the same name": append(certstest.Chain(p.Leaf), same...),
	} {
		if Heavy(chain, make([]byte, 2000)) != (name != "") {
			t.Errorf("%q: heavy %t", name, name == "")
		}
	}
	if !Heavy(certstest.Chain(p.Leaf), make([]byte, limit.HeavyStaple+1)) {
		t.Error("a large staple is not heavy")
	}
}

// TestLargeKey leaves a key alone whose signatures take seconds to check.
func TestLargeKey(t *testing.T) {
	issuer := certstest.NewWithKey(certstest.RSAKey(2048), "Large", nil, certstest.Authority)
	leaf := certstest.New("Leaf", issuer, certstest.ForHosts(certstest.Host))
	large := *issuer.Cert
	large.PublicKey = &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), limit.SignatureKeyBits), E: 65537}
	if how := made(leaf.Cert, &large); how != untold {
		t.Errorf("the signature is %d", how)
	}
	large.PublicKey = &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), largeKey), E: 65537}
	w := begin(t.Context())
	if w.signed(leaf.Cert, &large); w.left != limit.ChainSignatures-largeCost {
		t.Errorf("one signature of a large key leaves %d", w.left)
	}
	large.PublicKey = &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), limit.SignatureKeyBits), E: 65537}
	if why := untoldWhy(leaf.Cert, &large); !strings.Contains(why, "RSA-16385") || !strings.Contains(why, "16384 bits") {
		t.Error(why)
	}
}

// TestLargeStaple reads one up to the bound, and says so beyond it.
func TestLargeStaple(t *testing.T) {
	p := certstest.NewPKI()
	leaf := certstest.New("Leaf", p.Root, certstest.ForHosts(certstest.Host))
	j := &Judge{Roots: certstest.Pool(p.Root)}
	for size, want := range map[int]reason.Reason{limit.StapleBytes / 2: reason.TLSCertRevoked, limit.StapleBytes: reason.ProberCertUnsupported} {
		large := pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3}, Value: make([]byte, size)}
		staple := certstest.Staple(leaf, p.Root, p.Root, ocsp.Response{Status: ocsp.Revoked, ExtraExtensions: []pkix.Extension{large}})
		detail := ""
		if want == reason.ProberCertUnsupported {
			detail = "more than the 65536 that are read"
		}
		chainCase{chain: []*certstest.Entity{leaf, p.Root}, staple: staple, want: []reason.Reason{want}, detail: detail}.run(t, j)
	}
}

// allocated is how many bytes f allocates.
func allocated(f func()) int {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc - before.TotalAlloc) //nolint:gosec // it fits
}

// TestLongTexts writes names of any length without the time and the memory that go with their
// square, and keeps little of them.
func TestLongTexts(t *testing.T) {
	const many = 20_000
	c := &x509.Certificate{Subject: pkix.Name{CommonName: strings.Repeat("é", many)}, DNSNames: []string{strings.Repeat("a", many)}}
	for i := range many {
		c.IPAddresses = append(c.IPAddresses, net.IPv4(10, 0, byte(i>>8), byte(i)))
		c.Issuer.Names = append(c.Issuer.Names, pkix.AttributeTypeAndValue{Type: asn1.ObjectIdentifier{1, 2, 3}, Value: strings.Repeat("n", 10)})
	}
	if n := allocated(func() {
		f := hostnameFinding(c, certstest.Host)
		if len(f.Detail) > 2*limit.NameBytes || !strings.Contains(f.Detail, "20000 bytes") || !strings.Contains(f.Detail, "and 19996 more") {
			t.Errorf("%d bytes: %.900s", len(f.Detail), f.Detail)
		}
		facts := certificateFacts(c, [32]byte{})
		if facts.bytes() > 5*limit.NameBytes || !strings.HasSuffix(facts.Issuer, "and 19936 attributes more") || !strings.HasSuffix(facts.Subject, "(40003 bytes)") {
			t.Errorf("%d bytes: %.900s", facts.bytes(), facts.Issuer)
		}
	}); n > 32<<20 {
		t.Errorf("%d bytes were allocated", n)
	}
	if got := Cut(strings.Repeat("é", limit.NameBytes)); !strings.HasPrefix(got, "éé") || strings.ContainsRune(got, '\uFFFD') {
		t.Errorf("%q is no UTF-8", got)
	}
}
