package catalog

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
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
				fmt.Fprintf(&b, "    %s: %s\n", f.Field, f.New)
			case Removed:
				fmt.Fprintf(&b, "    %s: %s\n", f.Field, f.Old)
			default:
				fmt.Fprintf(&b, "    %s: %s -> %s\n", f.Field, orAbsent(f.Old), orAbsent(f.New))
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func orAbsent(v json.RawMessage) string {
	if len(v) == 0 {
		return "(absent)"
	}
	return string(v)
}

type recordKey struct {
	section Section
	id      string
}

// flatRecord is a record taken apart: its fields as JSON texts, and their names in order.
type flatRecord struct {
	key    recordKey
	fields map[string]string
	names  []string
}

func records(c *Catalog) []flatRecord {
	var out []flatRecord
	add := func(s Section, id string, v any) {
		fields := map[string]string{}
		names := flatten(v, fields)
		out = append(out, flatRecord{recordKey{s, id}, fields, names})
	}
	for _, e := range c.Endpoints {
		add(SectionEndpoint, e.ID, e)
	}
	for _, p := range c.Products {
		rules := p.Rules
		p.Rules = Rules{}
		add(SectionProduct, p.ID, p)
		for _, r := range rules.each() {
			add(SectionRule, r.rule.ID, r.whole)
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

// flatten takes the JSON object of v apart and returns the names of its fields in order;
// the id, which is the record's key, is left out.
func flatten(v any, fields map[string]string) []string {
	line := record(v)
	// record writes valid JSON, so that parse cannot fail.
	root, _, _ := parse([]byte(line))
	var names []string
	for i, m := range root.members {
		end := len(line) - len("}")
		if i+1 < len(root.members) {
			end = root.members[i+1].offset - len(", ")
		}
		if m.key != "id" {
			names = append(names, m.key)
			fields[m.key] = line[m.value.offset:end]
		}
	}
	return names
}

// compareFields lists the fields that differ: those of the new record in its order, then
// those that only the old one has.
func compareFields(was, is map[string]string, names []string) []FieldChange {
	var out []FieldChange
	for _, n := range names {
		if was[n] != is[n] {
			out = append(out, FieldChange{n, raw(was[n]), raw(is[n])})
		}
	}
	var gone []string
	for n := range was {
		if !slices.Contains(names, n) {
			gone = append(gone, n)
		}
	}
	slices.Sort(gone)
	for _, n := range gone {
		out = append(out, FieldChange{n, raw(was[n]), nil})
	}
	return out
}

func raw(text string) json.RawMessage {
	if text == "" {
		return nil
	}
	return json.RawMessage(text)
}
