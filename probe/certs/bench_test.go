package certs

import (
	"testing"

	"prober/probe/certs/certstest"
)

// BenchmarkChain measures a verdict that is worked out and one that is kept.
func BenchmarkChain(b *testing.B) {
	p := certstest.NewPKI()
	chain := certstest.Chain(p.Leaf, p.Intermediate)
	j := &Judge{Roots: certstest.Pool(p.Root)}
	b.Run("worked out", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			j.workOut(begin(b.Context()), chain, nil, certstest.Host, now)
		}
	})
	b.Run("kept", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			j.Judge(b.Context(), chain, nil, certstest.Host, now)
		}
	})
}
