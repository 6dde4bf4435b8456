package exposition

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/types/known/timestamppb"

	"prober/latency"
)

// Collected is a part of a metric while it is collected: the library's messages, as its own registry would
// make them, without what that checks of each series at every scrape. A scrape of ten thousand
// endpoints is a tenth of a million series, and takes a third of the time so (docs/performance.md).
type Collected struct {
	metric *Metric // what messages that were collected go on to point to
	order  []int   // of the labels, by name
	rows   []*dto.Metric

	use      Use
	textRows []textRow

	// Messages are made many at a time.
	metrics   slab[dto.Metric]
	pairs     slab[dto.LabelPair]
	labels    slab[*dto.LabelPair]
	gauges    slab[dto.Gauge]
	counters  slab[dto.Counter]
	summaries slab[dto.Summary]
	values    slab[float64]
	counts    slab[uint64]
	times     slab[timestamppb.Timestamp]
	texts     slab[string]
	shared    slab[*string] // values of labels
}

// Use is what becomes of a part that is collected.
type Use uint8

// The uses.
const (
	// Kept: its messages are kept while others are collected.
	Kept Use = iota
	// Passing: its messages are done with before the next part is collected, which has the same memory.
	Passing
	// Text: it becomes text before the next part is collected. Text has no native histograms, and needs no messages.
	Text
)

// slab makes values many at a time.
type slab[T any] struct {
	all  []T
	used int
}

const slabSize = 256

// take returns n values next to each other. They may have been used for another series, which set the same fields; of
// a [dto.Metric] those of another metric.
func (s *slab[T]) take(n int) []T {
	if s.used+n > len(s.all) {
		s.all, s.used = make([]T, max(n, 2*len(s.all), slabSize)), 0
	}
	s.used += n
	return s.all[s.used-n : s.used : s.used]
}

func (s *slab[T]) one() *T { return &s.take(1)[0] }

// again makes all values free.
func (s *slab[T]) again() { s.used = 0 }

// again makes the memory of what was collected that of the next part, if that may be.
func (p *Collected) again() {
	if p.use == Kept {
		*p = Collected{metric: p.metric, order: p.order}
		return
	}
	p.rows, p.textRows = p.rows[:0], p.textRows[:0]
	p.metrics.again()
	p.pairs.again()
	p.labels.again()
	p.gauges.again()
	p.counters.again()
	p.summaries.again()
	p.values.again()
	p.counts.again()
	p.times.again()
	p.texts.again()
	p.shared.again()
}

// NewCollected returns a place to collect in.
func NewCollected(use Use) *Collected { return &Collected{use: use} }

// Begin begins another metric.
func (p *Collected) Begin(m Metric) {
	p.metric, p.order = &m, make([]int, len(m.Labels))
	for i := range p.order {
		p.order[i] = i
	}
	slices.SortFunc(p.order, func(a, b int) int { return cmp.Compare(m.Labels[a], m.Labels[b]) })
}

// Labels is room for the values of n labels.
func (p *Collected) Labels(n int) []*string { return p.shared.take(n) }

// Copy keeps a value of a label.
func (p *Collected) Copy(value string) *string {
	kept := p.texts.one()
	*kept = value
	return kept
}

// Part yields what collect adds, if that is anything.
func (p *Collected) Part(yield func(Piece, error) bool, collect func()) bool {
	p.again()
	collect()
	if p.use == Text {
		return len(p.textRows) == 0 || yield(Piece{text: p}, nil)
	}
	f, err := p.family()
	return f == nil && err == nil || yield(Piece{Family: f}, err)
}

// family is what was collected, sorted as Prometheus does; nil where that is nothing.
func (p *Collected) family() (*dto.MetricFamily, error) {
	if len(p.rows) == 0 {
		return nil, nil
	}
	if !slices.IsSortedFunc(p.rows, compareSeries) {
		slices.SortFunc(p.rows, compareSeries)
	}
	for i, r := range p.rows[1:] {
		if compareSeries(p.rows[i], r) == 0 {
			return nil, fmt.Errorf("metric %s has two series with the labels %v", p.metric.Name, r.GetLabel())
		}
	}
	x := p.metric
	f := &dto.MetricFamily{Name: &x.Name, Help: &x.Help, Type: x.Type.Enum(), Metric: p.rows}
	if unit := x.unit(); unit != "" {
		f.Unit = &unit
	}
	return f, nil
}

