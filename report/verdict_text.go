package report

import (
	"fmt"
	"strings"
	"time"

	"prober/prose"
)

// Claim is the sentence of the verdict without what was skipped. It never says that nothing
// failed where something did that does not count.
func (r *Report) Claim() string {
	v := r.Judged()
	return claim(v, r.rows(v.FailOn))
}

func claim(v Verdict, rows []Row) string {
	var first string
	switch {
	case v.Failures > 0:
		first = fmt.Sprintf("%s at %s", prose.Plural(v.Failures, "broken requirement"), prose.Plural(failingEndpoints(rows), "endpoint"))
	case v.Undecided > 0:
		first = fmt.Sprintf("%s, but %s could not be decided", kept(v, rows), prose.Plural(v.Undecided, "result"))
		first += brokenBefore(rows, false)
	case len(rows) == 0:
		return "nothing was selected"
	case v.Verified == 0:
		first = "nothing was decided: no result of an active endpoint is a pass or a failure"
	default:
		first = fmt.Sprintf("%s: %s verified", kept(v, rows), prose.Plural(v.Verified, "result"))
	}
	if v.Known > 0 {
		still := fmt.Sprintf("still broken: %d", v.Known)
		if from := since(rows); !from.IsZero() { // a report of old does not tell
			still += " since " + from.UTC().Format(time.DateOnly)
		}
		if v.Failures > 0 {
			first, still = still, first
		}
		first = still + "; " + first
	}
	return strings.Join(append([]string{first}, aside(v, rows)...), "; ")
}

// since is when the first of the failures began that are excused, or no time.
func since(rows []Row) time.Time {
	var first time.Time
	for _, row := range rows {
		if row.Counts && row.Known && row.Outcome == Fail && !row.Since.IsZero() && (first.IsZero() || row.Since.Before(first)) {
			first = row.Since
		}
	}
	return first
}

// brokenBefore says how many of the results that count and could not be decided, as before or not, were broken when
// they last were, and since when the first of them; nothing where none was.
func brokenBefore(rows []Row, asBefore bool) string {
	n, first := 0, time.Time{}
	for _, row := range rows {
		if row.brokenUndecided() && row.Known == asBefore {
			if n++; first.IsZero() || row.Since.Before(first) {
				first = row.Since
			}
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" (broken when last decided: %d, since %s)", n, first.UTC().Format(time.DateOnly))
}

// kept says what was not broken, and no more than that.
func kept(v Verdict, rows []Row) string {
	broken := map[Level]bool{}
	for _, row := range rows {
		if row.Outcome == Fail || row.Outcome == Waived || row.Outcome == Flaky {
			broken[row.Q.Level] = true
		}
	}
	switch {
	case len(broken) == 0:
		return "nothing failed"
	case v.FailOn == Must && !broken[Must]:
		return "no MUST is broken"
	case v.FailOn == Should && !broken[Must] && !broken[Should]:
		return "no MUST or SHOULD is broken"
	case v.Known > 0:
		return "nothing new failed"
	}
	return "no failure counts"
}

// aside lists what changes nothing, each with its count.
func aside(v Verdict, rows []Row) []string {
	broken := map[Level]int{}
	idle, undecided, flaky := 0, 0, 0
	for _, row := range rows {
		switch {
		case row.Outcome == Flaky:
			flaky++
		case row.Counts:
		case row.Outcome == Inconclusive:
			undecided++
		case row.Outcome != Fail:
		case !row.E.Active():
			idle++
		default:
			broken[row.Q.Level]++
		}
	}
	var out []string
	say := func(n int, one, many string) {
		switch {
		case n == 1:
			out = append(out, "1 "+one)
		case n > 1:
			out = append(out, fmt.Sprintf("%d %s", n, many))
		}
	}
	for _, l := range Levels() {
		say(broken[l], fmt.Sprintf("broken %s does not count", l), fmt.Sprintf("broken %ss do not count", l))
	}
	say(idle, "failure at an endpoint that is not active does not count", "failures at endpoints that are not active do not count")
	say(v.Waived, "waived", "waived")
	say(flaky, "flaky", "flaky")
	asBefore := "undecided as before" + brokenBefore(rows, true)
	say(v.KnownUndecided, asBefore, asBefore)
	if v.Failures > 0 {
		open := "undecided" + brokenBefore(rows, false)
		say(v.Undecided, open, open)
	}
	say(undecided, "undecided does not count", "undecided do not count")
	return out
}

func failingEndpoints(rows []Row) int {
	failing := map[string]bool{}
	for _, row := range rows {
		if row.Counts && row.Outcome == Fail && !row.Known {
			failing[row.Endpoint] = true
		}
	}
	return len(failing)
}
