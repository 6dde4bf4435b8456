package catalog

import (
	"cmp"
	"maps"
	"slices"
)

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

// made is a record that the file does not have, and stands where its id is first named.
func (f *filler) made(list, id string, index int) node {
	by := f.named[list+" "+id]
	if by.field != "" {
		f.b.made[entry{list, index}.path()] = by.at.field(by.field)
	}
	at := cmp.Or(by.offset, f.root.offset)
	return node{kind: object, offset: at, filled: true, holds: []member{{key: "id", value: node{kind: text, text: id, offset: at, filled: true}}}}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func sortedRegions(m map[regionKey]bool) []regionKey {
	return slices.SortedFunc(maps.Keys(m), func(a, b regionKey) int {
		return cmp.Or(cmp.Compare(a.provider, b.provider), cmp.Compare(a.id, b.id))
	})
}
