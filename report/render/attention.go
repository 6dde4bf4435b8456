package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"prober/prose"
	"prober/report"
)

// undecided is what could not be told at one endpoint. One cause there usually leaves many
// requirements open, so that views tell it once.
type undecided struct {
	endpoint string
	rows     []report.Row
}

// text says how much is open and why.
func (u undecided) text() string {
	why, kinds := u.commonest(openLine)
	word := ""
	if kinds > 1 {
		word = "most often: "
	}
	return fmt.Sprintf("%s: %s%s", u.count(), word, why)
}

// count says how much is open: "2 requirements could not be decided".
func (u undecided) count() string {
	return prose.Plural(len(u.rows), "requirement") + " could not be decided"
}

// commonest returns what most of the results say, the first of what is said as often, and
// how many different things are said.
func (u undecided) commonest(says func(report.Row) string) (string, int) {
	n := map[string]int{}
	for _, row := range u.rows {
		n[says(row)]++
	}
	best := ""
	for _, row := range u.rows {
		if line := says(row); n[line] > n[best] {
			best = line
		}
	}
	return best, len(n)
}

// openLine is what a result that could not be decided has to say, its reason included.
func openLine(row report.Row) string {
	line, why := row.Line(), row.Reason.String()
	if why == "" || strings.Contains(line, why) {
		return line
	}
	return why + ": " + line
}

// attention lists what somebody should look at: one by one what fails, is flaky or waived,
// and by endpoint what could not be decided.
//
// Failures come first, then what changes no verdict. Within an outcome the most binding
// come first, and those with a reason, which tend to be the cause of the others.
func (v *view) attention() (found []report.Row, open []undecided) {
	for _, row := range v.rows {
		switch {
		case !row.Outcome.NeedsAttention():
		case row.Outcome == report.Inconclusive:
			at := slices.IndexFunc(open, func(u undecided) bool { return u.endpoint == row.Endpoint })
			if at < 0 {
				at = len(open)
				open = append(open, undecided{endpoint: row.Endpoint})
			}
			open[at].rows = append(open[at].rows, row)
		default:
			found = append(found, row)
		}
	}
	slices.SortStableFunc(found, func(a, b report.Row) int { return cmp.Compare(rank(a), rank(b)) })
	return found, open
}

// rank orders results by how much they want somebody's attention, the least first.
func rank(row report.Row) int {
	rank := 100*slices.Index(report.Outcomes(), row.Outcome) + 10*slices.Index(report.Levels(), row.Q.Level)
	if row.Reason.String() == "" {
		rank++
	}
	if !row.Counts || row.Known {
		rank += 1000
	}
	return rank
}
