// Package strict decodes JSON that a person or another program hands over, and takes nothing for
// granted in it that encoding/json would pass over: a field that is unknown, given twice, or in
// other letters' case, a null in place of a value, or anything after the end. Of what it refuses
// it tells the line.
//
// Lists of endpoints are read by package catalog, which is as strict and knows what each field is.
package strict

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"prober/limit"
	"prober/prose"
)

// Unmarshal decodes data into what into points at. Each line of an error begins with name and the
// number of a line, such as "waivers.json: line 3: [0].why: null is no value"; of many the first
// [limit.ShownErrors] are told. What a [json.RawMessage] holds may be anything but an object with
// a field twice.
func Unmarshal(name string, data []byte, into any) error {
	w := &walker{name: name, data: data, fields: map[reflect.Type]map[string]reflect.Type{}}
	if !utf8.Valid(data) {
		at := 0
		for r, size := utf8.DecodeRune(data); r != utf8.RuneError || size > 1; r, size = utf8.DecodeRune(data[at:]) {
			at += size
		}
		return fmt.Errorf("%s: line %d: byte 0x%02x is not UTF-8", name, Line(data, at), data[at])
	}
	if !json.Valid(data) {
		return w.located(json.Unmarshal(data, new(json.RawMessage)))
	}
	w.value(reflect.TypeOf(into), nil)
	if len(w.errs) > 0 {
		if w.more > 0 {
			w.errs = append(w.errs, fmt.Errorf("%s: and %d errors more", name, w.more))
		}
		return errors.Join(w.errs...)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return w.located(err)
	}
	return nil
}

// Line is the number, from 1, of the line of data that an offset is in.
func Line(data []byte, offset int) int {
	return 1 + bytes.Count(data[:min(max(0, offset), len(data))], []byte("\n"))
}

// walker reads a JSON text that is known to be valid, side by side with the type that it is for.
type walker struct {
	name string
	data []byte
	at   int
	errs []error
	more int

	fields map[reflect.Type]map[string]reflect.Type
}

// located adds the line to an error of encoding/json that knows where it happened.
func (w *walker) located(err error) error {
	var offset int64
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		offset = syntax.Offset
	} else if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		offset = kind.Offset
	} else {
		return fmt.Errorf("%s: %w", w.name, err)
	}
	return fmt.Errorf("%s: line %d: %w", w.name, Line(w.data, int(offset)), err)
}

func (w *walker) bad(offset int, at *place, format string, args ...any) {
	if len(w.errs) == limit.ShownErrors {
		w.more++
		return
	}
	path := at.String()
	if path != "" {
		path += ": "
	}
	w.errs = append(w.errs, fmt.Errorf("%s: line %d: %s%s", w.name, Line(w.data, offset), path, fmt.Sprintf(format, args...)))
}

// place is where a value stands; nil for the whole.
type place struct {
	in    *place
	key   string // in an object
	index int    // in a list, when there is no key
	depth int
}

func (p *place) down(key string, index int) *place {
	depth := 1
	if p != nil {
		depth = p.depth + 1
	}
	return &place{p, key, index, depth}
}

// String is the way to p, such as "results[3].detail".
func (p *place) String() string {
	switch {
	case p == nil:
		return ""
	case p.key == "":
		return fmt.Sprintf("%s[%d]", p.in, p.index)
	}
	key := prose.Ellipsis(p.key, limit.ShownWord)
	if p.in == nil {
		return key
	}
	return p.in.String() + "." + key
}

// value passes over one value. A nil type takes any.
func (w *walker) value(t reflect.Type, at *place) {
	t, free := bare(t)
	w.space()
	start := w.at
	if at != nil && at.depth > limit.FileDepth {
		w.bad(start, at.in, "more than %d values inside each other", limit.FileDepth)
		w.skip()
		return
	}
	switch w.data[w.at] {
	case '{':
		w.object(t, at)
	case '[':
		w.list(t, at)
	case 'n':
		if !free {
			w.bad(start, at, "null is no value; leave it out")
		}
		w.skip()
	default:
		w.skip()
	}
}

