package catalog

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"

	"prober/prose"
)

// ChangeKind says what happened to a record.
type ChangeKind string

// The kinds of change.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed"
)

// Section is a kind of record.
type Section string

// The sections, in the order in which a [Diff] lists them.
const (
	SectionEndpoint Section = "endpoint"
	SectionProduct  Section = "product"
	SectionRule     Section = "rule"
	SectionRegion   Section = "region"
	SectionSource   Section = "source"
)

// Change is one record that two catalogues do not share.
type Change struct {
	Kind    ChangeKind    `json:"kind"`
	Section Section       `json:"section"`
	ID      string        `json:"id"` // that of a region is provider/id
	Fields  []FieldChange `json:"fields"`
}

// FieldChange is one field of a record. A value is empty where the field is absent. An
// added record has only new values, a removed one only old ones.
type FieldChange struct {
	Field string          `json:"field"`
	Old   json.RawMessage `json:"old,omitempty"`
	New   json.RawMessage `json:"new,omitempty"`
}

// Diff compares two catalogues record by record, and those with the same id field by
// field. Records are told by their ids: their order does not matter.
func Diff(before, after *Catalog) []Change {
	old, current := records(before), records(after)
	left := map[recordKey]map[string]string{} // of before, not met in after
	for _, r := range old {
		left[r.key] = r.fields
	}
	var changes []Change
	for _, r := range current {
		was, existed := left[r.key]
		delete(left, r.key)
		kind := Changed
		if !existed {
			kind = Added
		}
		if fields := compareFields(was, r.fields, r.names); len(fields) > 0 {
			changes = append(changes, Change{kind, r.key.section, r.key.id, fields})
		}
	}
	for _, r := range old {
		if _, gone := left[r.key]; gone {
			changes = append(changes, Change{Removed, r.key.section, r.key.id, compareFields(r.fields, nil, r.names)})
		}
	}
	order := []Section{SectionEndpoint, SectionProduct, SectionRule, SectionRegion, SectionSource}
	slices.SortStableFunc(changes, func(a, b Change) int {
		return slices.Index(order, a.Section) - slices.Index(order, b.Section)
	})
	return changes
}

// WriteChanges writes changes for people: "+" for an added record, "-" for a removed
// one, "~" for a changed one, and below it the fields.
func WriteChanges(w io.Writer, changes []Change) error {
	signs := map[ChangeKind]string{Added: "+", Removed: "-", Changed: "~"}
	var b strings.Builder
	for _, c := range changes {
		fmt.Fprintf(&b, "%s %s %s\n", signs[c.Kind], c.Section, c.ID)
		for _, f := range c.Fields {
			switch c.Kind {
			case Added:
				fmt.Fprintf(&b, "    %s: %s\n", f.Field, prose.Brief(string(f.New)))
			case Removed:
				fmt.Fprintf(&b, "    %s: %s\n", f.Field, prose.Brief(string(f.Old)))
			default:
				fmt.Fprintf(&b, "    %s: %s -> %s\n", f.Field, orAbsent(f.Old), orAbsent(f.New))
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func orAbsent(v json.RawMessage) string { return cmp.Or(prose.Brief(string(v)), "(absent)") }

type recordKey struct {
	section Section
	id      string
}

// flatRecord is a record taken apart: its fields as JSON texts, and their names in order. The
// id, which is the record's key, is left out.
type flatRecord struct {
	key    recordKey
	fields map[string]string
	names  []string
}

func records(c *Catalog) []flatRecord {
	var out []flatRecord
	add := func(s Section, id string, whole any) {
		r := flatRecord{recordKey{s, id}, map[string]string{}, nil}
		v := reflect.Indirect(reflect.ValueOf(whole))
		for _, f := range fieldsOf(v.Type()) {
			if f.name != "id" && f.written(v) {
				r.names = append(r.names, f.name)
				r.fields[f.name] = record(f.in(v).Interface())
			}
		}
		out = append(out, r)
	}
	for _, e := range c.Endpoints {
		add(SectionEndpoint, e.ID, e)
	}
	for _, p := range c.Products {
		rules := p.Rules
		p.Rules = Rules{}
		add(SectionProduct, p.ID, p)
		for _, r := range rules.each() {
			add(SectionRule, r.shared().ID, r)
		}
	}
	for _, r := range c.Regions {
		add(SectionRegion, r.Provider+"/"+r.ID, r)
	}
	for _, s := range c.Sources {
		add(SectionSource, s.ID, s)
	}
	return out
}

// compareFields lists the fields that differ: those of the new record in its order, then
// those that only the old one has.
func compareFields(was, is map[string]string, names []string) []FieldChange {
	var out []FieldChange
	for _, n := range names {
		if was[n] != is[n] {
			out = append(out, FieldChange{n, json.RawMessage(was[n]), json.RawMessage(is[n])})
		}
	}
	for _, n := range slices.Sorted(maps.Keys(was)) {
		if !slices.Contains(names, n) {
			out = append(out, FieldChange{n, json.RawMessage(was[n]), nil})
		}
	}
	return out
}
