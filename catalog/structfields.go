package catalog

import (
	"reflect"
	"slices"
	"strings"
)

// field is a field of a struct as the file sees it; those of an embedded struct count
// as the outer one's.
type field struct {
	name     string
	index    []int
	of       reflect.Type
	required bool
}

type fields []field

func fieldsOf(t reflect.Type) fields {
	var out fields
	for f := range t.Fields() {
		if !f.IsExported() {
			continue
		}
		if f.Anonymous {
			embedded := f.Type
			if embedded.Kind() == reflect.Pointer {
				embedded = embedded.Elem()
			}
			for _, inner := range fieldsOf(embedded) {
				inner.index = append(slices.Clone(f.Index), inner.index...)
				out = append(out, inner)
			}
			continue
		}
		name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
		out = append(out, field{name: name, index: f.Index, of: f.Type, required: option == ""})
	}
	return out
}

// in is the field of v; zero where the struct that it is embedded with is not there.
func (f field) in(v reflect.Value) reflect.Value {
	if value, err := v.FieldByIndexErr(f.index); err == nil {
		return value
	}
	return reflect.Zero(f.of)
}

// settable is the field of v, which a struct that it is embedded with is made for.
func (f field) settable(v reflect.Value) reflect.Value {
	for _, i := range f.index {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(i)
	}
	return v
}

// written reports whether a file that holds v has the field.
func (f field) written(v reflect.Value) bool {
	value := f.in(v)
	return f.required || !value.IsZero() && (value.Kind() != reflect.Slice || value.Len() > 0)
}

func (fs fields) names() []string {
	out := make([]string, len(fs))
	for i, f := range fs {
		out[i] = f.name
	}
	return out
}
