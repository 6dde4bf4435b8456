package catalog

import (
	"cmp"
	"errors"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"prober/suggest"
)

// binder fills Go values from a tree, strictly, and keeps going after a misfit so that
// one run reports all of them. It knows the kinds that [Catalog] is made of.
type binder struct {
	root    *node
	failed  map[string]bool   // paths that hold no usable value
	damaged map[string]bool   // paths within which a value failed
	made    map[string]string // paths of records that the file does not have -> those of what names them first
	types   map[reflect.Type]*shape
	texts   map[string]string // that were kept, by themselves
	targets []target          // that the endpoints are made of, in a list of Prometheus' file_sd; nil: it is none
	report  func(offset int, path, format string, args ...any)
}

func newBinder(root *node, report func(offset int, path, format string, args ...any)) *binder {
	return &binder{
		root: root, failed: map[string]bool{}, damaged: map[string]bool{}, made: map[string]string{}, types: map[reflect.Type]*shape{},
		texts: map[string]string{}, report: report,
	}
}

// bindable is a type that reads itself: one that a file may write in a shorter form, or that no kind of
// Go's has.
type bindable interface {
	bindNode(b *binder, n *node, at *place) bool
}

// place is a value of the file, by what holds it. Its path is written only when somebody is to
// read it.
type place struct {
	in    *place // nil: this is the whole file
	key   string // in an object
	index int    // in a list; -1 in an object
}

func (p *place) path() string {
	switch {
	case p.in == nil:
		return ""
	case p.index >= 0:
		return p.in.path() + "[" + strconv.Itoa(p.index) + "]"
	}
	return join(p.in.path(), p.key)
}

func (b *binder) fail(at int32, path, format string, args ...any) {
	b.failed[path] = true
	for p := path; p != "" && !b.damaged[p]; p = parent(p) {
		b.damaged[p] = true
	}
	b.report(int(at), path, format, args...)
}

// bind fills v from n and reports whether n is of the kind that v takes.
func (b *binder) bind(n *node, v reflect.Value, at *place) bool {
	if n.kind == null && v.Type() != reflect.TypeFor[Value]() {
		b.fail(n.offset, at.path(), "null is no value; leave the field out")
		return false
	}
	if v.Type() == reflect.TypeFor[*time.Time]() {
		return b.instant(n, v, at)
	}
	if b.shape(v.Type()).reads {
		return v.Addr().Interface().(bindable).bindNode(b, n, at)
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return b.bind(n, v.Elem(), at)
	case reflect.Struct:
		return b.object(n, v, at)
	case reflect.Slice:
		return b.list(n, v, at)
	case reflect.Map:
		return b.words(n, v, at)
	case reflect.String:
		return b.text(n, v, at)
	case reflect.Bool:
		if n.kind != boolean {
			b.fail(n.offset, at.path(), "want %s, got %s%s", boolean, n.kind, meantSwitch(n))
			return false
		}
		v.SetBool(n.truth)
		return true
	default:
		return b.number(n, v, at)
	}
}

func (b *binder) is(n *node, want kind, at *place) bool {
	if n.kind != want {
		b.fail(n.offset, at.path(), "want %s, got %s", want, n.kind)
		return false
	}
	return true
}

func (b *binder) object(n *node, v reflect.Value, at *place) bool {
	if !b.is(n, object, at) {
		return false
	}
	fields := b.shape(v.Type()).fields
	given, misfits := make([]*node, len(fields)), make([]bool, len(fields))
	for m := range n.holds {
		m := &n.holds[m]
		within := &place{in: at, key: m.key, index: -1}
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == m.key })
		switch {
		case i < 0 && m.value.filled: // which was read into other fields
		case i < 0:
			b.report(int(m.offset), within.path(), "unknown field%s", cmp.Or(b.inside(fields, m.key), suggest.Hint(m.key, fields.names()), suggest.HintAndKnown(m.key, fields.names())))
			if meant := suggest.Nearest(m.key, fields.names()); meant != "" { // and not missing as well
				b.failed[join(at.path(), meant)] = true
				misfits[slices.Index(fields.names(), meant)] = true
			}
		case given[i] != nil:
			b.report(int(m.offset), within.path(), "given twice")
		default:
			given[i], misfits[i] = &m.value, !b.bind(&m.value, fields[i].settable(v), within)
		}
	}
	for i, f := range fields {
		if !f.required || misfits[i] {
			continue
		}
		within := place{in: at, key: f.name, index: -1}
		fv := f.in(v)
		switch {
		case given[i] == nil:
			b.fail(n.offset, within.path(), "missing")
		case fv.Kind() == reflect.String && strings.TrimSpace(fv.String()) == "",
			fv.Kind() == reflect.Slice && fv.Len() == 0:
			b.fail(given[i].offset, within.path(), "empty")
		}
	}
	return true
}

func (b *binder) list(n *node, v reflect.Value, at *place) bool {
	if !b.is(n, array, at) {
		return false
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.holds), len(n.holds)))
	if v.Type() == reflect.TypeFor[[]Endpoint]() {
		return true // each when its turn comes
	}
	for i := range n.holds {
		b.bind(&n.holds[i].value, v.Index(i), &place{in: at, index: i})
	}
	return true
}

