package catalog

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"prober/suggest"
)

// index says where records are that were decoded. It is a short cut: what is not found in it, or no
// longer where it says, is searched for.
type index struct {
	endpoints map[string]int
	regions   map[regionKey]int
	lines     []int // of the file, on which the endpoints begin
	file      string
	said      map[string]int // the lines of other records that the file has, see [recordName]
	parts     []index        // of the lists that this one was made of
	origins   origins
}

type regionKey struct{ provider, id string }

func newIndex(c *Catalog) index {
	x := index{endpoints: make(map[string]int, len(c.Endpoints)), regions: make(map[regionKey]int, len(c.Regions))}
	for i := range c.Endpoints {
		x.endpoints[c.Endpoints[i].ID] = i
	}
	for i, r := range c.Regions {
		x.regions[regionKey{r.Provider, r.ID}] = i
	}
	return x
}

// Frame is c without its endpoints: what is said of all of them, for who has taken those over and no longer
// needs the rest.
func (c *Catalog) Frame() *Catalog {
	frame := &Catalog{Schema: c.Schema, SchemaVersion: c.SchemaVersion, Sources: c.Sources, Regions: c.Regions, Products: c.Products}
	frame.index = newIndex(frame)
	return frame
}

// Endpoint returns the endpoint with an id.
func (c *Catalog) Endpoint(id string) (Endpoint, bool) {
	if i, known := c.index.endpoints[id]; known && i < len(c.Endpoints) && c.Endpoints[i].ID == id {
		return c.Endpoints[i], true
	}
	return find(c.Endpoints, func(e Endpoint) bool { return e.ID == id })
}

// Line returns the line, from 1, on which the file that c was decoded from begins the endpoint
// with an id; 0 when there is none.
func (c *Catalog) Line(id string) int {
	i, known := c.index.endpoints[id]
	if !known || i >= len(c.index.lines) {
		return 0
	}
	return c.index.lines[i]
}

// StatedAt says in which file, and on which line from 1, a list states a record: an endpoint, a rule, a
// product, a source, or a region as "provider/id". It is 0 for what the file does not say itself.
func (c *Catalog) StatedAt(section Section, id string) (file string, line int) {
	for _, x := range append([]index{c.index}, c.index.parts...) {
		line := x.said[recordName(section, id)]
		if i, known := x.endpoints[id]; section == SectionEndpoint && known && i < len(x.lines) {
			line = x.lines[i]
		}
		if line > 0 {
			return x.file, line
		}
	}
	return "", 0
}

// Product returns the product with an id.
func (c *Catalog) Product(id string) (Product, bool) {
	return find(c.Products, func(p Product) bool { return p.ID == id })
}

// Source returns the source with an id.
func (c *Catalog) Source(id string) (Source, bool) {
	return find(c.Sources, func(s Source) bool { return s.ID == id })
}

// Region returns the region of a provider with an id.
func (c *Catalog) Region(provider, id string) (Region, bool) {
	key := regionKey{provider, id}
	is := func(r Region) bool { return regionKey{r.Provider, r.ID} == key }
	if i, known := c.index.regions[key]; known && i < len(c.Regions) && is(c.Regions[i]) {
		return c.Regions[i], true
	}
	return find(c.Regions, is)
}

// RegionName returns the name of the region that e is in, or its id when the catalogue
// does not know it.
func (c *Catalog) RegionName(e Endpoint) string {
	if p, ok := c.Product(e.Product); ok {
		if r, ok := c.Region(p.Provider, e.Region); ok {
			return r.Name
		}
	}
	return e.Region
}

// Rule returns what every rule has, of the rule with an id.
func (c *Catalog) Rule(id string) (Rule, bool) {
	r, ok := c.rule(id)
	if !ok {
		return Rule{}, false
	}
	return r.shared(), true
}

func (c *Catalog) rule(id string) (anyRule, bool) {
	for _, p := range c.Products {
		if r, ok := find(p.Rules.each(), func(r anyRule) bool { return r.shared().ID == id }); ok {
			return r, true
		}
	}
	return nil, false
}

// Match returns the endpoints that a word on the command line names: an id, a host name,
// or a pattern over either. In a pattern "*" stands for any characters, slashes too, so
// that "kms/*" is all of KMS and "*/cn-beijing/*" all of a region; "?" and "[a-z]" stand
// for one character, as in [path.Match]. A word that names nothing is an error.
func (c *Catalog) Match(word string) ([]Endpoint, error) {
	pattern := oneSegment(word)
	if _, err := path.Match(pattern, ""); err != nil {
		return nil, fmt.Errorf("pattern %q: %w", word, err)
	}
	host := strings.TrimSuffix(strings.ToLower(pattern), ".")
	var out []Endpoint
	for _, e := range c.Endpoints {
		byID, _ := path.Match(pattern, oneSegment(e.ID))
		byHost, _ := path.Match(host, e.Host)
		if byID || byHost {
			out = append(out, e)
		}
	}
	if len(out) > 0 {
		return out, nil
	}
	known := make([]string, 0, 2*len(c.Endpoints))
	for _, e := range c.Endpoints {
		known = append(known, e.ID)
	}
	for _, e := range c.Endpoints {
		known = append(known, e.Host)
	}
	return nil, fmt.Errorf("no endpoint is named %q%s", word, suggest.Hint(word, known))
}

// oneSegment hides the slashes, at which the "*" of path.Match would stop.
func oneSegment(s string) string { return strings.ReplaceAll(s, "/", "\x00") }

func find[T any](list []T, is func(T) bool) (T, bool) {
	if i := slices.IndexFunc(list, is); i >= 0 {
		return list[i], true
	}
	var zero T
	return zero, false
}
