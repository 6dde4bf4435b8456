package monitor

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"

	dto "github.com/prometheus/client_model/go"

	"prober/monitor/exposition"
)

// Gather renders every metric from what is kept, together with those of Config.Collectors.
// It implements prometheus.Gatherer.
func (m *Monitor) Gather() ([]*dto.MetricFamily, error) { return exposition.Whole(m.parts) }

// perPart is how many endpoints, or groups, one part of a metric is about.
const perPart = 128

// parts yields the wanted metrics by name, a long one in several parts, or what is wrong with one. Each
// part is collected when its turn comes: all at once would take ten times the memory of what is
// kept, and the processor for long.
//
// use tells what becomes of each part before the next is asked for.
func (m *Monitor) parts(wanted func(name string) bool, use exposition.Use) iter.Seq2[exposition.Piece, error] {
	return func(yield func(exposition.Piece, error) bool) {
		l := m.list.Load()
		own, into := m.vitals(l), exposition.NewCollected(use)
		others, err := m.registry.Gather()
		if err != nil && !yield(exposition.Piece{}, err) {
			return
		}
		for _, x := range metrics() {
			for ; len(others) > 0 && others[0].GetName() <= x.Name; others = others[1:] {
				err = nil
				if others[0].GetName() == x.Name {
					err = fmt.Errorf("metric %s is collected from elsewhere, too", x.Name)
				}
				if wanted(others[0].GetName()) && !yield(exposition.Piece{Family: others[0]}, err) {
					return
				}
			}
			if !wanted(x.Name) {
				continue
			}
			for part, err := range m.partsOf(x, l, own, into) {
				if !yield(part, err) {
					return
				}
			}
		}
		for _, f := range others {
			if wanted(f.GetName()) && !yield(exposition.Piece{Family: f}, nil) {
				return
			}
		}
	}
}

// scrape collects one metric of a list.
type scrape struct {
	*exposition.Collected
	row  metric
	list *list
	room int // for the values of its labels
}

// partsOf yields the parts of one metric, which are collected into one.
func (m *Monitor) partsOf(x metric, l *list, own *vitals, one *exposition.Collected) iter.Seq2[exposition.Piece, error] {
	return func(yield func(exposition.Piece, error) bool) {
		labels, shown := x.labels(l)
		if !shown {
			return
		}
		one.Begin(exposition.Metric{Name: x.Name, Type: x.Type, Labels: labels, Unit: x.Unit, Help: x.Help})
		into := &scrape{one, x, l, len(labels)}
		switch {
		case x.ofProber != nil:
			one.Part(yield, func() { x.ofProber(own, exposition.Series{Into: one, Created: m.created}) })
		case x.ofTally != nil && l.detail == DetailRegion:
			for keys := range slices.Chunk(slices.SortedFunc(maps.Keys(l.groups), groupKey.compare), perPart) {
				if !one.Part(yield, func() {
					for _, k := range keys {
						into.tally(toldTally{l.groups[k], math.MaxInt}, exposition.Series{Labels: labelsOfGroup(k)})
					}
				}) {
					return
				}
			}
		default:
			for endpoints := range slices.Chunk(l.endpoints, perPart) {
				if !one.Part(yield, func() {
					for _, e := range endpoints {
						into.endpoint(e)
					}
				}) {
					return
				}
			}
		}
	}
}

// compare orders groups as Prometheus sorts their metrics.
func (k groupKey) compare(other groupKey) int {
	return cmp.Or(cmp.Compare(k.lifecycle, other.lifecycle), cmp.Compare(k.network, other.network),
		cmp.Compare(k.product, other.product), cmp.Compare(k.region, other.region))
}

// endpoint adds the series of one endpoint, or of the tally that is its own.
func (x *scrape) endpoint(e *endpoint) {
	e.mu.Lock()
	defer e.mu.Unlock()
	listed := x.row.ofListed != nil
	s := exposition.Series{Into: x.Collected, Labels: x.labelsOf(e.target), Sparse: len(x.list.further) > 0 || listed && (len(x.list.said) > 0 || x.list.regions != nil), Created: e.created.time()}
	switch {
	case x.row.ofTally != nil:
		x.tally(toldTally{e.tally, e.reasonsShown()}, s)
	case listed:
		x.row.ofListed(x.list, e, s)
	default:
		x.row.ofEndpoint(e, s)
	}
}

// tally adds the series of a tally.
func (x *scrape) tally(t toldTally, s exposition.Series) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s.Into, s.Created = x.Collected, t.created
	x.row.ofTally(t, s)
}
