package report

import "fmt"

// cellLegend says what a cell of a table of regions means.
const cellLegend = "A cell shows the worst outcome there and how many of all its results have it: " +
	"✗ 3/100 is 3 of 100 broken; ✓ 92/100 is 92 kept and 8 skipped or not applicable; " +
	"– stands where something is broken at an endpoint that is not active, which does not count."

// cell is the results that one cell of a table stands for.
type cell struct {
	Counts
	idle int // skipped because what is broken is of an endpoint that is not active
}

func (c *cell) add(res Result) {
	c.Counts.add(res.Outcome)
	if res.Outcome == Skip && res.Skip == NotActive {
		c.idle++
	}
}

// Worst is that of the counts, but no pass hides that something is broken.
func (c cell) Worst() Outcome {
	if worst := c.Counts.Worst(); worst != Pass || c.idle == 0 {
		return worst
	}
	return Skip
}

// brief is the worst outcome and how many of all results have it, such as "✗ 2/16".
func (c cell) brief() string {
	worst := c.Worst()
	if worst == "" {
		return "none"
	}
	if n := c.Of(worst); n != c.Total() {
		return fmt.Sprintf("%s %d/%d", worst.Symbol(), n, c.Total())
	}
	return fmt.Sprintf("%s %d", worst.Symbol(), c.Total())
}
