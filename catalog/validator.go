package catalog

import (
	"fmt"
	"strings"
)

// entry is one element of a list of the file. Its paths are written when they are needed.
type entry struct {
	list  string
	index int
}

func (e entry) path() string { return fmt.Sprintf("%s[%d]", e.list, e.index) }

func (e entry) field(name string) string { return e.path() + "." + name }

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

func (v *validator) isFilled(path string) bool {
	n, found := v.b.root.find(path)
	return found && n.filled
}
