package monitor

import (
	"cmp"
	"slices"
	"time"

	"prober/catalog"
	"prober/probe"
)

// groupKey is what the endpoints of one group have in common.
type groupKey struct {
	product, region string
	network         catalog.Network
}

// group is the tally of all endpoints of one product, region and network.
type group struct {
	key    groupKey
	labels endpointLabels
	tally  *tally
}

// grouping sorts the targets of a new list into groups, carrying on those of the old
// one. For DetailEndpoint there are none.
type grouping struct {
	none   bool
	old    map[groupKey]*group
	groups map[groupKey]*group
	labels labelPool
	now    time.Time
}

func newGrouping(old *list, detail Detail, labels labelPool, now time.Time) *grouping {
	g := &grouping{
		none: detail == DetailEndpoint, old: map[groupKey]*group{}, groups: map[groupKey]*group{},
		labels: labels, now: now,
	}
	for _, x := range old.groups {
		g.old[x.key] = x
	}
	return g
}

// tallyOf returns the tally that t shares with its group; nil when there are no groups.
func (g *grouping) tallyOf(t *probe.Target) *tally {
	if g.none {
		return nil
	}
	key := groupKey{t.Endpoint.Product, t.Endpoint.Region, t.Endpoint.Network}
	x := g.groups[key]
	if x == nil {
		if x = g.old[key]; x == nil {
			x = &group{key: key, labels: g.labels.group(key), tally: &tally{created: g.now, shared: true}}
		}
		g.groups[key] = x
	}
	return x.tally
}

// list returns the groups, sorted as Prometheus sorts their metrics.
func (g *grouping) list() []*group {
	list := make([]*group, 0, len(g.groups))
	for _, x := range g.groups {
		list = append(list, x)
	}
	slices.SortFunc(list, func(a, b *group) int {
		return cmp.Or(cmp.Compare(a.key.network, b.key.network), cmp.Compare(a.key.product, b.key.product),
			cmp.Compare(a.key.region, b.key.region))
	})
	return list
}