// compareSeries orders the series of one metric by their labels, those with fewer first.
func compareSeries(a, b *dto.Metric) int {
	if c := cmp.Compare(len(a.Label), len(b.Label)); c != 0 {
		return c
	}
	for i := range a.Label {
		if c := cmp.Compare(a.Label[i].GetValue(), b.Label[i].GetValue()); c != 0 {
			return c
		}
	}
	return 0
}

// Series adds the series of one metric about one thing to a part.
type Series struct {
	Into    *Collected
	Labels  []*string // values of the labels that all metrics about this thing have
	Sparse  bool      // some of these may be empty, and are left out
	Created time.Time // when its counters began at 0
}

// valuesOf are the values of all labels by the names of those, with these of the metric's own ones; nil for one that is left out.
func (s Series) valuesOf(own []string) []*string {
	p := s.Into
	all := p.shared.take(len(p.order))
	for i, at := range p.order {
		var value *string
		if at < len(s.Labels) {
			value = s.Labels[at]
		} else {
			value = p.texts.one()
			*value = own[at-len(s.Labels)]
		}
		if !utf8.ValidString(*value) {
			mended := ValidUTF8(*value)
			value = &mended
		}
		if s.Sparse && *value == "" {
			value = nil
		}
		all[i] = value
	}
	return all
}

// text adds a series to what becomes text.
func (s Series) text(r textRow, own []string) {
	r.labels = s.valuesOf(own)
	s.Into.textRows = append(s.Into.textRows, r)
}

// row adds a series with these values of the metric's own labels.
func (s Series) row(own []string) *dto.Metric {
	p := s.Into
	m := p.metrics.one()
	all := p.labels.take(len(p.order))[:0]
	for i, value := range s.valuesOf(own) {
		if value != nil {
			pair := p.pairs.one()
			pair.Name, pair.Value = &p.metric.Labels[p.order[i]], value
			all = append(all, pair)
		}
	}
	m.Label, m.Gauge, m.Counter, m.Summary, m.Histogram = all, nil, nil, nil, nil
	p.rows = append(p.rows, m)
	return m
}

// Add adds a series of a gauge or a counter, with the values of the metric's own labels.
func (s Series) Add(v float64, labels ...string) {
	if s.Into.use == Text {
		s.text(textRow{value: v}, labels)
		return
	}
	m, value := s.row(labels), s.Into.values.one()
	*value = v
	if s.Into.metric.Type == Counter {
		m.Counter = s.Into.counters.one()
		m.Counter.Value, m.Counter.CreatedTimestamp = value, s.createdTime()
		return
	}
	m.Gauge = s.Into.gauges.one()
	m.Gauge.Value = value
}

func (s Series) createdTime() *timestamppb.Timestamp {
	t := s.Into.times.one()
	t.Seconds, t.Nanos = s.Created.Unix(), int32(s.Created.Nanosecond())
	return t
}

// Flag adds a series of a gauge that is 1 or 0.
func (s Series) Flag(on bool, labels ...string) { s.Add(number(on), labels...) }

func number(on bool) float64 {
	if on {
		return 1
	}
	return 0
}

// Time adds a series of a gauge in seconds since 1970, to the millisecond.
func (s Series) Time(t time.Time) { s.Add(float64(t.UnixMilli()) / 1e3) }

// Histogram adds a series of a histogram, unless it was never made.
func (s Series) Histogram(h *latency.Histogram, labels ...string) {
	switch {
	case h == nil:
	case s.Into.use == Text:
		s.text(textRow{histogram: h}, labels)
	default:
		m := s.row(labels)
		m.Histogram = h.Proto()
		m.Histogram.CreatedTimestamp = s.createdTime()
	}
}

// Sum adds a series of a summary: how many durations there were, and their sum.
func (s Series) Sum(count uint64, sum time.Duration) {
	if s.Into.use == Text {
		s.text(textRow{value: sum.Seconds(), count: count}, nil)
		return
	}
	m, n, seconds := s.row(nil), s.Into.counts.one(), s.Into.values.one()
	*n, *seconds = count, sum.Seconds()
	m.Summary = s.Into.summaries.one()
	m.Summary.SampleCount, m.Summary.SampleSum, m.Summary.CreatedTimestamp = n, seconds, s.createdTime()
}

// ValidUTF8 mends a value that is not UTF-8, which would make the whole scrape fail.
func ValidUTF8(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