// bare is the type that a value is for, without pointers; nil, and whether that may be null, for
// one that decodes itself.
func bare(t reflect.Type) (_ reflect.Type, free bool) {
	if t == nil || t == reflect.TypeFor[json.RawMessage]() || t.Kind() == reflect.Interface {
		return nil, true
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return nil, false
	}
	return t, false
}

func (w *walker) list(t reflect.Type, at *place) {
	var of reflect.Type
	if t != nil && (t.Kind() == reflect.Slice || t.Kind() == reflect.Array) {
		of = t.Elem()
	}
	w.at++
	for i := 0; !w.ends(']'); i++ {
		w.value(of, at.down("", i))
	}
}

func (w *walker) object(t reflect.Type, at *place) {
	var known map[string]reflect.Type
	if t != nil && t.Kind() == reflect.Struct {
		known = w.fieldsOf(t)
	}
	var seen keys
	w.at++
	for !w.ends('}') {
		w.space()
		start := w.at
		key := w.key()
		w.space()
		w.at++ // the colon
		of, is := known[key]
		switch {
		case known != nil && !is:
			w.bad(start, at, "unknown field %.*q", limit.ShownWord, key)
			of = nil
		case known == nil && t != nil && t.Kind() == reflect.Map:
			of = t.Elem()
		}
		if !seen.add(key) {
			w.bad(start, at.down(key, 0), "given twice")
		}
		w.value(of, at.down(key, 0))
	}
}

// ends reports whether a list or an object ends here, and passes over the end, or over the comma
// before the next element.
func (w *walker) ends(with byte) bool {
	w.space()
	switch w.data[w.at] {
	case with:
		w.at++
		return true
	case ',':
		w.at++
	}
	return false
}

func (w *walker) space() {
	for w.at < len(w.data) && strings.IndexByte(" \t\r\n", w.data[w.at]) >= 0 {
		w.at++
	}
}

// key reads a string.
func (w *walker) key() string {
	start := w.at
	w.text()
	literal := w.data[start:w.at]
	if bytes.IndexByte(literal, '\\') < 0 {
		return string(literal[1 : len(literal)-1])
	}
	var s string
	_ = json.Unmarshal(literal, &s) // it is valid
	return s
}

// text passes over a string.
func (w *walker) text() {
	for w.at++; w.data[w.at] != '"'; w.at++ {
		if w.data[w.at] == '\\' {
			w.at++
		}
	}
	w.at++
}

// skip passes over a value whatever it holds.
func (w *walker) skip() {
	for open := 0; w.at < len(w.data); {
		switch w.data[w.at] {
		case '"':
			w.text()
		case '{', '[':
			open++
			w.at++
		case '}', ']':
			if open == 0 {
				return
			}
			open--
			w.at++
		case ',', ' ', '\t', '\r', '\n':
			if open == 0 {
				return
			}
			w.at++
		default:
			w.at++
			continue
		}
		if open == 0 {
			return
		}
	}
}

// fieldsOf are the fields of a struct by their names in JSON, those of embedded ones among them.
func (w *walker) fieldsOf(t reflect.Type) map[string]reflect.Type {
	if known, ok := w.fields[t]; ok {
		return known
	}
	known := map[string]reflect.Type{}
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-", !f.IsExported() && !f.Anonymous:
		case name == "" && f.Anonymous && f.Type.Kind() == reflect.Struct:
			for name, inner := range w.fieldsOf(f.Type) {
				known[name] = inner
			}
		case name == "":
			known[f.Name] = f.Type
		default:
			known[name] = f.Type
		}
	}
	w.fields[t] = known
	return known
}

// keys are the names that an object has used: most objects are small.
type keys struct {
	few  []string
	many map[string]bool
}

// add reports whether a name is new.
func (k *keys) add(name string) bool {
	const few = 16
	switch {
	case k.many[name] || k.many == nil && slices.Contains(k.few, name):
		return false
	case k.many == nil && len(k.few) < few:
		k.few = append(k.few, name)
		return true
	case k.many == nil:
		k.many = map[string]bool{}
		for _, n := range k.few {
			k.many[n] = true
		}
	}
	k.many[name] = true
	return true
}
