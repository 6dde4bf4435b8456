package monitor

import (
	"maps"
	"slices"
	"strconv"

	"prober/catalog"
	"prober/monitor/exposition"
	"prober/probe"
	"prober/prose"
)

// endpointLabels are the labels of all metrics of an endpoint. Those of a group of endpoints are
// the same without the first. The lifecycle is among them so that no alert needs a join to leave
// out what is closed.
func endpointLabels() []string { return []string{"host", "lifecycle", "network", "product", "region"} }

// furtherLabels are those that tell endpoints of one host apart, in lists where that is needed.
func furtherLabels() []string { return []string{"name", "port", "scheme"} }

// further returns the value of one of furtherLabels; empty where an endpoint does without.
func further(a catalog.Apart, label string) string {
	switch {
	case label == "name":
		return a.Name
	case label == "scheme":
		return string(a.Scheme)
	case a.Port > 0:
		return strconv.Itoa(int(a.Port))
	}
	return ""
}

// tellApart returns what tells the targets apart of which product, region, network and host are
// not enough, by id, and the labels that this takes.
func tellApart(targets []probe.Target) (apart map[string]catalog.Apart, labels []string) {
	apart = catalog.TellApart(func(yield func(catalog.Endpoint, catalog.Scheme) bool) {
		for i := range targets {
			if !yield(targets[i].Endpoint, schemeOf(&targets[i])) {
				return
			}
		}
	})
	for _, name := range furtherLabels() {
		for _, a := range apart {
			if further(a, name) != "" {
				labels = append(labels, name)
				break
			}
		}
	}
	return apart, labels
}

// labels returns the names of all labels of m in a list, and whether it is shown at all.
func (m *metric) labels(l *list) (names []string, shown bool) {
	switch {
	case m.ofProber != nil:
		return m.Labels, true
	case m.ofTally != nil && l.detail == DetailRegion:
		return slices.Concat(endpointLabels()[1:], m.Labels), true
	}
	shown = !m.detailed && !m.brief || m.detailed == (l.detail == DetailEndpoint)
	names = slices.Concat(endpointLabels(), m.further(l), m.Labels)
	if m.ofListed != nil {
		names = append(names, l.said...)
		if l.regions != nil {
			names = append(names, regionLabel)
		}
	}
	return names, shown
}

// saidLabels are the names of the labels that a list gives its endpoints.
func saidLabels(targets []probe.Target) []string {
	names := map[string]bool{}
	for i := range targets {
		for name := range targets[i].Endpoint.Labels {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// regionLabel is what the region is called, for people. A list may have a label of that name itself, and is then left its own.
const regionLabel = "region_name"

// regionNames are the names of the regions that have another than their id; nil where none has, and where the list says it itself.
func regionNames(targets []probe.Target, said []string, c *Config) (names map[place]string) {
	if c.RegionName == nil || slices.Contains(said, regionLabel) {
		return nil
	}
	known := map[place]bool{}
	for i := range targets {
		e := &targets[i].Endpoint
		p := place{e.Product, e.Region}
		if known[p] {
			continue
		}
		known[p] = true
		if name := prose.OneLine(c.RegionName(*e)); name != "" && name != e.Region {
			if names == nil {
				names = map[place]string{}
			}
			names[p] = name
		}
	}
	return names
}

// saidOf are the values of the own labels of endpoint_info: the id, the scheme, what the list says, and the name of the region.
func (l *list) saidOf(t *entry) []string {
	values := append(make([]string, 0, 3+len(l.said)), exposition.ValidUTF8(t.id), string(t.scheme()))
	for _, name := range l.said {
		values = append(values, exposition.ValidUTF8(t.rest.Labels[name]))
	}
	if l.regions != nil {
		values = append(values, exposition.ValidUTF8(l.regions[place{t.rest.Product, t.region}]))
	}
	return values
}

// further are the further labels of m in a list: those that it has anyway are no further ones.
func (m *metric) further(l *list) []string {
	return slices.DeleteFunc(slices.Clone(l.further), func(name string) bool { return slices.Contains(m.Labels, name) })
}

// labelsOf returns the values of the labels that a metric of an endpoint has besides its own.
func (x *scrape) labelsOf(t *entry) []*string {
	values := x.Labels(x.room)[:0]
	values = append(values, &t.host, x.Copy(string(t.lifecycle())), (*string)(&t.rest.Network), &t.rest.Product, &t.region)
	if len(x.list.further) > 0 {
		for _, name := range x.row.further(x.list) {
			values = append(values, new(further(x.list.apart[t.id], name)))
		}
	}
	return values
}

// labelsOfGroup returns those of a metric of a group.
func labelsOfGroup(k groupKey) []*string {
	return []*string{(*string)(&k.lifecycle), (*string)(&k.network), &k.product, &k.region}
}
