package catalog

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"testing"
)

const schemaFile = "../docs/endpoints.schema.json"

// schema is the part of JSON Schema, draft 2020-12, that the test looks at.
type schema struct {
	Ref                  string             `json:"$ref"`
	Type                 string             `json:"type"`
	Enum                 []string           `json:"enum"`
	Const                any                `json:"const"`
	MinItems             int                `json:"minItems"`
	Required             []string           `json:"required"`
	AdditionalProperties any                `json:"additionalProperties"` // false, or what they are
	Properties           map[string]*schema `json:"properties"`
	Items                *schema            `json:"items"`
	AnyOf                []*schema          `json:"anyOf"`
	Defs                 map[string]*schema `json:"$defs"`
}

func readSchema(t *testing.T) *schema {
	t.Helper()
	data, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	s := &schema{}
	if err := json.Unmarshal(data, s); err != nil {
		t.Fatal(err)
	}
	return s
}

// leftOut are the fields that the built-in list has to have and a list of somebody's own does not: the
// schema is for both.
func leftOut() []string {
	return []string{
		"catalogue.schema_version", "catalogue.sources", "catalogue.regions", "catalogue.products",
		"catalogue.regions[].provider", "catalogue.regions[].name",
		"catalogue.products[].name", "catalogue.products[].provider", "catalogue.products[].api_style",
		"catalogue.endpoints[].id", "catalogue.endpoints[].product", "catalogue.endpoints[].region", "catalogue.endpoints[].network",
		"catalogue.endpoints[].host", "catalogue.endpoints[].sources",
	}
}

// The schema and the Go types must describe the same file: every field in both, required
// in both or in neither, with the same words where the words are known.
func TestSchemaDescribesTheTypes(t *testing.T) {
	root := readSchema(t)
	describe{t, root}.value(reflect.TypeFor[Catalog](), root, "catalogue")
}

type describe struct {
	*testing.T
	root *schema
}

func (d describe) resolve(s *schema) *schema {
	for s != nil && (s.Ref != "" || s.Type == "" && len(s.AnyOf) > 0) {
		if s.Ref == "" {
			s = s.AnyOf[len(s.AnyOf)-1] // before it stand short forms
			continue
		}
		s = d.root.Defs[s.Ref[len("#/$defs/"):]]
	}
	return s
}

func (d describe) value(t reflect.Type, s *schema, path string) {
	s = d.resolve(s)
	if s == nil {
		d.Errorf("%s: the schema does not describe it", path)
		return
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if s.Const != nil {
		return // one value is a narrower description than a type
	}
	switch {
	case t.Name() == "Time", t.Name() == "Duration", t.Kind() == reflect.String:
		d.kind(s, "string", path)
		d.enum(t, s, path)
	case t.Kind() == reflect.Map:
		d.kind(s, "object", path)
	case t.Kind() == reflect.Struct:
		d.kind(s, "object", path)
		d.object(t, s, path)
	case t.Kind() == reflect.Slice:
		d.kind(s, "array", path)
		d.value(t.Elem(), s.Items, path+"[]")
	case t.Kind() == reflect.Bool:
		d.kind(s, "boolean", path)
	default:
		d.kind(s, "integer", path)
	}
}

func (d describe) kind(s *schema, want, path string) {
	if s.Type != want && (want != "string" || s.Type != "") {
		d.Errorf("%s: the schema says %q, the type is %s", path, s.Type, want)
	}
}

func (d describe) enum(t reflect.Type, s *schema, path string) {
	if e, ok := reflect.Zero(t).Interface().(enum); ok {
		if _, all := e.values(); !slices.Equal(all, s.Enum) {
			d.Errorf("%s: the schema knows %v, the type %v", path, s.Enum, all)
		}
	}
}

func (d describe) object(t reflect.Type, s *schema, path string) {
	if s.AdditionalProperties != false {
		d.Errorf("%s: the schema allows unknown fields", path)
	}
	fs := fieldsOf(t)
	for name := range s.Properties {
		if !slices.Contains(fs.names(), name) && path+"."+name != "catalogue.endpoints[].url" { // which is read into others
			d.Errorf("%s: the type has no field %q", path, name)
		}
	}
	for _, f := range fs {
		at := path + "." + f.name
		if f.required != (slices.Contains(s.Required, f.name) || slices.Contains(leftOut(), at)) {
			d.Errorf("%s: required by the type: %v, by the schema: %v", at, f.required, !f.required)
		}
		ft := t.FieldByIndex(f.index).Type
		d.value(ft, s.Properties[f.name], at)
		// A list that must be given must hold something.
		if p := d.resolve(s.Properties[f.name]); p != nil && ft.Kind() == reflect.Slice && f.required != (p.MinItems == 1) {
			d.Errorf("%s: required is %v, yet the schema demands %d items", at, f.required, p.MinItems)
		}
	}
}

func TestSchemaSignatureMethods(t *testing.T) {
	var known []string
	for _, s := range APIStyles() {
		known = append(known, s.SignatureMethods()...)
	}
	if got := readSchema(t).Defs["signatureMethod"].Enum; !slices.Equal(got, known) {
		t.Errorf("the schema knows %v, the styles %v", got, known)
	}
}
