package catalog

import (
	"cmp"
	"fmt"
	"path/filepath"
	"reflect"

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
// out what a [filler] knows.
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
