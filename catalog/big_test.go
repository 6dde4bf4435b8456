package catalog_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"prober/catalog"
	"prober/limit"
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
	for name, data := range map[string][]byte{
		"of a provider without any": big(5000, "them"),
		"among many":                bytes.ReplaceAll(big(5000, "us"), []byte(`"region": "r`), []byte(`"region": "q`)),
		"long ones":                 bytes.ReplaceAll(big(5000, "us"), []byte(`"region": "r`), []byte(`"region": "`+strings.Repeat("q", 5000))),
	} {
		_, err := catalog.Decode("big.json", data)
		if err == nil {
			t.Fatalf("%s: no region is known, yet the catalogue decodes", name)
		}
		lines := strings.Split(err.Error(), "\n")
		if last := lines[len(lines)-1]; len(lines) != limit.ShownErrors+1 || !strings.HasSuffix(last, " errors more") {
			t.Errorf("%s: %d lines, the last %q", name, len(lines), last)
		}
		for _, line := range lines {
			if len(line) > 2*limit.ShownLine {
				t.Errorf("%s: a line of %d bytes", name, len(line))
			}
		}
	}
}

func TestUnknownNamesTheNearest(t *testing.T) {
	c, err := catalog.Decode("big.json", big(5000, "us"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Select(catalog.Selection{Regions: []string{"r499x"}})
	if want := `unknown region "r499x"; did you mean "r499"? known: r499, r4990, r4991, r4992, r4993 and 4995 more`; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	many := make([]string, 3000)
	for i := range many {
		many[i] = fmt.Sprintf("s%d", i)
	}
	_, err = c.Select(catalog.Selection{Regions: many})
	if lines := strings.Split(fmt.Sprint(err), "\n"); len(lines) != limit.ShownErrors+1 || lines[len(lines)-1] != "and 2980 names more of no region" {
		t.Errorf("%d lines, the last %q", len(lines), lines[len(lines)-1])
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
