package catalog_test

import (
	"testing"

	"prober"
	"prober/catalog"
)

// embedded is the catalogue that the program is built with.
func embedded(t testing.TB) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Decode("endpoints.json", prober.Endpoints())
	if err != nil {
		t.Fatalf("decoding the embedded catalogue:\n%v", err)
	}
	return c
}