// words reads an object whose members are texts. A number and true or false are the texts that they
// are written as.
func (b *binder) words(n *node, v reflect.Value, at *place) bool {
	if !b.is(n, object, at) {
		return false
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), len(n.holds)))
	for i := range n.holds {
		m := &n.holds[i]
		within := &place{in: at, key: m.key, index: -1}
		value := m.value
		switch value.kind {
		case number:
			value.kind = text
		case boolean:
			value.kind, value.text = text, strconv.FormatBool(value.truth)
		}
		word := reflect.New(v.Type().Elem()).Elem()
		key := reflect.ValueOf(b.kept(m.key))
		switch {
		case v.MapIndex(key).IsValid():
			b.report(int(m.offset), within.path(), "given twice")
		case b.bind(&value, word, within):
			v.SetMapIndex(key, word)
		}
	}
	return true
}

func (b *binder) text(n *node, v reflect.Value, at *place) bool {
	if n.kind == number || n.kind == boolean {
		b.fail(n.offset, at.path(), "want %s, got %s; put it in quotes", text, n.kind)
		return false
	}
	if !b.is(n, text, at) {
		return false
	}
	if s := b.shape(v.Type()); s.noun != "" && !slices.Contains(s.words, n.text) {
		b.fail(n.offset, at.path(), "%q is not %s%s", n.text, s.noun, suggest.HintAndKnown(n.text, s.words))
		return false
	}
	v.SetString(b.kept(n.text))
	return true
}

// kept is a text of the file to keep: a part of it would hold on to the whole file, of which a shard needs little. What comes again
// and again, as the name of a product, is kept once.
func (b *binder) kept(text string) string {
	if known, met := b.texts[text]; met {
		return known
	}
	text = strings.Clone(text)
	if len(b.texts) < manyTexts {
		b.texts[text] = text
	}
	return text
}

// manyTexts are as many texts as are looked for again: the first of a long list have what the others repeat.
const manyTexts = 1000

// shape is what the binder asks of a type each time that it meets it.
type shape struct {
	fields fields   // of a struct
	noun   string   // of an enum
	words  []string // of an enum
	reads  bool     // it is [bindable]
}

func (b *binder) shape(t reflect.Type) *shape {
	s := b.types[t]
	if s == nil {
		s = &shape{reads: reflect.PointerTo(t).Implements(reflect.TypeFor[bindable]())}
		if t.Kind() == reflect.Struct {
			s.fields = fieldsOf(t)
		}
		if e, ok := reflect.Zero(t).Interface().(enum); ok {
			s.noun, s.words = e.values()
		}
		b.types[t] = s
	}
	return s
}

// inside says where a field that an object does not have stands within it; empty where it does not.
func (b *binder) inside(within fields, key string) string {
	const deep = 3
	for range deep {
		var found []string
		var next fields
		for _, outer := range within {
			t := outer.of
			if t.Kind() == reflect.Pointer {
				t = t.Elem()
			}
			for _, f := range b.shape(t).fields {
				f.name = outer.name + "." + f.name
				if next = append(next, f); strings.HasSuffix(f.name, "."+key) {
					found = append(found, f.name)
				}
			}
		}
		if len(found) > 0 {
			return "; it stands in " + strings.Join(found, " or ")
		}
		within = next
	}
	return ""
}

// figures are the digits of a text that has them in one place.
var figures = regexp.MustCompile(`^[^0-9]*([0-9]+)[^0-9]*$`)

func (b *binder) number(n *node, v reflect.Value, at *place) bool {
	if found := figures.FindStringSubmatch(n.text); n.kind == text && found != nil {
		b.fail(n.offset, at.path(), "want a number, got the text %q; did you mean %s?", n.text, found[1])
		return false
	}
	if !b.is(n, number, at) {
		return false
	}
	i, err := strconv.ParseInt(n.text, 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange):
		b.fail(n.offset, at.path(), "%s is out of range", n.text)
		return false
	case err != nil || n.text != strconv.FormatInt(i, 10) && n.text != "-0": // YAML has octal ones, and others
		b.fail(n.offset, at.path(), "%s is not a whole number", n.text)
		return false
	case v.CanUint() && (i < 0 || v.OverflowUint(uint64(i))):
		b.fail(n.offset, at.path(), "%d is out of range; want 0 to %d", i, uint64(1)<<v.Type().Bits()-1)
		return false
	case v.CanInt() && v.OverflowInt(i):
		b.fail(n.offset, at.path(), "%d is out of range", i)
		return false
	case v.CanUint():
		v.SetUint(uint64(i))
	default:
		v.SetInt(i)
	}
	return true
}

// instant reads a time with an offset, as RFC 3339 section 5.6 has it. A time without
// one would mean another instant on every machine.
func (b *binder) instant(n *node, v reflect.Value, at *place) bool {
	if !b.is(n, text, at) {
		return false
	}
	t, err := time.Parse(time.RFC3339, n.text)
	if err != nil {
		problem := "is not an instant"
		if _, local := time.Parse("2006-01-02T15:04:05", n.text); local == nil {
			problem = "has no offset from UTC"
		}
		b.fail(n.offset, at.path(), "%q %s; write it as in 2026-12-01T00:00:00+08:00", n.text, problem)
		return false
	}
	v.Set(reflect.ValueOf(&t))
	return true
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
