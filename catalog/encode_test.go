package catalog_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"prober"
	"prober/catalog"
)

func TestEmbeddedLayout(t *testing.T) {
	if got, want := string(catalog.Encode(embedded(t))), string(prober.Endpoints()); got != want {
		t.Errorf("endpoints.json is not laid out as Encode writes it; Encode writes:\n%s", got)
	}
}

func TestEncodeKeepsEverything(t *testing.T) {
	text := read(t, "valid-full.json")
	if got := catalog.Encode(decode(t, "valid-full.json")); !bytes.Equal(got, text) {
		t.Errorf("got:\n%s", got)
	}
}

// encoding/json must read what Encode writes, and find the same in it.
func TestEncodeAgreesWithJSON(t *testing.T) {
	c := embedded(t)
	ours, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, catalog.Encode(c)); err != nil {
		t.Fatal(err)
	}
	var escaped bytes.Buffer // json.Marshal escapes <, > and &
	json.HTMLEscape(&escaped, compact.Bytes())
	if !bytes.Equal(escaped.Bytes(), ours) {
		t.Error("Encode and json.Marshal differ in more than white space")
	}
}

func TestDigest(t *testing.T) {
	c := decode(t, "valid-full.json")
	digest := c.Digest()
	if len(digest) != 64 {
		t.Fatalf("digest %q is no SHA-256", digest)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, read(t, "valid-full.json"), "", "\t"); err != nil {
		t.Fatal(err)
	}
	relaid, err := catalog.Decode("relaid.json", indented.Bytes())
	if err != nil || relaid.Digest() != digest {
		t.Errorf("another layout has digest %s (%v), want %s", relaid.Digest(), err, digest)
	}
	elsewhere := *c
	elsewhere.Schema = "https://example.org/schema.json"
	if elsewhere.Digest() != digest {
		t.Error("the place of the schema counts as content")
	}
	if changed(t).Digest() == digest {
		t.Error("a change of content leaves the digest alone")
	}
	if c.Schema == "" {
		t.Error("Digest has changed the catalogue")
	}
}

func TestWithPorts(t *testing.T) {
	c := decode(t, "valid-full.json")
	before := string(catalog.Encode(c))
	out := c.WithPorts(map[string]catalog.Ports{"vault/north/public": {HTTPS: 40443, HTTP: 40080}, "no/such/public": {HTTP: 1}})
	north, _ := out.Endpoint("vault/north/public")
	south, _ := out.Endpoint("vault/south/vpc")
	if north.Port(catalog.HTTPS) != 40443 || north.Port(catalog.HTTP) != 40080 {
		t.Errorf("ports of the north are %+v", north.Ports)
	}
	if south.Port(catalog.HTTPS) != 8443 {
		t.Errorf("ports of the south are %+v", south.Ports)
	}
	if got := string(catalog.Encode(c)); got != before {
		t.Errorf("the original has changed:\n%s", got)
	}
	if out.Schema != "" || len(out.Endpoints) != 2 {
		t.Errorf("copy has schema %q and %d endpoints", out.Schema, len(out.Endpoints))
	}
	if again, err := catalog.Decode("copy.json", catalog.Encode(out)); err != nil || again.Digest() != out.Digest() {
		t.Errorf("the copy does not decode to itself: %v", err)
	}
}

func TestRows(t *testing.T) {
	c := decode(t, "valid-full.json")
	rows := c.Rows(c.Endpoints)
	asJSON, err := json.MarshalIndent(rows, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "rows.json", append(asJSON, '\n'))
	for file, columns := range map[string]int{"rows.txt": 0, "rows-narrow.txt": 60} {
		var table strings.Builder
		if err := catalog.WriteTable(&table, rows, columns); err != nil {
			t.Fatal(err)
		}
		golden(t, file, []byte(table.String()))
	}
	own, err := catalog.DecodeList("l.yaml", []byte(`endpoints: [
		{url: "http://a.example:8080/x"}, {url: "http://b.example"}, {url: "https://c.example:8443"}, {url: "https://d.example"},
		{url: "tls://e.example:993"}, {host: f.example}, {host: g.example, ports: {http: 8080}}]`))
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	if err := catalog.WriteTable(&table, own.Rows(own.Endpoints), 0); err != nil {
		t.Fatal(err)
	}
	golden(t, "rows-own.txt", []byte(table.String()))
	asJSON, err = json.Marshal(own.Rows(own.Endpoints[:1]))
	if want := `"ports":{"http":8080}`; err != nil || !strings.Contains(string(asJSON), want) {
		t.Errorf("%s, %v; want %s", asJSON, err, want)
	}
	if empty, err := json.Marshal(c.Rows(nil)); err != nil || string(empty) != "[]" {
		t.Errorf("no endpoints are written as %s, %v", empty, err)
	}
}
