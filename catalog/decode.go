package catalog

import (
	"cmp"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"prober/limit"
	"prober/prose"
)

// Decode reads a catalogue and validates it. The name stands in errors, which are always
// of type [Errors] and hold everything that is wrong, not only the first thing; beyond
// [limit.ShownErrors] they are only counted: who has more has one mistake that repeats itself.
// Text that is no JSON yields a single error with line and column.
//
// An endpoint without a lifecycle is [Active].
func Decode(name string, data []byte) (*Catalog, error) { return decode(name, data, parse, false) }

// decode reads a list as [Decode] does, whose text is read by read. One of somebody's own may leave
// out what [fill] knows.
func decode(name string, data []byte, read func([]byte, int) (*node, int, error), own bool) (*Catalog, error) {
	if len(data) > limit.CatalogueBytes {
		return nil, Errors{{File: name, Line: 1, Problem: fmt.Sprintf("%d bytes are more than a list may have, %d", len(data), limit.CatalogueBytes)}}
	}
	at := lines{data, nil, lineOf(data, len(data))}
	if isYAML := own && !isJSON(name, data); !isYAML {
		at = newLines(data)
	}
	root, offset, err := read(data, limit.CatalogueValues)
	if err != nil {
		line, column := at.position(offset)
		return nil, Errors{{File: name, Line: line, Column: column, Problem: prose.Middle(err.Error(), limit.ShownLine)}}
	}
	if own {
		if said := foreign(root); said != "" {
			return nil, Errors{{File: name, Line: 1, Problem: said}}
		}
	}
	if list := root.member("endpoints"); own && list != nil && (list.kind == null || list.kind == array && len(list.holds) == 0) {
		return nil, Errors{{File: name, Line: at.line(int(list.offset)), Field: "endpoints", Problem: "there is none in it; " + smallest}}
	}
	found := findings{file: name, at: at}
	var b *binder
	b = newBinder(root, func(offset int, path, format string, args ...any) { found.add(offset, b.inFile(path), format, args...) })
	var complete *filler
	if own {
		complete = newFiller(b, name)
	}
	c := &Catalog{}
	b.bind(root, reflect.ValueOf(c).Elem(), &place{})
	c.placeChecks(name)
	v := newValidator(c, b, at, own)
	v.frame()
	origins, said := originsIn(c, name, root, at), map[string]int{}
	if len(found.errs) == 0 {
		said = statedIn(root, at)
		root.member("regions").holds = nil // of which a list may have as many as of endpoints
	}
	lines := v.endpoints(complete, name, origins)
	if errs := found.errors(); errs != nil {
		return nil, errs
	}
	c.index = newIndex(c)
	c.index.file, c.index.lines, c.index.said, c.index.origins = name, lines, said, origins
	return c, nil
}

// endpoints reads the endpoints one after the other, and returns the lines on which they begin: each is completed, bound and
// checked, and what it was read from is let go before the next. The tree of a long list is larger than all that is made of it.
func (v *validator) endpoints(complete *filler, file string, origins origins) (begin []int) {
	all := v.c.Endpoints
	if len(all) == 0 {
		return nil
	}
	list, folder := v.b.root.member("endpoints"), filepath.Dir(file)
	in := &place{in: &place{}, key: "endpoints", index: -1}
	seen := listed{make(map[string]int, len(all)), make(map[measured]int, len(all))}
	text := &reader{data: v.at.data, most: limit.CatalogueValues, words: map[string]string{}}
	for i := range all {
		e, n, at := &all[i], &list.holds[i].value, entry{"endpoints", i}
		if n.part {
			*n = text.again(n.offset)
		}
		if complete != nil {
			complete.endpoint(n, at)
		}
		v.b.bind(n, reflect.ValueOf(e).Elem(), &place{in: in, index: i})
		e.Lifecycle = cmp.Or(e.Lifecycle, Active)
		if e.Check != nil {
			e.Check.folder = folder
		}
		v.endpoint(e, at, seen)
		origins.add(e.Own, at, file, n, v.at)
		begin = append(begin, v.at.line(int(n.offset)))
		n.holds = nil
	}
	return begin
}

// findings collects what is wrong with a file.
type findings struct {
	file    string
	at      lines
	errs    Errors
	surplus int
	group   string          // of a list of Prometheus' file_sd, that the last mistake about labels is in
	labels  map[string]bool // what was told of that group's labels
}

