package catalog_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"prober/catalog"
)

func read(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func decode(t testing.TB, name string) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Decode(name, read(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDecodeInvalid(t *testing.T) {
	files, err := filepath.Glob("testdata/invalid-*.json")
	if err != nil || len(files) != len(invalidFiles()) {
		t.Fatalf("%d invalid files, %d of them known to this test, %v", len(files), len(invalidFiles()), err)
	}
	for name, tt := range invalidFiles() {
		t.Run(name, func(t *testing.T) {
			file := "invalid-" + name + ".json"
			c, err := catalog.Decode(file, read(t, file))
			if c != nil {
				t.Error("a catalogue came along with the error")
			}
			want := file + ":" + strings.ReplaceAll(tt.want, "\n", "\n"+file+":")
			if err == nil || err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}
}

func TestDecodeErrorsAreTyped(t *testing.T) {
	_, err := catalog.Decode("mine.json", read(t, "invalid-several.json"))
	all, ok := errors.AsType[catalog.Errors](err)
	if !ok || len(all) != 3 {
		t.Fatalf("got %d errors of type Errors (%v), want 3", len(all), ok)
	}
	first, ok := errors.AsType[catalog.Error](err)
	want := catalog.Error{File: "mine.json", Line: 13, Field: "endpoints[0].network", Problem: `"publik" is not a network; did you mean "public"? known: public, vpc`}
	if !ok || first != want {
		t.Errorf("got %+v, want %+v", first, want)
	}
}

// A mistake in one record must not hide one in another, nor cause errors elsewhere.
func TestDecodeReportsEachMistakeOnce(t *testing.T) {
	text := string(read(t, "valid-full.json"))
	for _, r := range [][2]string{
		{`"id": "manual"`, `"id": 7`},        // no endpoint is blamed for naming it
		{`"date": "2026"`, `"date": "soon"`}, // found after the next one, told before it
		{`"lifecycle": "active"`, `"lifecycle": "activ"`},
		{`"vault.north.example"`, `"vault_north"`},
		{`"vault.south.example"`, `"vault.south.exampl-"`},
	} {
		text = strings.Replace(text, r[0], r[1], 1)
	}
	_, err := catalog.Decode("x.json", []byte(text))
	want := `x.json:5: sources[0].id: want a string, got a number; put it in quotes
x.json:6: sources[1].date: "soon" is not a date; write YYYY-MM-DD, YYYY-MM or YYYY
x.json:41: endpoints[0].lifecycle: "activ" is not a lifecycle; did you mean "active"? known: active, closed, doubtful
x.json:41: endpoints[0].host: "vault_north" is not a host name: it has a character other than a-z, 0-9, hyphen and dot
x.json:42: endpoints[1].host: "vault.south.exampl-" is not a host name: it has a label that begins or ends with a hyphen`
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestDecodeKeysCannotForgeOutput(t *testing.T) {
	_, err := catalog.Decode("x.json", []byte("{\"a\\nx.json:9: forged\\u001b[2J\": 1}"))
	if err == nil || strings.Count(err.Error(), "forged") != 1 || strings.Contains(err.Error(), "\x1b") ||
		strings.Contains(err.Error(), "\nx.json:9: forged") {
		t.Errorf("got %q", err)
	}
}

func TestDecodeDeepNesting(t *testing.T) {
	for _, depth := range []int{100, 9_000, 1_000_000} {
		if _, err := catalog.Decode("deep.json", []byte(strings.Repeat("[", depth)+strings.Repeat("]", depth))); err == nil {
			t.Errorf("a list %d deep is no catalogue", depth)
		}
	}
}

func TestDecodeSmall(t *testing.T) {
	c := decode(t, "valid-small.json")
	e, ok := c.Endpoint("shop/office/public")
	if !ok || e.Lifecycle != catalog.Active || e.Port(catalog.HTTPS) != 443 || e.Port(catalog.HTTP) != 80 {
		t.Errorf("defaults are not filled in: %+v", e)
	}
}

func TestDecodeFull(t *testing.T) {
	c := decode(t, "valid-full.json")
	p, _ := c.Product("vault")
	r := p.Rules
	if r.Schemes == nil || r.Methods == nil || r.Parameters == nil || r.Encoding == nil ||
		len(r.ContentTypes) != 1 || len(r.SizeLimits) != 1 || len(r.TLS) != 2 || len(r.Errors) != 1 {
		t.Fatalf("a rule was lost: %+v", r)
	}
	want := time.Date(2026, 11, 30, 16, 0, 0, 0, time.UTC)
	if from := r.TLS[1].From; from == nil || !from.Equal(want) {
		t.Errorf("from is %v, want %v", from, want)
	}
	if !r.Parameters.InURL || !r.ContentTypes[0].SomeAPIsOnly || r.SizeLimits[0].Bytes != 1<<20 {
		t.Errorf("values were lost: %+v", r)
	}
	if e, _ := c.Endpoint("vault/south/vpc"); e.Port(catalog.HTTPS) != 8443 || e.Port(catalog.HTTP) != 80 {
		t.Errorf("ports were lost: %+v", e.Ports)
	}
}

func FuzzDecode(f *testing.F) {
	// Small ones, for they are read often; all the others are read by the tests above.
	f.Add(read(f, "valid-small.json"))
	f.Add([]byte(`{"schema_version":1,"sources":[{"id":"s","title":"t"}],"regions":[],"products":[],"endpoints":[]}`))
	f.Add([]byte(`{"a":null,"a":[],"products":[{"id":"p","rules":{"tls":[{"id":"x"}]}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := catalog.Decode("fuzz.json", data)
		if err != nil {
			all, ok := errors.AsType[catalog.Errors](err)
			if !ok || len(all) == 0 {
				t.Fatalf("error %v is not of type Errors", err)
			}
			for _, e := range all {
				if e.Line < 1 || e.Line > 1+strings.Count(string(data), "\n") || e.Problem == "" {
					t.Fatalf("error without a place or a problem: %+v", e)
				}
			}
			return
		}
		text := catalog.Encode(c)
		again, err := catalog.Decode("again.json", text)
		if err != nil {
			t.Fatalf("what Encode wrote does not decode: %v\n%s", err, text)
		}
		if again.Digest() != c.Digest() || string(catalog.Encode(again)) != string(text) {
			t.Fatalf("encoding changed the catalogue:\n%s\n%s", text, catalog.Encode(again))
		}
	})
}

func ExampleDecode() {
	_, err := catalog.Decode("mine.json", []byte(`{
  "schema_version": 1,
  "sources": [{"id": "own", "title": "Our own services"}],
  "regions": [{"id": "office", "provider": "us", "name": "The office"}],
  "products": [{"id": "shop", "name": "Web shop", "provider": "us", "api_style": "none"}],
  "endpoints": [
    {"id": "shop/office/public", "product": "shop", "region": "ofice", "network": "public", "host": "shop..example", "sources": ["own"]}
  ]
}`))
	fmt.Println(err)
	// Output:
	// mine.json:7: endpoints[0].id: "shop/office/public" does not say product, region and network; want "shop/ofice/public", or that with a name behind it, as "shop/ofice/public/api-2"
	// mine.json:7: endpoints[0].region: unknown region of us "ofice"; did you mean "office"? known: office
	// mine.json:7: endpoints[0].host: "shop..example" is not a host name: it has an empty label
}
