package monitor

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
)

// Gather renders every metric from what is kept, together with those of Config.Collectors.
// It implements prometheus.Gatherer.
func (m *Monitor) Gather() ([]*dto.MetricFamily, error) {
	var all []*dto.MetricFamily
	var errs []error
	for part, err := range m.parts(func(string) bool { return true }) {
		last := len(all) - 1
		switch {
		case err != nil:
			errs = append(errs, err)
		case last >= 0 && all[last].GetName() == part.GetName():
			all[last].Metric = append(all[last].Metric, part.Metric...)
		default:
			all = append(all, part)
		}
	}
	return all, errors.Join(errs...)
}

// perPart is how many endpoints, or groups, one part of a metric is about.
const perPart = 128

// parts yields the wanted metrics by name, a long one in several parts, or what is wrong with one. Each
// part is collected when its turn comes: all at once would take ten times the memory of what is
// kept, and the processor for long.
func (m *Monitor) parts(wanted func(name string) bool) iter.Seq2[*dto.MetricFamily, error] {
	return func(yield func(*dto.MetricFamily, error) bool) {
		l := m.list.Load()
		own := m.vitals(l)
		others, err := m.registry.Gather()
		if err != nil && !yield(nil, err) {
			return
		}
		for _, x := range metrics() {
			for ; len(others) > 0 && others[0].GetName() <= x.Name; others = others[1:] {
				err = nil
				if others[0].GetName() == x.Name {
					err = fmt.Errorf("metric %s is collected from elsewhere, too", x.Name)
				}
				if wanted(others[0].GetName()) && !yield(others[0], err) {
					return
				}
			}
			if !wanted(x.Name) {
				continue
			}
			for part, err := range m.partsOf(x, l, own) {
				if !yield(part, err) {
					return
				}
			}
		}
		for _, f := range others {
			if wanted(f.GetName()) && !yield(f, nil) {
				return
			}
		}
	}
}

// partsOf yields the parts of one metric.
func (m *Monitor) partsOf(x metric, l *list, own *vitals) iter.Seq2[*dto.MetricFamily, error] {
	return func(yield func(*dto.MetricFamily, error) bool) {
		labels, shown := x.labels(l)
		if !shown {
			return
		}
		one := &shownMetric{x, prometheus.V2.NewDesc(x.Name, x.Help, prometheus.UnconstrainedLabels(labels), nil, prometheus.WithUnit(x.unit())), l}
		switch {
		case x.ofProber != nil:
			one.part(yield, func(out chan<- prometheus.Metric) { x.ofProber(own, series{metric: one, out: out, created: m.created}) })
		case x.ofTally != nil && l.detail == DetailRegion:
			for keys := range slices.Chunk(slices.SortedFunc(maps.Keys(l.groups), groupKey.compare), perPart) {
				if !one.part(yield, func(out chan<- prometheus.Metric) {
					for _, k := range keys {
						one.tally(l.groups[k], series{labels: labelsOfGroup(k), out: out})
					}
				}) {
					return
				}
			}
		default:
			for endpoints := range slices.Chunk(l.endpoints, perPart) {
				if !one.part(yield, func(out chan<- prometheus.Metric) {
					for _, e := range endpoints {
						one.endpoint(e, out)
					}
				}) {
					return
				}
			}
		}
	}
}

// part yields what a registry makes of collected series: it sorts and checks them.
func (x *shownMetric) part(yield func(*dto.MetricFamily, error) bool, collect collector) bool {
	registry := prometheus.NewRegistry()
	err := registry.Register(collect)
	if err == nil {
		var families []*dto.MetricFamily
		families, err = registry.Gather()
		for _, f := range families {
			if !yield(f, nil) {
				return false
			}
		}
	}
	return err == nil || yield(nil, err)
}

// compare orders groups as Prometheus sorts their metrics.
func (k groupKey) compare(other groupKey) int {
	return cmp.Or(cmp.Compare(k.lifecycle, other.lifecycle), cmp.Compare(k.network, other.network),
		cmp.Compare(k.product, other.product), cmp.Compare(k.region, other.region))
}

// endpoint adds the series of one endpoint, or of the tally that is its own.
func (x *shownMetric) endpoint(e *endpoint, out chan<- prometheus.Metric) {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := series{metric: x, out: out, labels: x.labelsOf(e.target), sparse: len(x.list.further) > 0 || x.listed && len(x.list.said) > 0, created: e.created}
	if x.ofTally != nil {
		x.tally(e.tally, s)
		return
	}
	x.ofEndpoint(e, s)
}

func (x *shownMetric) tally(t *tally, s series) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s.metric, s.created = x, t.created
	x.ofTally(t, s)
}
