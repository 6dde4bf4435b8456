package catalog

import "strconv"

// filler puts into the tree of a list of somebody's own what it may leave out, so that it is bound and
// validated as the built-in one is. What it puts there is marked: no error names a place that is not in
// the file.
type filler struct {
	b    *binder
	root *node

	product   string             // of endpoints that name none; empty: the list has several
	declared  bool               // the list says what products there are
	providers map[string]string  // of products
	regions   map[regionKey]bool // those that are named, and whether the list declares them
	bound     map[string]bool    // providers whose regions the list declares
	sources   map[string]string  // what is named, with the titles, where the list does not say what sources there are
	one       *node              // the sources of what names none
	named     map[string]naming  // "products" or "regions", a space and an id -> where an endpoint names it first
}

// newFiller completes the tree of a list in a file of this name, but for the endpoints, each of which is
// completed when its turn comes.
func newFiller(b *binder, file string) *filler {
	f := &filler{b: b, root: b.root, providers: map[string]string{}, regions: map[regionKey]bool{}, bound: map[string]bool{}, sources: map[string]string{}, named: map[string]naming{}}
	f.one = &node{kind: array, holds: []member{{value: said(own)}}, filled: true}
	if f.root.kind == array {
		f.wrap()
	}
	if f.root.kind != object {
		return f // which the binder says
	}
	f.declarations(file)
	if list := f.root.member("endpoints"); list != nil && list.kind == array {
		for i := range list.holds {
			f.refersTo(&list.holds[i].value, entry{"endpoints", i})
		}
	}
	f.references()
	return f
}

// wrap makes a list of endpoints alone, or one of Prometheus' file_sd, a whole list.
func (f *filler) wrap() {
	inner := f.root
	if len(f.root.holds) > 0 && f.root.holds[0].value.member("targets") != nil {
		f.targets()
		inner.filled = true
	}
	*f.root = node{kind: object, offset: inner.offset, holds: []member{{key: "endpoints", offset: inner.offset, value: *inner}}}
}

// declarations fills in what the list says of itself and its products.
func (f *filler) declarations(file string) {
	f.root.add("schema_version", node{kind: number, text: strconv.Itoa(SchemaVersion)})
	if regions := f.root.member("regions"); regions != nil && regions.kind == array {
		for i := range regions.holds {
			r := &regions.holds[i].value
			if r.kind == object {
				r.add("provider", said(own))
				r.add("name", said(r.word("id")))
			}
			f.regions[regionKey{r.word("provider"), r.word("id")}], f.bound[r.word("provider")] = true, true
		}
	}
	f.product = productOf(file)
	products := f.root.member("products")
	if products == nil || products.kind != array {
		return
	}
	f.declared = len(products.holds) > 0
	for i := range products.holds {
		p := &products.holds[i].value
		if p.kind != object {
			continue
		}
		id := p.word("id")
		p.add("name", said(id))
		p.add("provider", said(own))
		p.add("api_style", said(string(StyleNone)))
		f.providers[id] = p.word("provider")
		f.sourceless(p.member("rules"))
		if f.product = ""; len(products.holds) == 1 {
			f.product = id
		}
	}
}

// sourceless fills in the sources of rules that name none.
func (f *filler) sourceless(rules *node) {
	if rules == nil {
		return
	}
	for i := range rules.holds {
		one := &rules.holds[i].value
		all := []*node{one}
		if one.kind == array {
			all = nil
			for j := range one.holds {
				all = append(all, &one.holds[j].value)
			}
		}
		for _, rule := range all {
			if rule.kind == object && rule.member("id") != nil {
				f.sourcesOf(rule)
				rule.add("sources", *f.one)
			}
		}
	}
}

// endpoint fills in one endpoint, which may be no more than its URL.
func (f *filler) endpoint(n *node, at entry) {
	if n.kind == text {
		n.holds = append(make([]member, 0, 10), member{key: "url", offset: n.offset, value: said(n.text)})
		n.kind, n.text = object, ""
	}
	if n.kind != object {
		return
	}
	name := f.address(n, at)
	switch product := n.member("product"); {
	case product != nil:
	case f.product == "":
		f.b.fail(n.offset, at.field("product"), "missing; the list has several products")
		n.add("product", said(own))
	default:
		n.add("product", said(f.product))
	}
	n.add("region", said("default"))
	n.add("network", said(string(Public)))
	n.add("sources", *f.one)
	n.add("id", said(n.word("product")+"/"+n.word("region")+"/"+n.word("network")+"/"+name))
}
