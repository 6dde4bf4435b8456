package catalog

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"prober/limit"
)

// Merge makes one list of several, in their order. What one of them says of a product, a region or a
// source stands for all that only name it; where two say different things, or have an endpoint of the
// same id, that is an error that names both files and lines. Errors are of type [Errors].
func Merge(lists ...*Catalog) (*Catalog, error) {
	if len(lists) == 1 {
		return lists[0], nil
	}
	m := merger{out: &Catalog{SchemaVersion: SchemaVersion}, from: map[string]*Catalog{}}
	for _, c := range lists {
		m.take(c)
	}
	for _, c := range lists {
		m.endpoints(c)
	}
	if more := len(m.errs) - limit.ShownErrors; more > 0 {
		last := m.errs[len(m.errs)-1]
		last.Problem = fmt.Sprintf("and %d errors more", more)
		m.errs = append(m.errs[:limit.ShownErrors], last)
	}
	if len(m.errs) > 0 {
		return nil, m.errs
	}
	m.placeRegions()
	m.out.index = newIndex(m.out)
	for _, c := range lists {
		m.out.index.parts = append(m.out.index.parts, c.index)
		if len(c.index.origins) > 0 && m.out.index.origins == nil {
			m.out.index.origins = origins{}
		}
		maps.Copy(m.out.index.origins, c.index.origins)
	}
	return m.out, nil
}

type merger struct {
	out  *Catalog
	from map[string]*Catalog // the list that a record is from, by its name
	errs Errors
}

// take takes over the records of a list that endpoints refer to.
func (m *merger) take(c *Catalog) {
	for _, s := range c.Sources {
		merged(m, c, &m.out.Sources, s, recordName(SectionSource, s.ID), func(o Source) bool { return o.ID == s.ID })
	}
	for _, r := range c.Regions {
		merged(m, c, &m.out.Regions, r, recordName(SectionRegion, r.Provider+"/"+r.ID), func(o Region) bool { return o.ID == r.ID && o.Provider == r.Provider })
	}
	for _, p := range c.Products {
		merged(m, c, &m.out.Products, p, recordName(SectionProduct, p.ID), func(o Product) bool { return o.ID == p.ID })
	}
}

// merged takes over a record, which a list says or only names.
func merged[T any](m *merger, c *Catalog, into *[]T, record T, name string, same func(T) bool) {
	first := m.from[name]
	if first == nil {
		m.from[name] = c
		*into = append(*into, record)
		return
	}
	i := slices.IndexFunc(*into, same)
	line, says := c.index.said[name]
	before, said := first.index.said[name]
	switch {
	case !says || reflect.DeepEqual((*into)[i], record):
	case !said:
		m.from[name], (*into)[i] = c, record
	default:
		m.errs = append(m.errs, Error{File: c.index.file, Line: line, Problem: fmt.Sprintf("%s is another one than in %s:%d", name, first.index.file, before)})
	}
}

// endpoints takes over the endpoints of a list.
func (m *merger) endpoints(c *Catalog) {
	for i, e := range c.Endpoints {
		name := recordName(SectionEndpoint, e.ID)
		first := m.from[name]
		if first != nil && first != c && first.index.file == c.index.file {
			m.errs = append(m.errs, Error{File: c.index.file, Line: 1, Problem: "this list is given twice; leave it out once"})
			return
		}
		if first != nil {
			m.errs = append(m.errs, Error{
				File: c.index.file, Line: c.index.lines[i],
				Problem: fmt.Sprintf("endpoint %q is listed twice, first in %s:%d; give one of them another id, or leave it out", e.ID, first.index.file, first.Line(e.ID)),
			})
			continue
		}
		m.from[name] = c
		m.out.Endpoints = append(m.out.Endpoints, e)
	}
}

// placeRegions adds the regions of endpoints whose product turned out to be another provider's than
// their own list could know.
func (m *merger) placeRegions() {
	used := map[regionKey]bool{}
	providers := map[string]string{}
	for _, p := range m.out.Products {
		providers[p.ID] = p.Provider
	}
	for _, e := range m.out.Endpoints {
		used[regionKey{providers[e.Product], e.Region}] = true
	}
	for _, r := range m.out.Regions {
		delete(used, regionKey{r.Provider, r.ID})
	}
	for _, key := range sortedRegions(used) {
		m.out.Regions = append(m.out.Regions, Region{ID: key.id, Provider: key.provider, Name: key.id})
	}
}
