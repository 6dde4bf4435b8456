package catalog

import (
	"path/filepath"
	"reflect"
)

// Check says what healthy means for an endpoint, of a product for all its endpoints or of one endpoint
// alone. All of it is optional: what it leaves out is as it is without a check. Of a product that has an API
// style only Limits apply; its request and what its replies have to say are those of its API.
type Check struct {
	Request   *Request   `json:"request,omitempty"`
	Expect    *Expect    `json:"expect,omitempty"`
	Redirects *Redirects `json:"redirects,omitempty"`
	Limits    *Limits    `json:"limits,omitempty"`

	folder string // of the list, from which its files are looked for
}

// CheckOf returns the check of an endpoint of p: its own over the product's, field by field. It is nil where
// neither has one, and must not be changed.
func (p Product) CheckOf(e Endpoint) *Check {
	if p.Check == nil {
		return e.Check
	}
	if e.Check == nil && (e.Path == "" || p.Check.Request == nil || p.Check.Request.Path == "") {
		return p.Check
	}
	c := *p.Check
	if e.Check != nil && e.Check.folder != c.folder {
		c.Request, c.folder, e.Check = c.Request.from(c.folder), "", &Check{e.Check.Request.from(e.Check.folder), e.Check.Expect, e.Check.Redirects, e.Check.Limits, ""}
	}
	if e.Path != "" && c.Request != nil && c.Request.Path != "" { // that of the URL is the endpoint's own
		r := *c.Request
		r.Path = ""
		c.Request = &r
	}
	if e.Check != nil {
		if c.Request != nil && e.Check.Request != nil {
			r := *c.Request
			c.Request = &r
			if own := e.Check.Request; own.Basic != nil || own.Bearer != "" { // of the two there is one
				r.Basic, r.Bearer = nil, ""
			}
		}
		overlay(reflect.ValueOf(&c).Elem(), reflect.ValueOf(e.Check).Elem())
	}
	return &c
}

// overlay puts the fields of over that are set in the place of those of under, whose parts are copied, not
// changed.
func overlay(under, over reflect.Value) {
	for i := range over.NumField() {
		from, to := over.Field(i), under.Field(i)
		switch {
		case !under.Type().Field(i).IsExported() || from.IsZero():
		case from.Kind() == reflect.Pointer && isPart(from.Type()) && !to.IsNil():
			whole := reflect.New(from.Type().Elem())
			whole.Elem().Set(to.Elem())
			overlay(whole.Elem(), from.Elem())
			to.Set(whole)
		case from.Kind() == reflect.Map && to.Len() > 0:
			all := reflect.MakeMap(from.Type())
			for _, m := range []reflect.Value{to, from} {
				for _, key := range m.MapKeys() {
					all.SetMapIndex(key, m.MapIndex(key))
				}
			}
			to.Set(all)
		default:
			to.Set(from)
		}
	}
}

// isPart reports whether the fields of a type are set one by one; other types are one value each.
func isPart(t reflect.Type) bool {
	switch t {
	case reflect.TypeFor[*Request](), reflect.TypeFor[*Expect](), reflect.TypeFor[*BodyExpect](), reflect.TypeFor[*Limits]():
		return true
	}
	return false
}

// Redirects says whether redirects are followed.
type Redirects struct {
	// Follow is how many are at most, one after the other. 0: a redirect is the reply, as without a check.
	Follow uint8 `json:"follow"`
}

// bindNode reads the number alone, too.
func (r *Redirects) bindNode(b *binder, n *node, at *place) bool {
	if n.kind == number {
		return b.number(n, reflect.ValueOf(&r.Follow).Elem(), at)
	}
	if n.kind != object {
		b.fail(n.offset, at.path(), "want a number, got %s", n.kind)
		return false
	}
	return b.object(n, reflect.ValueOf(r).Elem(), at)
}

// Folder is that of the list, from which the files of the check are looked for.
func (c *Check) Folder() string { return c.folder }

// placeChecks tells the checks of products in which folder their list is.
func (c *Catalog) placeChecks(file string) {
	folder := filepath.Dir(file)
	for i := range c.Products {
		if check := c.Products[i].Check; check != nil {
			check.folder = folder
		}
	}
}
