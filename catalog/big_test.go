package catalog_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/limit"
	"prober/needs"
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

// What a script writes stands on one line, and takes no longer than what a person reads.
func TestDecodeOneLine(t *testing.T) {
	needs.Patience(t, "decodes a long list, twice")
	indented := big(20_000, "us")
	var line bytes.Buffer
	if err := json.Compact(&line, indented); err != nil {
		t.Fatal(err)
	}
	took := func(data []byte) time.Duration {
		from := time.Now()
		if _, err := catalog.Decode("big.json", data); err != nil {
			t.Fatal(err)
		}
		return time.Since(from)
	}
	var usual, got time.Duration
	for range 3 { // a busy machine may stop for a while, and not each time within the same of the two
		if usual, got = took(indented), took(line.Bytes()); got <= 10*usual+time.Second {
			return
		}
	}
	t.Errorf("a list of one line decodes in %s, the same on many lines in %s", got, usual)
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

// TestBigLooksUp: whatever is asked of a long list for each of its endpoints takes one look, and what
// is found is right in a list that was changed after it was read.
func TestBigLooksUp(t *testing.T) {
	c, err := catalog.Decode("big.json", big(5000, "us"))
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range c.Endpoints {
		found, ok := c.Endpoint(e.ID)
		if region := c.RegionName(e); !ok || found.Host != e.Host || region != e.Region || c.Line(e.ID) != c.Line(c.Endpoints[0].ID)+i {
			t.Fatalf("%s: %v, %+v in %s on line %d", e.ID, ok, found, region, c.Line(e.ID))
		}
	}
	fewer := *c
	fewer.Endpoints, fewer.Regions = c.Endpoints[4990:], c.Regions[4990:]
	for _, e := range fewer.Endpoints {
		if found, ok := fewer.Endpoint(e.ID); !ok || found.Host != e.Host {
			t.Errorf("%s: %v, %+v", e.ID, ok, found)
		}
	}
	if found, ok := fewer.Endpoint("shop/r1/public"); ok {
		t.Errorf("%+v is found, and not in the list", found)
	}
	if _, ok := fewer.Region("us", "r1"); ok {
		t.Error("r1 is found, and not in the list")
	}
}

// How a list of 100,000 endpoints loads; docs/performance.md has the result.
func BenchmarkDecode(b *testing.B) {
	for name, data := range map[string][]byte{"1000": big(1000, "us"), "100000": big(100_000, "us")} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if _, err := catalog.Decode("big.json", data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
