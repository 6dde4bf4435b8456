package page

import (
	"fmt"
	"strings"

	"prober/history"
	"prober/monitor/phrase"
	"prober/monitor/view"
	"prober/probe/reason"
)

// newTimeline is the picture of results over a longer time: a bar for each piece of it, as bad as the
// worst result within. Where nothing was probed there is none.
func newTimeline(cells []history.Cell) strip {
	bars := make([]bar, len(cells))
	var counts [view.NumOutcomes]int
	empty := 0
	for i, c := range cells {
		if c.Counts.All() == 0 {
			empty++
			bars[i].none = true
			continue
		}
		worst, _ := c.Counts.Worst()
		bars[i].state = worst
		counts[worst]++
	}
	s := barsOf(bars)
	if len(cells) > 0 {
		s.Label = fmt.Sprintf("%d %s %s, each by its worst result: %d ok, %d degraded, %d fail, %d unknown, %d not probed", len(cells), phrase.Plural(len(cells), "time", "times"),
			phrase.Exactly(cells[0].To.Sub(cells[0].From)), counts[reason.OK], counts[reason.Degraded], counts[reason.Fail], counts[reason.Unknown], empty)
	}
	return s
}

// countsInWords tells the results of each outcome that there were some of.
func countsInWords(c *history.Counts) string {
	var words []string
	for _, o := range []reason.Outcome{reason.OK, reason.Degraded, reason.Fail, reason.Unknown} {
		if c[o] > 0 {
			words = append(words, fmt.Sprintf("%d %v", c[o], o))
		}
	}
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, ", ")
}
