package exposition

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	dto "github.com/prometheus/client_model/go"

	"prober/latency"
)

// textForm writes what was collected as text, straight from where it is kept: as common/expfmt writes the
// library's messages, to the byte, without the library's messages between (docs/performance.md).
// A test compares the two.
type textForm struct {
	out  io.Writer
	open bool   // OpenMetrics
	last string // metric whose lines about it are written

	text   []byte
	labels []byte // of the series that is written
	name   string // of its metric
}

// textRow is one series as it becomes text.
type textRow struct {
	labels    []*string // values, by the names of the labels; nil: left out
	value     float64   // or the sum
	count     uint64    // of a summary
	histogram *latency.Histogram
}

// compare orders series as compareSeries does.
func (r *textRow) compare(other *textRow) int {
	a, b := r.labels, other.labels
	if slices.Contains(a, nil) || slices.Contains(b, nil) {
		a, b = shownValues(a), shownValues(b)
	}
	if c := cmp.Compare(len(a), len(b)); c != 0 {
		return c
	}
	for i := range a {
		if a[i] == b[i] {
			continue
		}
		if c := strings.Compare(*a[i], *b[i]); c != 0 {
			return c
		}
	}
	return 0
}

func shownValues(labels []*string) []*string {
	return slices.DeleteFunc(slices.Clone(labels), func(v *string) bool { return v == nil })
}

// write writes a part of a metric, behind the lines about it if it is the first.
func (w *textForm) write(p *Collected) error {
	rows := p.textRows
	if !slices.IsSortedFunc(rows, func(a, b textRow) int { return a.compare(&b) }) {
		slices.SortFunc(rows, func(a, b textRow) int { return a.compare(&b) })
	}
	x := p.metric
	w.name = x.Name
	if w.last != x.Name {
		w.last = x.Name
		w.head(x)
	}
	names := make([]string, len(p.order))
	for i, at := range p.order {
		names[i] = p.metric.Labels[at] + `="`
	}
	for i := range rows {
		r := &rows[i]
		if i > 0 && rows[i-1].compare(r) == 0 {
			return fmt.Errorf("metric %s has two series with the labels %s", x.Name, w.labels)
		}
		w.labelsOf(r, names)
		switch x.Type {
		case Summing:
			w.sample("_sum", "", r.value)
			w.count("_count", "", r.count)
		case Histogram:
			w.histogram(r.histogram)
		default:
			w.sample("", "", r.value)
		}
		if len(w.text) > textPiece {
			if err := w.flush(); err != nil {
				return err
			}
		}
	}
	return w.flush()
}

// textPiece is about how many bytes are written at once.
const textPiece = 32 << 10

func (w *textForm) flush() error {
	_, err := w.out.Write(w.text)
	w.text = w.text[:0]
	return err
}

// head writes the lines about a metric.
func (w *textForm) head(x *Metric) {
	name, is := x.Name, map[dto.MetricType]string{Gauge: "gauge", Counter: "counter", Histogram: "histogram", Summing: "summary"}[x.Type]
	if w.open && x.Type == Counter {
		var total bool
		if name, total = strings.CutSuffix(name, "_total"); !total {
			is = "unknown"
		}
	}
	w.text = append(w.text, "# HELP "...)
	w.text = append(w.text, name...)
	w.text = append(w.text, ' ')
	w.text = appendEscaped(w.text, x.Help, w.open)
	w.text = append(w.text, "\n# TYPE "...)
	w.text = append(w.text, name...)
	w.text = append(w.text, ' ')
	w.text = append(w.text, is...)
	w.text = append(w.text, '\n')
	if unit := x.unit(); w.open && unit != "" {
		w.text = append(w.text, "# UNIT "...)
		w.text = append(w.text, name...)
		w.text = append(w.text, ' ')
		w.text = appendEscaped(w.text, unit, true)
		w.text = append(w.text, '\n')
	}
}

// labelsOf writes the labels of a series aside, each behind the sign that comes before it.
func (w *textForm) labelsOf(r *textRow, names []string) {
	w.labels = w.labels[:0]
	sign := byte('{')
	for i, v := range r.labels {
		if v == nil {
			continue
		}
		w.labels = append(w.labels, sign)
		w.labels = append(w.labels, names[i]...)
		w.labels = appendEscaped(w.labels, *v, true)
		w.labels = append(w.labels, '"')
		sign = ','
	}
}

// start begins the line of a sample with a label le besides, unless that is empty.
func (w *textForm) start(suffix, le string) {
	w.text = append(w.text, w.name...)
	w.text = append(w.text, suffix...)
	w.text = append(w.text, w.labels...)
	switch {
	case le == "" && len(w.labels) == 0:
		w.text = append(w.text, ' ')
		return
	case le != "" && len(w.labels) == 0:
		w.text = append(w.text, '{')
	case le != "":
		w.text = append(w.text, ',')
	}
	if le != "" {
		w.text = append(w.text, `le="`...)
		w.text = append(w.text, le...)
		w.text = append(w.text, '"')
	}
	w.text = append(w.text, "} "...)
}

func (w *textForm) sample(suffix, le string, v float64) {
	w.start(suffix, le)
	w.text = append(w.appendFloat(w.text, v), '\n')
}

// count writes a number of observations, which the older format has as any other.
func (w *textForm) count(suffix, le string, n uint64) {
	if !w.open {
		w.sample(suffix, le, float64(n))
		return
	}
	w.start(suffix, le)
	w.text = append(strconv.AppendUint(w.text, n, 10), '\n')
}

func (w *textForm) histogram(h *latency.Histogram) {
	count, sum := h.Classic(func(bound float64, under uint64) {
		w.count("_bucket", string(w.appendFloat(nil, bound)), under)
	})
	w.count("_bucket", "+Inf", count)
	w.sample("_sum", "", sum)
	w.count("_count", "", count)
}

func (w *textForm) appendFloat(b []byte, v float64) []byte {
	switch {
	case math.IsInf(v, 0) || math.IsNaN(v):
		return strconv.AppendFloat(b, v, 'g', -1, 64)
	case v == math.Trunc(v) && math.Abs(v) < 1e6: // most: flags and counts
		b = strconv.AppendInt(b, int64(v), 10)
	default:
		at := len(b)
		if b = strconv.AppendFloat(b, v, 'g', -1, 64); bytes.ContainsAny(b[at:], "e.") {
			return b
		}
	}
	if w.open {
		b = append(b, ".0"...)
	}
	return b
}

// appendEscaped is s without what would end its line, or with quotes the text in quotes that it is.
func appendEscaped(b []byte, s string, quotes bool) []byte {
	if strings.IndexByte(s, '\\') < 0 && strings.IndexByte(s, '\n') < 0 && (!quotes || strings.IndexByte(s, '"') < 0) {
		return append(b, s...)
	}
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\n':
			b = append(b, `\n`...)
		case c == '\\' || quotes && c == '"':
			b = append(b, '\\', c)
		default:
			b = append(b, c)
		}
	}
	return b
}
