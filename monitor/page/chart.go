package page

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"prober/history"
	"prober/monitor/phrase"
	"prober/probe"
)

// chart is a picture of latency by phase over time: a stack of the mean times of the phases for each
// roll-up, with a line for what 95 % of the whole times do not exceed. Times without a probe are
// gaps. The plot is stretched to the width of the screen; the texts beside it are not.
type chart struct {
	Areas        []chartArea
	Line         string // path of the 95 % line
	Rows         []mark // grid lines, with their latency
	Columns      []mark // with their time
	Title        string
	Desc         string // what can be read off the picture, in words
	Height, Plot int    // of the picture and of the plot in it
	Table        []chartRow
	Step         string
}

// chartArea is a phase, or the whole where the phases are not known.
type chartArea struct {
	Name string
	D    string
}

// mark is a place on an axis. At is in pixels from the top, or in percent from the left.
type mark struct {
	At     float64
	Label  string
	Anchor string
}

// chartRow is a row of the table that says what the picture shows.
type chartRow struct {
	At               time.Time
	Results, Phases  string
	Median, P95, Max string
}

const (
	chartWidth  = 1000 // of the plot, in its own units
	chartPlot   = 210
	chartHeight = 232
	whole       = "whole"
)

// newChart draws the roll-ups of a span that ends at now.
func newChart(s span, step history.Step, rollups []history.Rollup, now time.Time) *chart {
	from := now.Add(-s.length)
	c := &chart{Height: chartHeight, Plot: chartPlot, Title: "Latency by phase over " + s.Words, Step: phrase.Exactly(step.Duration()), Columns: timeMarks(s, from, now)}
	var sum history.Sums
	top := 0.0
	for i := range rollups {
		r := &rollups[i]
		sum.Add(&r.Sums)
		top = max(top, sumOf(stackOf(&r.Sums)), r.Total.Quantile(0.95).Seconds())
	}
	c.Desc = describe(&sum)
	if top == 0 {
		return c
	}
	scale, rows := latencyMarks(top)
	c.Rows = rows
	c.draw(rollups, from, now, scale)
	c.Table = chartRows(rollups, s.row)
	return c
}

// layer is a piece of a stack.
type layer struct {
	name    string
	seconds float64
}

// stackOf are the mean times of the phases, or of the whole where they are not known.
func stackOf(s *history.Sums) []layer {
	var stack []layer
	for _, p := range probe.TimedPhases() {
		if x := s.Phases[p]; x.Count > 0 {
			stack = append(stack, layer{p.String(), x.Mean().Seconds()})
		}
	}
	if len(stack) == 0 && s.Total.Count > 0 {
		stack = append(stack, layer{whole, s.Total.Mean().Seconds()})
	}
	return stack
}

func sumOf(stack []layer) float64 {
	sum := 0.0
	for _, l := range stack {
		sum += l.seconds
	}
	return sum
}

// draw makes the paths. scale is the latency at the top of the plot.
func (c *chart) draw(rollups []history.Rollup, from, to time.Time, scale float64) {
	x := func(t time.Time) float64 {
		part := float64(t.Sub(from)) / float64(to.Sub(from))
		return round1(chartWidth * min(max(part, 0), 1))
	}
	height := func(seconds float64) float64 { return chartPlot * seconds / scale }
	areas := map[string]*strings.Builder{}
	var line strings.Builder
	for i := range rollups {
		r := &rollups[i]
		left, width := x(r.Start), round1(x(r.End())-x(r.Start))
		if width <= 0 {
			continue
		}
		bottom := float64(chartPlot)
		for _, l := range stackOf(&r.Sums) {
			if areas[l.name] == nil {
				areas[l.name] = &strings.Builder{}
			}
			h := height(l.seconds)
			_, _ = fmt.Fprintf(areas[l.name], "M%g %gh%gv-%gh-%gz", left, round1(bottom), width, round1(h), width)
			bottom -= h
		}
		if p95 := r.Total.Quantile(0.95); p95 > 0 {
			_, _ = fmt.Fprintf(&line, "M%g %gh%g", left, round1(chartPlot-height(p95.Seconds())), width)
		}
	}
	for _, name := range chartLayers() {
		if d := areas[name]; d != nil {
			c.Areas = append(c.Areas, chartArea{name, d.String()})
		}
	}
	c.Line = line.String()
}

