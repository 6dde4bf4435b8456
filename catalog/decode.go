package catalog

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// maxErrors bounds the errors that are worked out. Who has more has one mistake that
// repeats itself.
const maxErrors = 1000

// Decode reads a catalogue and validates it. The name stands in errors, which are always
// of type [Errors] and hold everything that is wrong, not only the first thing; beyond a
// thousand they are only counted. Text that is no JSON yields a single error with line
// and column.
//
// An endpoint without a lifecycle is [Active].
func Decode(name string, data []byte) (*Catalog, error) {
	at := newLines(data)
	root, offset, err := parse(data)
	if err != nil {
		line, column := at.position(offset)
		return nil, Errors{{File: name, Line: line, Column: column, Problem: err.Error()}}
	}
	var errs Errors
	surplus := 0
	report := func(offset int, path, format string, args ...any) {
		if len(errs) == maxErrors {
			surplus++
			return
		}
		line, _ := at.position(offset)
		errs = append(errs, Error{File: name, Line: line, Field: path, Problem: fmt.Sprintf(format, args...)})
	}
	b := &binder{offsets: map[string]int{}, failed: map[string]bool{}, damaged: map[string]bool{}, report: report}
	c := &Catalog{}
	b.bind(root, reflect.ValueOf(c).Elem(), "")
	for i := range c.Endpoints {
		if c.Endpoints[i].Lifecycle == "" {
			c.Endpoints[i].Lifecycle = Active
		}
	}
	newValidator(c, b).validate()
	if len(errs) > 0 {
		slices.SortStableFunc(errs, func(a, b Error) int { return cmp.Compare(a.Line, b.Line) })
		if surplus > 0 {
			errs = append(errs, Error{File: name, Line: len(at.starts), Problem: fmt.Sprintf("and %d errors more", surplus)})
		}
		return nil, errs
	}
	c.lines = make(map[string]int, len(c.Endpoints))
	for i, e := range c.Endpoints {
		c.lines[e.ID], _ = at.position(b.offsets[fmt.Sprintf("endpoints[%d]", i)])
	}
	return c, nil
}

// validator checks what a single value cannot show: formats, uniqueness, references.
type validator struct {
	c *Catalog
	b *binder

	products   map[string]Product
	rules      map[string]string   // rule id -> path of its first use
	known      map[string][]string // "source", "product", "region of PROVIDER" -> ids in order
	incomplete map[string]bool     // lists with a record that has no usable id
}

func newValidator(c *Catalog, b *binder) *validator {
	return &validator{
		c: c, b: b,
		products:   map[string]Product{},
		rules:      map[string]string{},
		known:      map[string][]string{},
		incomplete: map[string]bool{},
	}
}

func (v *validator) has(noun, id string) bool { return slices.Contains(v.known[noun], id) }

// bad reports a problem with the value at path, unless it is known to be unusable.
func (v *validator) bad(path, format string, args ...any) {
	if v.broken(path) {
		return
	}
	v.b.fail(v.offset(path), path, format, args...)
}

// broken reports whether the value at path, one that holds it or one within it is known
// to be unusable: one mistake shall not be reported twice.
func (v *validator) broken(path string) bool {
	if v.b.damaged[path] || v.b.failed[""] {
		return true
	}
	for ; path != ""; path = parent(path) {
		if v.b.failed[path] {
			return true
		}
	}
	return false
}

// offset finds the value at path, or the nearest one around it.
func (v *validator) offset(path string) int {
	for {
		if at, ok := v.b.offsets[path]; ok || path == "" {
			return at
		}
		path = parent(path)
	}
}

// parent returns "a.b" for "a.b[3]" and for "a.b.c", and "" for "a".
func parent(path string) string {
	return path[:max(0, strings.LastIndexAny(path, ".["))]
}
