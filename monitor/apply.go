package monitor

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"prober/catalog"
	"prober/probe"
)

// Apply makes targets the list to probe, as far as they belong to the shard. Endpoints
// that stay the same keep everything that was counted and seen; new ones get a first
// probe soon; the others are dropped with all their metrics. An error, which names the
// offending endpoint, leaves the old list in place.
//
// Each endpoint id may be listed once: an endpoint is monitored over one scheme.
func (m *Monitor) Apply(targets []probe.Target) error {
	m.applying.Lock()
	defer m.applying.Unlock()
	targets = slices.Clone(targets)
	if err := validate(targets); err != nil {
		return err
	}
	targets = slices.DeleteFunc(targets, func(t probe.Target) bool { return !m.config.Shard.Has(t.Endpoint.ID) })

	now := m.config.Now()
	old := m.list.Load()
	l := &list{
		endpoints: make([]*endpoint, 0, len(targets)),
		byID:      make(map[string]*endpoint, len(targets)),
		detail:    m.config.Detail,
	}
	if l.detail == DetailAuto {
		l.detail = DetailEndpoint
		if len(targets) > detailLimit {
			l.detail = DetailRegion
		}
	}
	labels := labelPool{}
	groups := newGrouping(old, l.detail, labels, now)
	var fresh []*endpoint
	for i := range targets {
		t := &targets[i]
		e := old.byID[t.Endpoint.ID]
		if e == nil || !sameSeries(e.target, t) {
			e = newEndpoint(t, now, m.config.SlowEvery)
			fresh = append(fresh, e)
		}
		e.retarget(t, labels.endpoint(t), groups.tallyOf(t), now)
		l.endpoints = append(l.endpoints, e)
		l.byID[e.id] = e
	}
	l.groups = groups.list()
	slices.SortFunc(l.endpoints, byLabels)
	removed := 0
	for id, e := range old.byID {
		if l.byID[id] != e {
			e.remove()
			removed++
		}
	}
	m.list.Store(l)
	m.vantage.reset(l.endpoints)

	if m.running.Load() {
		m.mu.Lock()
		m.startDue(now) // what the old schedule has not seen yet
		m.mu.Unlock()
		m.plan(l.endpoints, fresh, now)
		m.wakeUp()
	}

	m.reload.mu.Lock()
	m.reload.successful, m.reload.at = true, now
	m.reload.mu.Unlock()
	m.config.Logger.Info("list applied", "endpoints", len(l.endpoints), "added", len(fresh), "removed", removed,
		"shard", m.config.Shard.String(), "detail", string(l.detail))
	return nil
}

// validate makes sure that every target can be shown, and that no two would share an id or
// the labels of their metrics.
func validate(targets []probe.Target) error {
	ids := make(map[string]bool, len(targets))
	labels := make(map[string]string, len(targets))
	for i := range targets {
		e := &targets[i].Endpoint
		switch {
		case e.ID == "":
			return fmt.Errorf("target %d (host %q) has no endpoint id", i, e.Host)
		case e.Host == "":
			return fmt.Errorf("endpoint %q has no host", e.ID)
		case ids[e.ID]:
			return fmt.Errorf("endpoint %q is listed twice", e.ID)
		case !slices.Contains(catalog.Lifecycles(), lifecycleOf(&targets[i])):
			return fmt.Errorf("endpoint %q has the unknown lifecycle %q", e.ID, e.Lifecycle)
		case !slices.Contains(catalog.Schemes(), schemeOf(&targets[i])):
			return fmt.Errorf("endpoint %q has the unknown scheme %q", e.ID, targets[i].Scheme)
		}
		ids[e.ID] = true
		set := strings.Join([]string{e.Product, e.Region, string(e.Network), e.Host}, "\x00")
		if other, taken := labels[set]; taken {
			return fmt.Errorf("endpoints %q and %q have the same product, region, network and host", other, e.ID)
		}
		labels[set] = e.ID
	}
	return nil
}

// byLabels sorts endpoints as Prometheus sorts their metrics: by the values of their
// labels in the order of the labels' names.
func byLabels(a, b *endpoint) int {
	x, y := &a.target.Endpoint, &b.target.Endpoint
	return cmp.Or(
		cmp.Compare(x.Host, y.Host), cmp.Compare(x.Network, y.Network),
		cmp.Compare(x.Product, y.Product), cmp.Compare(x.Region, y.Region))
}
