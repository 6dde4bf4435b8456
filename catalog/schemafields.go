package catalog

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"prober/limit"
	"prober/suggest"
)

// FieldPrefix begins the names of fields as people ask for them: "catalogue.endpoints.url".
const FieldPrefix = "catalogue."

// Field is a field of a list as its JSON Schema describes it, which is the one place where that
// stands: editors read it, and so do those who ask.
type Field struct {
	Path    string // "endpoints.url", "products.rules.tls.expect"
	Kind    string // "a string", "a list"
	Text    string // what it means
	Example string // a good value, as JSON
	Default string // what holds where it is left out
	Words   []string
	Holds   []string // the names of an object's fields
	Also    []string // the paths of fields of this name that mean the same
}

// Name is the field as people ask for it.
func (f Field) Name() string { return FieldPrefix + f.Path }

// Fields reads the fields that a JSON Schema describes, in its order.
func Fields(schema []byte) ([]Field, error) {
	root, _, err := parse(schema, limit.CatalogueValues)
	if err != nil {
		return nil, err
	}
	r := describer{defs: root.member("$defs")}
	r.within(root, "")
	return r.fields, nil
}

type describer struct {
	defs   *node
	fields []Field
}

// within adds the fields of an object.
func (r *describer) within(n *node, path string) {
	properties := n.member("properties")
	if properties == nil {
		return
	}
	for i := range properties.holds {
		m := &properties.holds[i]
		at := strings.TrimPrefix(path+"."+m.key, ".")
		f := Field{Path: at}
		def := r.resolve(&m.value, &f)
		f.Kind = cmp.Or(f.Kind, "any value")
		r.fields = append(r.fields, f)
		inner := def
		if items := def.member("items"); items != nil {
			inner = r.resolve(items, &Field{})
		}
		r.within(inner, at)
	}
}

// resolve follows references, and notes what is said on the way: what stands nearer to the field says
// more of it.
func (r *describer) resolve(n *node, f *Field) *node {
	for {
		r.note(n, f)
		forms := n.member("anyOf")
		switch ref := n.word("$ref"); {
		case ref != "":
			n = r.defs.member(strings.TrimPrefix(ref, "#/$defs/"))
		case forms != nil && len(forms.holds) > 0 && n.member("type") == nil:
			n = &forms.holds[len(forms.holds)-1].value // before it stand short forms
		default:
			return n
		}
	}
}

func (r *describer) note(n *node, f *Field) {
	kinds := map[string]string{"string": "a string", "integer": "a whole number", "number": "a number", "boolean": "true or false", "array": "a list", "object": "an object"}
	first := func(into *string, text string) {
		if *into == "" {
			*into = text
		}
	}
	first(&f.Kind, kinds[n.word("type")])
	if c := n.member("const"); c != nil {
		first(&f.Kind, map[kind]string{number: kinds["integer"], text: kinds["string"]}[c.kind])
		f.Words = []string{c.text}
	}
	first(&f.Text, n.word("description"))
	if d := n.member("default"); d != nil {
		first(&f.Default, d.written())
	}
	if e := n.member("examples"); e != nil && len(e.holds) > 0 {
		first(&f.Example, e.holds[0].value.written())
	}
	if words := n.member("enum"); words != nil && len(f.Words) == 0 {
		for _, w := range words.holds {
			f.Words = append(f.Words, w.value.text)
		}
	}
	if held := n.member("properties"); held != nil && len(f.Holds) == 0 {
		for _, m := range held.holds {
			f.Holds = append(f.Holds, m.key)
		}
	}
}

// written is a value as a list has it, on one line; a text that is a word stands without quotes.
func (n *node) written() string {
	var parts []string
	for _, m := range n.holds {
		part := m.value.written()
		if n.kind == object {
			part = m.key + ": " + part
		}
		parts = append(parts, part)
	}
	switch n.kind {
	case object:
		return "{" + strings.Join(parts, ", ") + "}"
	case array:
		return "[" + strings.Join(parts, ", ") + "]"
	case boolean:
		return fmt.Sprint(n.truth)
	case text:
		if strings.ContainsAny(n.text, ",:{}[]#&*!|>%@`\"'? ") || n.text == "" {
			return fmt.Sprintf("%q", n.text)
		}
		return n.text
	case number, null:
	}
	return n.text
}

// together adds a field, which may be one that is there under another path.
func together(found []Field, f Field) []Field {
	for i, other := range found {
		other.Path, other.Also = f.Path, nil
		if reflect.DeepEqual(other, f) {
			found[i].Also = append(found[i].Also, f.Path)
			return found
		}
	}
	return append(found, f)
}

// FieldsNamed are those of fields that a name means: one by its whole path, or else all whose path
// ends so. Those that mean the same come as one. The error says what there is instead.
func FieldsNamed(fields []Field, name string) ([]Field, error) {
	path := strings.TrimPrefix(name, FieldPrefix)
	var found []Field
	var known []string
	for _, f := range fields {
		if f.Path == path {
			return []Field{f}, nil
		}
		if strings.HasSuffix(f.Path, "."+path) {
			found = together(found, f)
		}
		known = append(known, f.Path)
		if last := f.Path[strings.LastIndex(f.Path, ".")+1:]; !slices.Contains(known, last) {
			known = append(known, last)
		}
	}
	const few = 4
	switch {
	case len(found) == 0:
		return nil, fmt.Errorf("a list has no field %q%s", path, suggest.Hint(path, known))
	case len(found) > few:
		var names []string
		for _, f := range found {
			names = append(names, f.Name())
		}
		return nil, fmt.Errorf("%q is a field of several records: %s", path, strings.Join(names, ", "))
	}
	return found, nil
}
