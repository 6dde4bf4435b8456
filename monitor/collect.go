package monitor

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"

	dto "github.com/prometheus/client_model/go"
)

// Gather renders every metric from what is kept, together with those of Config.Collectors.
// It implements prometheus.Gatherer.
func (m *Monitor) Gather() ([]*dto.MetricFamily, error) {
	var all []*dto.MetricFamily
	var errs []error
	for part, err := range m.parts(func(string) bool { return true }, false) {
		last := len(all) - 1
		switch {
		case err != nil:
			errs = append(errs, err)
		case last >= 0 && all[last].GetName() == part.family.GetName():
			all[last].Metric = append(all[last].Metric, part.family.Metric...)
		default:
			all = append(all, part.family)
		}
	}
	return all, errors.Join(errs...)
}

// piece is a part of a metric: the library's message, or what is collected to be text.
type piece struct {
	family *dto.MetricFamily
	text   *collected
}

// perPart is how many endpoints, or groups, one part of a metric is about.
const perPart = 128

// parts yields the wanted metrics by name, a long one in several parts, or what is wrong with one. Each
// part is collected when its turn comes: all at once would take ten times the memory of what is
// kept, and the processor for long.
//
// text tells that each part becomes text before the next is asked for: there are no messages of what is
// kept here.
func (m *Monitor) parts(wanted func(name string) bool, text bool) iter.Seq2[piece, error] {
	return func(yield func(piece, error) bool) {
		l := m.list.Load()
		own, into := m.vitals(l), &collected{text: text}
		others, err := m.registry.Gather()
		if err != nil && !yield(piece{}, err) {
			return
		}
		for _, x := range metrics() {
			for ; len(others) > 0 && others[0].GetName() <= x.Name; others = others[1:] {
				err = nil
				if others[0].GetName() == x.Name {
					err = fmt.Errorf("metric %s is collected from elsewhere, too", x.Name)
				}
				if wanted(others[0].GetName()) && !yield(piece{family: others[0]}, err) {
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
			if wanted(f.GetName()) && !yield(piece{family: f}, nil) {
				return
			}
		}
	}
}

// partsOf yields the parts of one metric, which are collected into one.
func (m *Monitor) partsOf(x metric, l *list, own *vitals, one *collected) iter.Seq2[piece, error] {
	return func(yield func(piece, error) bool) {
		labels, shown := x.labels(l)
		if !shown {
			return
		}
		one.begin(&shownMetric{x, labels, l})
		switch {
		case x.ofProber != nil:
			one.part(yield, func() { x.ofProber(own, series{into: one, created: m.created}) })
		case x.ofTally != nil && l.detail == DetailRegion:
			for keys := range slices.Chunk(slices.SortedFunc(maps.Keys(l.groups), groupKey.compare), perPart) {
				if !one.part(yield, func() {
					for _, k := range keys {
						one.tally(l.groups[k], series{labels: labelsOfGroup(k)})
					}
				}) {
					return
				}
			}
		default:
			for endpoints := range slices.Chunk(l.endpoints, perPart) {
				if !one.part(yield, func() {
					for _, e := range endpoints {
						one.endpoint(e)
					}
				}) {
					return
				}
			}
		}
	}
}

// part yields what is collected, if that is anything.
func (p *collected) part(yield func(piece, error) bool, collect func()) bool {
	p.again()
	collect()
	if p.text {
		return len(p.textRows) == 0 || yield(piece{text: p}, nil)
	}
	f, err := p.family()
	return f == nil && err == nil || yield(piece{family: f}, err)
}

// compare orders groups as Prometheus sorts their metrics.
func (k groupKey) compare(other groupKey) int {
	return cmp.Or(cmp.Compare(k.lifecycle, other.lifecycle), cmp.Compare(k.network, other.network),
		cmp.Compare(k.product, other.product), cmp.Compare(k.region, other.region))
}

// endpoint adds the series of one endpoint, or of the tally that is its own.
func (p *collected) endpoint(e *endpoint) {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := series{into: p, labels: p.labelsOf(e.target), sparse: len(p.metric.list.further) > 0 || p.metric.listed && len(p.metric.list.said) > 0, created: e.created.time()}
	if p.metric.ofTally != nil {
		p.tally(e.tally, s)
		return
	}
	p.metric.ofEndpoint(e, s)
}

func (p *collected) tally(t *tally, s series) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s.into, s.created = p, t.created
	p.metric.ofTally(t, s)
}
