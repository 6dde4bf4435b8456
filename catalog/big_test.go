package catalog_test

import (
	"fmt"
	"strings"
	"testing"

	"prober/catalog"
)

// big returns a catalogue of n regions and n endpoints.
func big(n int, provider string) []byte {
	c := &catalog.Catalog{
		SchemaVersion: catalog.SchemaVersion,
		Sources:       []catalog.Source{{ID: "own", Title: "Our own"}},
		Products:      []catalog.Product{{ID: "shop", Name: "Shop", Provider: provider, APIStyle: catalog.StyleNone}},
	}
	for i := range n {
		region := fmt.Sprintf("r%d", i)
		c.Regions = append(c.Regions, catalog.Region{ID: region, Provider: "us", Name: region})
		c.Endpoints = append(c.Endpoints, catalog.Endpoint{
			ID: "shop/" + region + "/public", Product: "shop", Region: region, Network: catalog.Public,
			Host: region + ".shop.example", Sources: []string{"own"},
		})
	}
	return catalog.Encode(c)
}

func TestDecodeBig(t *testing.T) {
	c, err := catalog.Decode("big.json", big(5000, "us"))
	if err != nil || len(c.Endpoints) != 5000 {
		t.Fatalf("5000 endpoints do not decode: %v", err)
	}
}

// One wrong word can spoil every record; the errors stay readable and the time linear.
func TestDecodeCountsSurplusErrors(t *testing.T) {
	_, err := catalog.Decode("big.json", big(5000, "them"))
	if err == nil {
		t.Fatal("no region is known, yet the catalogue decodes")
	}
	lines := strings.Split(err.Error(), "\n")
	if want := "and 4000 errors more"; len(lines) != 1001 || !strings.HasSuffix(lines[1000], want) {
		t.Errorf("%d lines, the last %q, want %q", len(lines), lines[len(lines)-1], want)
	}
}

func BenchmarkDecode(b *testing.B) {
	data := big(1000, "us")
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := catalog.Decode("big.json", data); err != nil {
			b.Fatal(err)
		}
	}
}
