package monitor

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"prober/catalog"
	"prober/probe"
	"prober/prose"
)

// list is one list of endpoints with what belongs to it. It does not change.
type list struct {
	endpoints []*endpoint // by host, network, product and region
	byID      map[string]*endpoint
	detail    Detail
	groups    map[groupKey]*tally // empty for DetailEndpoint
	apart     map[string]catalog.Apart
	further   []string          // labels that tell endpoints apart, besides the usual ones
	said      []string          // labels that the list gives its endpoints
	products  []string          // sorted
	names     map[string]string // of the products, for people, where they have one
	regions   map[place]string  // names of regions, for people, where they have one; nil: none has
}

// groupKey is what the endpoints that share a tally have in common.
type groupKey struct {
	network         catalog.Network
	product, region string
	lifecycle       catalog.Lifecycle
}

// place is a region as a product has it.
type place struct{ product, region string }

// newList returns the list of targets, and those of its endpoints that are new. The others,
// and the groups, are carried on from the old list with all that they have kept.
func newList(targets []probe.Target, old *list, c *Config, now time.Time) (l *list, fresh []*endpoint) {
	l = &list{byID: make(map[string]*endpoint, len(targets)), groups: map[groupKey]*tally{}, detail: c.Detail}
	if l.detail == DetailAuto {
		l.detail = DetailEndpoint
		if len(targets) > detailLimit {
			l.detail = DetailRegion
		}
	}
	l.apart, l.further = tellApart(targets)
	l.said = saidLabels(targets)
	l.regions = regionNames(targets, l.said, c)
	products := map[string]bool{}
	l.names = map[string]string{}
	l.endpoints = make([]*endpoint, 0, len(targets))
	kinds, kept := new(entries), make([]entry, len(targets))
	for i := range targets {
		t := &targets[i]
		kept[i] = kinds.of(t)
		e := old.byID[t.Endpoint.ID]
		if e == nil || !e.sameSeries(t) {
			e = newEndpoint(t, now, c.Interval)
			fresh = append(fresh, e)
		}
		e.retarget(&kept[i], l.shared(t, old, c, now), c, now)
		l.endpoints = append(l.endpoints, e)
		l.byID[e.id] = e
		products[t.Endpoint.Product] = true
		if name := prose.OneLine(t.Product.Name); name != "" && name != t.Endpoint.Product {
			l.names[t.Endpoint.Product] = name
		}
	}
	l.products = slices.Sorted(maps.Keys(products))
	slices.SortFunc(l.endpoints, byLabels)
	return l, fresh
}

// shared returns the tally that t shares with its group; nil when there are no groups.
func (l *list) shared(t *probe.Target, old *list, c *Config, now time.Time) *tally {
	if l.detail == DetailEndpoint {
		return nil
	}
	e := &t.Endpoint
	key := groupKey{e.Network, e.Product, e.Region, lifecycleOf(e)}
	if l.groups[key] == nil {
		l.groups[key] = cmp.Or(old.groups[key], &tally{created: now, shared: true, bounds: c.phaseBounds()})
	}
	return l.groups[key]
}

// validate makes sure that every target can be shown, and that no two would share an id or
// the labels of their metrics.
func validate(targets []probe.Target) error {
	ids := make(map[string]bool, len(targets))
	labels := make(map[string]string, len(targets))
	apart, _ := tellApart(targets)
	for i := range targets {
		e := &targets[i].Endpoint
		switch {
		case e.ID == "":
			return fmt.Errorf("target %d (host %q) has no endpoint id", i, e.Host)
		case e.Host == "":
			return fmt.Errorf("endpoint %q has no host", e.ID)
		case ids[e.ID]:
			return fmt.Errorf("endpoint %q is listed twice", e.ID)
		case !slices.Contains(catalog.Lifecycles(), lifecycleOf(e)):
			return fmt.Errorf("endpoint %q has the unknown lifecycle %q", e.ID, e.Lifecycle)
		case !schemeOf(&targets[i]).IsKnown():
			return fmt.Errorf("endpoint %q has the unknown scheme %q", e.ID, targets[i].Scheme)
		}
		ids[e.ID] = true
		set := strings.Join([]string{e.Product, e.Region, string(e.Network), e.Host}, "\x00")
		for _, name := range furtherLabels() {
			set += "\x00" + further(apart[e.ID], name)
		}
		if other, taken := labels[set]; taken {
			return fmt.Errorf("endpoints %q and %q have the same product, region, network and host, and no port, scheme or name of their own", other, e.ID)
		}
		labels[set] = e.ID
	}
	return nil
}

// byLabels sorts endpoints by the values of their labels, as Prometheus sorts their metrics.
func byLabels(a, b *endpoint) int {
	x, y := a.target, b.target
	return cmp.Or(
		cmp.Compare(x.host, y.host), cmp.Compare(x.rest.Network, y.rest.Network),
		cmp.Compare(x.rest.Product, y.rest.Product), cmp.Compare(x.region, y.region), cmp.Compare(x.id, y.id))
}
