package render

import (
	"fmt"

	"prober/report"
)

// cellLegend says what a cell of a table of regions means.
const cellLegend = "A cell shows the worst outcome there and how many of all its results have it: " +
	"✗ 3/100 is 3 of 100 broken; ✓ 92/100 is 92 kept and 8 skipped or not applicable; " +
	"– stands where something is broken at an endpoint that is not active, which does not count."

// cell is the results that one cell of a table stands for.
type cell struct {
	report.Counts
	idle int // skipped because what is broken is of an endpoint that is not active
}

func (c *cell) add(row report.Row) {
	c.Add(row.Outcome)
	if row.Outcome == report.Skip && row.Skip == report.NotActive {
		c.idle++
	}
}

// Worst is that of the counts, but no pass hides that something is broken.
func (c cell) Worst() report.Outcome {
	if worst := c.Counts.Worst(); worst != report.Pass || c.idle == 0 {
		return worst
	}
	return report.Skip
}

// Brief is the worst outcome and how many of all results have it, such as "✗ 2/16".
func (c cell) Brief() string {
	worst := c.Worst()
	if worst == "" {
		return "none"
	}
	if n := c.Of(worst); n != c.Total() {
		return fmt.Sprintf("%s %d/%d", worst.Symbol(), n, c.Total())
	}
	return fmt.Sprintf("%s %d", worst.Symbol(), c.Total())
}
