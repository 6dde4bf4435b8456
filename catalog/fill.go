package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

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

// said is a text that was not in the file.
func said(word string) node {
	return node{kind: text, text: word, filled: true}
}

// member is the value of an object's member; nil where there is none.
func (n *node) member(key string) *node {
	if n.kind != object {
		return nil
	}
	i := slices.IndexFunc(n.holds, func(m member) bool { return m.key == key })
	if i < 0 {
		return nil
	}
	return &n.holds[i].value
}

// word is the text of a member; empty where there is none.
func (n *node) word(key string) string {
	if m := n.member(key); m != nil && m.kind == text {
		return m.text
	}
	return ""
}

// add puts a member into an object unless it has one of that name.
func (n *node) add(key string, value node) {
	if n.member(key) == nil {
		value.filled = true
		value.offset = n.offset
		n.holds = append(n.holds, member{key: key, offset: n.offset, value: value})
	}
}

// list is a member that is a list, which is made where there is none; nil where it is something else.
func (n *node) list(key string) *node {
	n.add(key, node{kind: array})
	if m := n.member(key); m.kind == array {
		return m
	}
	return nil
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

// sourcesOf remembers what sources a record names.
func (f *filler) sourcesOf(n *node) {
	named := n.member("sources")
	if named == nil {
		f.sources[own] = "own list"
		return
	}
	if f.root.member("sources") == nil {
		for _, s := range named.holds {
			f.sources[s.value.text] = cmp.Or(f.sources[s.value.text], s.value.text)
		}
	}
}

// refersTo remembers what an endpoint refers to: the list may say nothing else of it. Nothing is filled in yet.
func (f *filler) refersTo(n *node, at entry) {
	if n.kind != object && n.kind != text {
		return
	}
	f.sourcesOf(n)
	product := f.names("products", n, at, "product", cmp.Or(f.product, own))
	region := f.names("regions", n, at, "region", "default")
	// A product or region that is no text is told as such, and no record is made of it.
	if _, known := f.providers[product]; !known && product != "" && (!f.declared || product == f.product) {
		f.providers[product] = own
	}
	if provider := f.providers[product]; provider != "" && region != "" && (!f.bound[provider] || region == "default") {
		key := regionKey{provider, region}
		if _, known := f.regions[key]; !known {
			f.regions[key] = false
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

// address fills in where an endpoint is, if it says so by a URL, and returns a name for it.
func (f *filler) address(n *node, at entry) string {
	link := n.member("url")
	if link == nil {
		name := n.word("host")
		if ports := n.member("ports"); ports != nil && ports.kind == object {
			for i, p := range ports.holds {
				if i == 0 || p.value.text != ports.holds[0].value.text {
					name += "_" + p.value.text
				}
			}
		}
		return slug(name)
	}
	path := at.path()
	if !link.filled {
		path = at.field("url")
	}
	offset := cmp.Or(link.offset, n.offset)
	wrong := func(format string, args ...any) string {
		f.b.fail(offset, path, format, args...)
		link.filled = true
		n.add("host", said("unreadable.invalid"))
		return "unreadable"
	}
	if link.kind != text {
		return wrong("want a string, got %s", link.kind)
	}
	for _, other := range []string{"host", "ports", "scheme", "path", "authority"} {
		if n.member(other) != nil {
			return wrong("the URL says %s already; give one of the two", other)
		}
	}
	if site, is, err := ParseSite(link.text); is {
		if err != nil {
			return wrong("%v", err)
		}
		if kind := n.member("kind"); kind != nil && kind.text != string(site.Kind) {
			return wrong("the URL says that the kind is %q; leave the field kind out", site.Kind)
		}
		if site.DNS != nil && n.member("dns") != nil {
			return wrong("the URL says what is asked for already; give host and dns in its place")
		}
		link.filled = true
		return n.site(site)
	}
	u, err := ParseURL(link.text)
	if err != nil {
		if !strings.Contains(link.text, "://") {
			return wrong("%q is no URL; want one as https://api.example.com/healthz", HideUserinfo(link.text))
		}
		return wrong("%v", err)
	}
	link.filled = true
	n.add("scheme", said(string(u.Scheme)))
	n.add("host", said(strings.TrimSuffix(u.Host, ".")))
	name := u.Host
	if u.Port != 0 {
		n.add("ports", node{kind: object, holds: []member{{key: string(u.Scheme), value: node{kind: number, text: strconv.Itoa(int(u.Port)), filled: true}}}})
	}
	if port := (Endpoint{Ports: &Ports{HTTPS: u.Port, HTTP: u.Port}}).Port(u.Scheme); port != 443 {
		name += "_" + strconv.Itoa(int(port))
	}
	if u.Target != "/" {
		n.add("path", said(u.Target))
		name += strings.ReplaceAll(strings.TrimSuffix(u.Target, "/"), "/", "_")
	}
	if strings.ToLower(u.Authority) != n.word("host") {
		n.add("authority", said(strings.ToLower(u.Authority)))
	}
	return slug(name)
}

// site fills in a site, and returns a name for it.
func (n *node) site(s Site) string {
	n.add("kind", said(string(s.Kind)))
	n.add("host", said(s.Host))
	if s.Port != 0 {
		n.add("ports", node{kind: object, holds: []member{{key: string(s.Kind), value: node{kind: number, text: strconv.Itoa(int(s.Port)), filled: true}}}})
	}
	if s.DNS != nil {
		asked := node{kind: object, offset: n.offset}
		asked.add("name", said(s.DNS.Name))
		if s.DNS.Type != "" {
			asked.add("type", said(string(s.DNS.Type)))
		}
		n.add("dns", asked)
	}
	e := Endpoint{Ports: s.Ports()}
	return slug(s.name(e.Port(s.Kind.Scheme())))
}

// references fills in the sources, regions and products that endpoints name and the list does not say.
func (f *filler) references() {
	if f.root.member("sources") == nil && len(f.sources) == 0 {
		f.sources[own] = "own list"
	}
	for _, id := range sortedKeys(f.sources) {
		f.lacking("sources", id, func(n *node) { n.add("title", said(f.sources[id])) })
	}
	if f.root.member("regions") == nil && len(f.regions) == 0 {
		f.regions[regionKey{own, "default"}] = false // what is wrong with the endpoints is told instead
	}
	for _, key := range sortedRegions(f.regions) {
		if f.regions[key] {
			continue // declared
		}
		if list := f.root.list("regions"); list != nil {
			n := f.made("regions", key.id, len(list.holds))
			n.add("provider", said(key.provider))
			n.add("name", said(key.id))
			list.holds = append(list.holds, member{value: n})
		}
	}
	if f.root.member("products") == nil && len(f.providers) == 0 {
		f.providers[f.product] = own
	}
	for _, id := range sortedKeys(f.providers) {
		f.lacking("products", id, func(n *node) {
			n.add("name", said(id))
			n.add("provider", said(own))
			n.add("api_style", said(string(StyleNone)))
		})
	}
}

// lacking puts a record of an id into a list that has none of that id.
func (f *filler) lacking(key, id string, rest func(*node)) {
	list := f.root.list(key)
	if list == nil || slices.ContainsFunc(list.holds, func(m member) bool { return m.value.word("id") == id }) {
		return
	}
	n := f.made(key, id, len(list.holds))
	rest(&n)
	list.holds = append(list.holds, member{value: n})
}

// names remembers where an endpoint names a product or a region first, and returns which; without is what it names
// by saying nothing.
func (f *filler) names(list string, endpoint *node, at entry, field, without string) string {
	word, by := without, naming{offset: endpoint.offset}
	if n := endpoint.member(field); n != nil {
		word, by.offset = endpoint.word(field), n.offset
		if !n.filled || f.b.targets != nil {
			by.at, by.field = at, field
		}
	}
	if _, known := f.named[list+" "+word]; !known {
		f.named[list+" "+word] = by
	}
	return word
}

// naming is where an endpoint names a record.
type naming struct {
	offset int32
	at     entry
	field  string // of the endpoint; empty: it is not in the file
}

// made is a record that the file does not have, and stands where its id is first named.
func (f *filler) made(list, id string, index int) node {
	by := f.named[list+" "+id]
	if by.field != "" {
		f.b.made[entry{list, index}.path()] = by.at.field(by.field)
	}
	at := cmp.Or(by.offset, f.root.offset)
	return node{kind: object, offset: at, filled: true, holds: []member{{key: "id", value: node{kind: text, text: id, offset: at, filled: true}}}}
}

// slug makes a name of a text: what no name may hold becomes a hyphen, and where that leaves another text
// with the same name, a number tells the two apart.
func slug(s string) string {
	const longest = 120
	var out strings.Builder
	low := strings.ToLower(s)
	joined, lost := true, len(s) > longest || low != s
	for _, c := range []byte(low[:min(len(low), longest)]) {
		switch {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			joined = false
		case c == '.' || c == '-' || c == '_':
			if joined {
				lost = true
				continue
			}
			joined = true
		default:
			if lost = true; joined {
				continue
			}
			c, joined = '-', true
		}
		out.WriteByte(c)
	}
	name := strings.TrimRight(out.String(), "-_.")
	if lost || len(name) < out.Len() {
		sum := uint32(2166136261) // FNV-1a
		for _, c := range []byte(s) {
			sum = (sum ^ uint32(c)) * 16777619
		}
		name = strings.TrimLeft(fmt.Sprintf("%s-%08x", name, sum), "-")
	}
	return name
}
