package sandbox_test

import (
	"testing"

	"prober"
	"prober/catalog"
	"prober/sandbox"
)

func embedded(t testing.TB) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Decode("endpoints.json", prober.Endpoints())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func start(t testing.TB, cfg sandbox.Config) *sandbox.Sandbox {
	t.Helper()
	if cfg.Catalog == nil {
		cfg.Catalog = embedded(t)
	}
	s, err := sandbox.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func BenchmarkStart(b *testing.B) {
	c := embedded(b)
	for b.Loop() {
		s, err := sandbox.Start(sandbox.Config{Catalog: c})
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
