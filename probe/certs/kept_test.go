package certs

import (
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"prober/limit"
	"prober/probe/certs/certstest"
)

// TestKept keeps what was used last within its bytes.
func TestKept(t *testing.T) {
	const entry, most = 100, 3 * (100 + entryBytes)
	var k kept[string, int]
	for i, key := range []string{"a", "b", "c"} {
		k.put(key, i, entry, most)
	}
	k.get("a")
	k.put("d", 3, entry, most)
	k.put("c", 4, entry, most)
	k.put("too large", 5, most, most)
	var all []int
	for _, key := range []string{"a", "b", "c", "d", "too large"} {
		if v, ok := k.get(key); ok {
			all = append(all, v)
		}
	}
	if !slices.Equal(all, []int{0, 4, 3}) || k.bytes != most || len(k.entries) != 3 || len(k.values()) != 3 {
		t.Errorf("%v are kept in %d bytes, %d and %d entries", all, k.bytes, len(k.entries), len(k.values()))
	}
	if v := k.values(); !slices.Equal(v, []int{3, 4, 0}) {
		t.Errorf("last used first: %v", v)
	}
	k.put("d", 0, most, most) // what it replaces is gone all the same
	if _, ok := k.get("d"); ok {
		t.Error("the old value is still there")
	}
}

// TestFreshCertificates shows certificates that nobody has seen before, each for as long as it takes to be kept, and that
// are as long as a handshake lets them be: what is kept of them stays within its bounds, however many come.
func TestFreshCertificates(t *testing.T) {
	long := strings.Repeat("A", limit.NameBytes)
	names := slices.Repeat([]string{long}, limit.NamesListed)
	var facts Facts
	var j Judge
	p := certstest.NewPKI()
	for i := range 1_500 {
		raw := binary.BigEndian.AppendUint32(nil, uint32(i))
		c := &x509.Certificate{Raw: raw, Subject: pkix.Name{CommonName: long}, DNSNames: names}
		for range 2 {
			facts.Of([]*x509.Certificate{c})
		}
		v := Verdict{Path: []Certificate{{Subject: long, Issuer: long, DNSNames: names}}}
		v.Path[0].SHA256 = string(raw)
		j.known.put([32]byte(append(raw, make([]byte, 28)...)), &v)
	}
	for i := range 1_000 {
		c := *p.Intermediate.Cert
		c.Raw = append([]byte(fmt.Sprint(i)), make([]byte, 4<<10)...)
		j.remember([]*x509.Certificate{p.Leaf.Cert, &c, p.Root.Cert})
	}
	for what, n := range map[string][3]int{
		"facts":         {facts.known.bytes, len(facts.known.entries), limit.CertificatesKeptBytes},
		"verdicts":      {j.known.kept.bytes, len(j.known.kept.entries), limit.VerdictsKeptBytes},
		"intermediates": {j.seen.bytes, len(j.seen.entries), limit.IntermediatesKeptBytes},
	} {
		if bytes, entries, most := n[0], n[1], n[2]; bytes > most || bytes < most/2 || entries*entryBytes > most {
			t.Errorf("%s: %d bytes and %d entries are kept, within %d bytes", what, bytes, entries, most)
		}
	}
}

// TestWhatComesOnce keeps nothing of servers that make a new certificate for each connection, and goes on to keep what comes back.
func TestWhatComesOnce(t *testing.T) {
	p := certstest.NewPKI()
	j := &Judge{Roots: certstest.Pool(p.Root)}
	var seen Facts
	probed := func(leaf *certstest.Entity) {
		chain := certstest.Chain(leaf, p.Intermediate)
		seen.Of(chain)
		if v := j.Judge(t.Context(), chain, nil, certstest.Host, now); !v.Verified() {
			t.Fatal(v.Findings)
		}
	}
	for range 2 {
		probed(p.Leaf)
	}
	held := func() [3]int {
		return [3]int{len(seen.known.entries), len(j.facts.known.entries), len(j.known.kept.entries)}
	}
	if want := [3]int{2, 3, 1}; held() != want {
		t.Fatalf("of a chain of two that came twice %d facts, %d of its path and %d verdicts are kept, want %d", held()[0], held()[1], held()[2], want)
	}
	before := held()
	for range 50 {
		probed(certstest.New("Leaf", p.Intermediate, certstest.ForHosts(certstest.Host)))
	}
	if held() != before {
		t.Errorf("%d are kept, and %d before 50 came once", held(), before)
	}
}

// TestSights knows what came before, as long as nothing else takes its slot.
func TestSights(t *testing.T) {
	var s sights
	a, b := sha256.Sum256([]byte("a")), sha256.Sum256([]byte("b"))
	other := a
	other[5]++ // in the same slot
	for i, x := range []struct {
		sum  [sha256.Size]byte
		want bool
	}{{a, false}, {a, true}, {a, true}, {b, false}, {a, true}, {other, false}, {a, false}, {a, true}, {b, true}} {
		if got := s.again(x.sum); got != x.want {
			t.Errorf("step %d: %v", i, got)
		}
	}
}

// TestLongChain keeps the facts of the first certificates of a very long chain.
func TestLongChain(t *testing.T) {
	p := certstest.NewPKI()
	var facts Facts
	if n := len(facts.Of(slices.Repeat(certstest.Chain(p.Leaf, p.Intermediate), 500))); n != limit.CertificatesListed {
		t.Errorf("the facts of %d certificates", n)
	}
}
