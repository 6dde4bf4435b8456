package catalog_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"strings"
	"testing"

	"prober/catalog"
	"prober/goldenfile"
)

var update = flag.Bool("update", false, "rewrite the golden files of testdata")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	goldenfile.Compare(t, *update, name, got)
}

// changed returns the full test catalogue with one change of every kind.
func changed(t *testing.T) *catalog.Catalog {
	t.Helper()
	text := string(read(t, "valid-full.json"))
	for _, r := range [][2]string{
		{`"lifecycle": "closed"`, `"lifecycle": "doubtful"`},                      // a value
		{`, "ports": {"https": 8443}, "note": "shut"`, `, "ports": {"http": 81}`}, // an object, and a field gone
		{`"url": "https://vendor.example/manual", `, ``},                          // a field gone
		{`"2018-05-29"`, `"2018-05-29", "read_only_action": "DescribeDoors"`},     // a field of a product
		{`"name": "Vault"`, `"name": "The vault"`},                                // a product, apart from its rules
		{`"name": "The north"`, `"name": "North, by: \"north\""`},                 // punctuation of JSON within a string
		{`"expect": "allowed"`, `"expect": "allowed", "note": "still"`},           // a rule
		{`"vault/encoding"`, `"vault/charset"`},                                   // a rule under another id
		{`"id": "vault/north/public", "product": "vault", "region": "north", "network": "public"`, `"id": "vault/north/vpc", "product": "vault", "region": "north", "network": "vpc"`},
	} {
		if !strings.Contains(text, r[0]) {
			t.Fatalf("no %s in the file", r[0])
		}
		text = strings.Replace(text, r[0], r[1], 1)
	}
	c, err := catalog.Decode("changed.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDiffGolden(t *testing.T) {
	changes := catalog.Diff(decode(t, "valid-full.json"), changed(t))
	var text bytes.Buffer
	if err := catalog.WriteChanges(&text, changes); err != nil {
		t.Fatal(err)
	}
	golden(t, "diff.txt", text.Bytes())
	asJSON, err := json.MarshalIndent(changes, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "diff.json", append(asJSON, '\n'))
}

func TestDiffOfTheSame(t *testing.T) {
	c := embedded(t)
	if changes := catalog.Diff(c, embedded(t)); len(changes) > 0 {
		t.Errorf("a catalogue differs from itself: %v", changes)
	}
	// Order is no content that people compare.
	c.Endpoints[0], c.Endpoints[1] = c.Endpoints[1], c.Endpoints[0]
	if changes := catalog.Diff(embedded(t), c); len(changes) > 0 {
		t.Errorf("another order is reported: %v", changes)
	}
}

// What is added one way is removed the other way.
func TestDiffIsSymmetric(t *testing.T) {
	before, after := decode(t, "valid-full.json"), changed(t)
	there, back := catalog.Diff(before, after), catalog.Diff(after, before)
	mirror := map[catalog.ChangeKind]catalog.ChangeKind{
		catalog.Added: catalog.Removed, catalog.Removed: catalog.Added, catalog.Changed: catalog.Changed,
	}
	seen := map[string]bool{}
	for _, c := range there {
		seen[fmt.Sprint(mirror[c.Kind], c.Section, c.ID, len(c.Fields))] = true
	}
	for _, c := range back {
		if key := fmt.Sprint(c.Kind, c.Section, c.ID, len(c.Fields)); !seen[key] {
			t.Errorf("%s stands in one direction only", key)
		}
	}
	if len(there) != len(back) {
		t.Errorf("%d changes there, %d back", len(there), len(back))
	}
}

func TestDiffOfWholeCatalogues(t *testing.T) {
	a, b := decode(t, "valid-small.json"), embedded(t)
	added := 0
	for _, c := range catalog.Diff(a, b) {
		if c.Kind == catalog.Added && c.Section == catalog.SectionEndpoint {
			added++
		}
		if c.Kind == catalog.Changed {
			t.Errorf("they share nothing, yet %s %s has changed", c.Section, c.ID)
		}
	}
	if added != len(b.Endpoints) {
		t.Errorf("%d endpoints added, want %d", added, len(b.Endpoints))
	}
}