// add is given what it does not need once there are enough: nothing is worked out for those.
func (f *findings) add(offset int, path, format string, args ...any) {
	if f.again(path, format) {
		return
	}
	if len(f.errs) == limit.ShownErrors {
		f.surplus++
		return
	}
	f.errs = append(f.errs, Error{File: f.file, Line: f.at.line(offset), Field: prose.Middle(path, limit.ShownLine/4), Problem: prose.Middle(fmt.Sprintf(format, args...), limit.ShownLine)})
}

// again reports whether a mistake is one about the labels of a group that was told already: it is found at each of its targets, one
// after the other.
func (f *findings) again(path, format string) bool {
	group, label, of := strings.Cut(path, "].labels")
	if !of || !strings.HasPrefix(group, "[") {
		return false
	}
	if group != f.group {
		f.group, f.labels = group, map[string]bool{}
	}
	what := label + ": " + format
	known := f.labels[what]
	f.labels[what] = true
	return known
}

// errors are those found in the order of their lines, and how many there are besides.
func (f *findings) errors() Errors {
	slices.SortStableFunc(f.errs, func(a, b Error) int { return cmp.Compare(a.Line, b.Line) })
	if f.surplus > 0 {
		f.errs = append(f.errs, Error{File: f.file, Line: f.at.last, Problem: fmt.Sprintf("and %d errors more", f.surplus)})
	}
	return f.errs
}

// validator checks what a single value cannot show: formats, uniqueness, references.
type validator struct {
	c   *Catalog
	b   *binder
	at  lines
	own bool // the list is somebody's own: ids are free, and hosts may be addresses

	products   map[string]*Product
	rules      map[string]string // rule id -> path of its first use
	known      map[string]*words // "source", "product", "region of PROVIDER" -> ids
	incomplete map[string]bool   // lists with a record that has no usable id
	labelNames map[string]bool
}

func newValidator(c *Catalog, b *binder, at lines, own bool) *validator {
	return &validator{
		c: c, b: b, at: at, own: own,
		products:   map[string]*Product{},
		rules:      map[string]string{},
		known:      map[string]*words{},
		incomplete: map[string]bool{},
		labelNames: map[string]bool{},
	}
}

// words is a list of ids, and what is in it.
type words struct {
	list []string
	set  map[string]bool
}

func (v *validator) has(noun, id string) bool { return v.known[noun] != nil && v.known[noun].set[id] }

// know adds an id to a list.
func (v *validator) know(noun, id string) {
	w := v.known[noun]
	if w == nil {
		w = &words{set: map[string]bool{}}
		v.known[noun] = w
	}
	w.list, w.set[id] = append(w.list, id), true
}

// ids are those of a list, in their order.
func (v *validator) ids(noun string) []string {
	if w := v.known[noun]; w != nil {
		return w.list
	}
	return nil
}

// bad reports a problem with the value at path, unless it is known to be unusable.
func (v *validator) bad(path, format string, args ...any) {
	at := v.offset(path)
	if path = v.inFile(path); v.broken(path) {
		return
	}
	if path != "" {
		at = v.offset(path)
	}
	v.b.fail(at, path, format, args...)
}

// inFile is the place in the file that says what stands at path, which may not be in it.
func (v *validator) inFile(path string) string {
	for p := path; p != ""; p = parent(p) {
		if by := v.b.made[p]; by != "" {
			return by
		}
		if v.b.targets != nil {
			continue // of which the binder knows the place of each
		}
		if n, found := v.b.root.find(p); found && n.filled {
			if path = parent(p); v.given(path+".url") && !strings.HasSuffix(p, ".url") {
				if link, _ := v.b.root.find(path + ".url"); link.offset != 0 {
					path += ".url"
				}
			}
		}
	}
	return path
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
func (v *validator) offset(path string) int32 {
	n, _ := v.b.root.find(path)
	return n.offset
}

// given reports whether the file has a value at path.
func (v *validator) given(path string) bool {
	_, found := v.b.root.find(path)
	return found
}

// parent returns "a.b" for "a.b[3]" and for "a.b.c", and "" for "a".
func parent(path string) string {
	return path[:max(0, strings.LastIndexAny(path, ".["))]
}
