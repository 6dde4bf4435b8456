package catalog

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// binder fills Go values from a tree, strictly, and keeps going after a misfit so that
// one run reports all of them. It knows the kinds that [Catalog] is made of.
type binder struct {
	offsets map[string]int  // path -> offset, of every value in the file
	failed  map[string]bool // paths that hold no usable value
	damaged map[string]bool // paths within which a value failed
	report  func(offset int, path, format string, args ...any)
}

func (b *binder) fail(at int, path, format string, args ...any) {
	b.failed[path] = true
	for p := path; p != "" && !b.damaged[p]; p = parent(p) {
		b.damaged[p] = true
	}
	b.report(at, path, format, args...)
}

func (b *binder) bind(n *node, v reflect.Value, path string) {
	b.offsets[path] = n.offset
	if n.kind == null {
		b.fail(n.offset, path, "null is no value; leave the field out")
		return
	}
	if _, ok := v.Interface().(*time.Time); ok {
		b.instant(n, v, path)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		b.bind(n, v.Elem(), path)
	case reflect.Struct:
		b.object(n, v, path)
	case reflect.Slice:
		b.list(n, v, path)
	case reflect.String:
		b.text(n, v, path)
	case reflect.Bool:
		if b.is(n, boolean, path) {
			v.SetBool(n.truth)
		}
	default:
		b.number(n, v, path)
	}
}

func (b *binder) is(n *node, want kind, path string) bool {
	if n.kind != want {
		b.fail(n.offset, path, "want %s, got %s", want, n.kind)
		return false
	}
	return true
}

func (b *binder) object(n *node, v reflect.Value, path string) {
	if !b.is(n, object, path) {
		return
	}
	fields := fieldsOf(v.Type())
	seen := map[string]bool{}
	for _, m := range n.members {
		at := join(path, m.key)
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == m.key })
		switch {
		case i < 0:
			b.report(m.offset, at, "unknown field%s", hint(m.key, fields.names()))
		case seen[m.key]:
			b.report(m.offset, at, "given twice")
		default:
			b.bind(m.value, v.FieldByIndex(fields[i].index), at)
		}
		seen[m.key] = true
	}
	for _, f := range fields {
		at := join(path, f.name)
		if !f.required || b.failed[at] {
			continue
		}
		fv := v.FieldByIndex(f.index)
		switch {
		case !seen[f.name]:
			b.fail(n.offset, at, "missing")
		case fv.Kind() == reflect.String && strings.TrimSpace(fv.String()) == "",
			fv.Kind() == reflect.Slice && fv.Len() == 0:
			b.fail(b.offsets[at], at, "empty")
		}
	}
}

func (b *binder) list(n *node, v reflect.Value, path string) {
	if !b.is(n, array, path) {
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.items), len(n.items)))
	for i, item := range n.items {
		b.bind(item, v.Index(i), fmt.Sprintf("%s[%d]", path, i))
	}
}

func (b *binder) text(n *node, v reflect.Value, path string) {
	if !b.is(n, text, path) {
		return
	}
	if e, ok := v.Interface().(enum); ok {
		if noun, all := e.values(); !slices.Contains(all, n.text) {
			b.fail(n.offset, path, "%q is not %s%s", n.text, noun, hintAndKnown(n.text, all))
			return
		}
	}
	v.SetString(n.text)
}

func (b *binder) number(n *node, v reflect.Value, path string) {
	if !b.is(n, number, path) {
		return
	}
	i, err := strconv.ParseInt(n.text, 10, 64)
	switch {
	case err != nil:
		b.fail(n.offset, path, "%s is not a whole number", n.text)
	case v.CanUint() && (i < 0 || v.OverflowUint(uint64(i))):
		b.fail(n.offset, path, "%d is out of range; want 0 to %d", i, uint64(1)<<v.Type().Bits()-1)
	case v.CanInt() && v.OverflowInt(i):
		b.fail(n.offset, path, "%d is out of range", i)
	case v.CanUint():
		v.SetUint(uint64(i))
	default:
		v.SetInt(i)
	}
}

// instant reads a time with an offset, as RFC 3339 section 5.6 has it. A time without
// one would mean another instant on every machine.
func (b *binder) instant(n *node, v reflect.Value, path string) {
	if !b.is(n, text, path) {
		return
	}
	t, err := time.Parse(time.RFC3339, n.text)
	if err != nil {
		problem := "is not an instant"
		if _, local := time.Parse("2006-01-02T15:04:05", n.text); local == nil {
			problem = "has no offset from UTC"
		}
		b.fail(n.offset, path, "%q %s; write it as in 2026-12-01T00:00:00+08:00", n.text, problem)
		return
	}
	v.Set(reflect.ValueOf(&t))
}

// field is a field of a struct as the file sees it; those of an embedded struct count
// as the outer one's.
type field struct {
	name     string
	index    []int
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
			for _, inner := range fieldsOf(f.Type) {
				inner.index = append(slices.Clone(f.Index), inner.index...)
				out = append(out, inner)
			}
			continue
		}
		name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
		out = append(out, field{name: name, index: f.Index, required: option == ""})
	}
	return out
}

// written reports whether a file that holds v has the field.
func (f field) written(v reflect.Value) bool {
	value := v.FieldByIndex(f.index)
	return f.required || !value.IsZero() && (value.Kind() != reflect.Slice || value.Len() > 0)
}

func (fs fields) names() []string {
	out := make([]string, len(fs))
	for i, f := range fs {
		out[i] = f.name
	}
	return out
}

// join appends a key to a path. A key that is no plain word is quoted: it is printed to
// terminals.
func join(path, key string) string {
	if strings.Trim(key, "$_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
		key = strconv.QuoteToASCII(key)
	}
	if path == "" {
		return key
	}
	return path + "." + key
}