// chartLayers are the layers of a stack, from the ground up.
func chartLayers() []string {
	var names []string
	for _, p := range probe.TimedPhases() {
		names = append(names, p.String())
	}
	return append(names, whole)
}

// latencyMarks finds round latencies for the lines of a grid that has room for top, and the one at its
// upper edge.
func latencyMarks(top float64) (scale float64, ticks []mark) {
	step := math.Pow(10, math.Floor(math.Log10(top)))
	for _, part := range []float64{0.2, 0.25, 0.5, 1, 2} {
		if top <= 5*part*step {
			step *= part
			break
		}
	}
	n := math.Ceil(top / step)
	for i := 1.0; i <= n; i++ {
		ticks = append(ticks, mark{At: round1(chartPlot * (1 - i/n)), Label: latencyLabel(i * step)})
	}
	return n * step, ticks
}

// latencyLabel writes a round latency in its unit.
func latencyLabel(seconds float64) string {
	switch {
	case seconds < 0.001:
		return fmt.Sprintf("%.4g µs", seconds*1e6)
	case seconds < 1:
		return fmt.Sprintf("%.4g ms", seconds*1e3)
	}
	return fmt.Sprintf("%.4g s", seconds)
}

// timeMarks are the marks below the plot: few enough for a phone.
func timeMarks(s span, from, to time.Time) []mark {
	layout := "2 Jan"
	if s.length <= day {
		layout = "15:04"
	}
	const parts = 4
	var ticks []mark
	for i := range parts + 1 {
		at := from.Add(s.length * time.Duration(i) / parts)
		anchor := "middle"
		switch i {
		case 0:
			anchor = "start"
		case parts:
			at, anchor = to, "end"
		}
		ticks = append(ticks, mark{100 * float64(i) / parts, at.UTC().Format(layout), anchor})
	}
	return ticks
}

// describe puts the picture into words.
func describe(s *history.Sums) string {
	var phases []string
	for _, l := range stackOf(s) {
		if l.name != whole {
			phases = append(phases, l.name+" "+phrase.Latency(l.seconds))
		}
	}
	text := "No probe was answered in full."
	switch {
	case s.Total.Count > 0 && s.Total.Max == 0: // from afar the mean alone is known
		text = fmt.Sprintf("A probe took %s on average.", phrase.Latency(s.Total.Mean().Seconds()))
	case s.Total.Count > 0:
		text = fmt.Sprintf("%d %s in full: half took about %s or less, 95 %% about %s or less, the longest %s.", s.Total.Count, phrase.Plural(int(min(s.Total.Count, 2)), "answer", "answers"),
			phrase.Latency(s.Total.Quantile(0.5).Seconds()), phrase.Latency(s.Total.Quantile(0.95).Seconds()), phrase.Latency(s.Total.Max.Seconds()))
	}
	if len(phases) > 0 {
		text += " Mean of each phase, where it was completed: " + strings.Join(phases, ", ") + "."
	}
	return text
}

// chartRows sum roll-ups up to the rows of a table, newest first.
func chartRows(rollups []history.Rollup, length time.Duration) []chartRow {
	var rows []chartRow
	for i := 0; i < len(rollups); {
		start := rollups[i].Start.Truncate(length)
		var sum history.Sums
		for ; i < len(rollups) && rollups[i].Start.Before(start.Add(length)); i++ {
			sum.Add(&rollups[i].Sums)
		}
		rows = append(rows, newChartRow(start, &sum))
	}
	slices.Reverse(rows)
	return rows
}

func newChartRow(at time.Time, s *history.Sums) chartRow {
	r := chartRow{At: at, Results: countsInWords(&s.Counts)}
	var phases []string
	for _, p := range probe.TimedPhases() {
		if x := s.Phases[p]; x.Count > 0 {
			phases = append(phases, p.String()+" "+phrase.Latency(x.Mean().Seconds()))
		}
	}
	r.Phases = strings.Join(phases, ", ")
	if s.Total.Max > 0 {
		r.Median, r.P95, r.Max = phrase.Latency(s.Total.Quantile(0.5).Seconds()), phrase.Latency(s.Total.Quantile(0.95).Seconds()), phrase.Latency(s.Total.Max.Seconds())
	}
	return r
}
