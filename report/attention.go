package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// undecided is what could not be told at one endpoint. One cause there usually leaves many
// requirements open, so that views tell it once.
type undecided struct {
	Endpoint string
	Results  []Result
}

// text says how much is open and why.
func (u undecided) text() string {
	why, kinds := u.commonest()
	word := ""
	if kinds > 1 {
		word = "most often: "
	}
	return fmt.Sprintf("%s could not be decided: %s%s", plural(len(u.Results), "requirement"), word, why)
}

// commonest returns what most of the results say, the first of what is said as often, and
// how many different things are said.
func (u undecided) commonest() (string, int) {
	n := map[string]int{}
	best := ""
	for _, res := range u.Results {
		n[res.openLine()]++
	}
	for _, res := range u.Results {
		if line := res.openLine(); n[line] > n[best] {
			best = line
		}
	}
	return best, len(n)
}

// openLine is what a result that could not be decided has to say, its reason included.
func (res Result) openLine() string {
	line, why := res.line(), res.Reason.String()
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
func (r *Report) attention() ([]Result, []undecided) {
	requirements := r.requirementIndex()
	counted := r.counted(r.judged())
	type ranked struct {
		Result
		rank int
	}
	var found []ranked
	var open []undecided
	place := map[string]int{}
	for i, res := range r.Results {
		switch {
		case !res.Outcome.NeedsAttention():
		case res.Outcome == Inconclusive:
			at, ok := place[res.Endpoint]
			if !ok {
				at = len(open)
				place[res.Endpoint] = at
				open = append(open, undecided{Endpoint: res.Endpoint})
			}
			open[at].Results = append(open[at].Results, res)
		default:
			level := Level("")
			if at, ok := requirements[res.Requirement]; ok {
				level = r.Requirements[at].Level
			}
			found = append(found, ranked{res, res.rank(level, counted[i])})
		}
	}
	slices.SortStableFunc(found, func(a, b ranked) int { return cmp.Compare(a.rank, b.rank) })
	out := make([]Result, len(found))
	for i, x := range found {
		out[i] = x.Result
	}
	return out, open
}

// rank orders results by how much they want somebody's attention, the least first.
func (res Result) rank(l Level, counts bool) int {
	rank := 100*slices.Index(Outcomes(), res.Outcome) + 10*slices.Index(Levels(), l)
	if res.Reason.String() == "" {
		rank++
	}
	if !counts || res.Known {
		rank += 1000
	}
	return rank
}
