package certs

import (
	"encoding/binary"
	"math"
	"testing"
	"time"

	"prober/limit"
	"prober/probe/certs/certstest"
)

// TestVerdictsShareCertificates keeps the verdicts on the endpoints of a large company, whose names all have
// the same path: it is kept once, comes back whole, and is let go of with the last verdict.
func TestVerdictsShareCertificates(t *testing.T) {
	const n = 50_000
	p := certstest.NewPKI()
	var facts Facts
	path := facts.Of(certstest.Chain(p.Leaf, p.Intermediate, p.Root))
	now := time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)
	var k verdicts
	key := func(i int) (key [32]byte) {
		binary.BigEndian.PutUint32(key[:], uint32(i))
		return key
	}
	for i := range n {
		k.put(key(i), &Verdict{Path: path, from: now, until: now.Add(time.Hour)})
	}
	for i := range n {
		v, ok := k.get(key(i), now)
		if !ok || len(v.Path) != len(path) || v.Path[0].SHA256 != path[0].SHA256 || v.Path[2].Position != 2 {
			t.Fatalf("verdict %d of %d is not kept whole within %d bytes: %+v", i, n, limit.VerdictsKeptBytes, v)
		}
	}
	for at, want := range map[time.Time]bool{now: true, now.Add(-1): false, now.Add(time.Hour - 1): true, now.Add(time.Hour): false} {
		if _, ok := k.get(key(0), at); ok != want {
			t.Errorf("at %v: %v", at, ok)
		}
	}
	if len(k.shared) != len(path) {
		t.Errorf("%d certificates are kept of a path of %d", len(k.shared), len(path))
	}
	for i := range n {
		k.put(key(i), &Verdict{})
	}
	if want := n * entryBytes; len(k.shared) != 0 || k.kept.bytes != want {
		t.Errorf("%d certificates and %d bytes are left, want none and %d", len(k.shared), k.kept.bytes, want)
	}
}

func TestNanoseconds(t *testing.T) {
	for at, want := range map[time.Time]int64{
		{}: math.MinInt64, time.Unix(0, 7): 7, time.Unix(1, 0).In(time.FixedZone("", 3600)): 1e9,
		time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC): math.MaxInt64,
	} {
		if got := nanoseconds(at); got != want {
			t.Errorf("%v: %d, want %d", at, got, want)
		}
	}
}
