package report

import (
	"fmt"
	"slices"
	"strings"
)

// text is the one sentence of a verdict: what it comes to, what it leaves out of account,
// and how much was not looked at.
func (r *Report) text(v Verdict) string {
	parts := []string{r.claim(v)}
	if s := Summarize(r).skippedText(); s != "" {
		parts = append(parts, s)
	}
	return strings.Join(parts, "; ")
}

// claim is the sentence without what was skipped. It never says that nothing failed where
// something did that does not count.
func (r *Report) claim(v Verdict) string {
	var first string
	switch {
	case v.Failures > 0:
		first = fmt.Sprintf("%s at %s", plural(v.Failures, "broken requirement"), plural(r.failingEndpoints(v), "endpoint"))
	case v.Undecided > 0:
		first = fmt.Sprintf("%s, but %s could not be decided", r.kept(v), plural(v.Undecided, "result"))
	case len(r.Results) == 0:
		return "nothing was selected"
	case v.Verified == 0:
		first = "nothing was decided: no result of an active endpoint is a pass or a failure"
	default:
		first = fmt.Sprintf("%s: %s verified", r.kept(v), plural(v.Verified, "result"))
	}
	return strings.Join(append([]string{first}, r.aside(v)...), "; ")
}

// kept says what was not broken, and no more than that.
func (r *Report) kept(v Verdict) string {
	requirements := r.requirementIndex()
	broken := map[Level]bool{}
	for _, res := range r.Results {
		if i, ok := requirements[res.Requirement]; ok && (res.Outcome == Fail || res.Outcome == Waived || res.Outcome == Flaky) {
			broken[r.Requirements[i].Level] = true
		}
	}
	switch {
	case len(broken) == 0:
		return "nothing failed"
	case v.FailOn == Must && !broken[Must]:
		return "no MUST is broken"
	case v.FailOn == Should && !broken[Must] && !broken[Should]:
		return "no MUST or SHOULD is broken"
	}
	return "no failure counts"
}

// aside lists what changes nothing, each with its count.
func (r *Report) aside(v Verdict) []string {
	endpoints, requirements := r.endpointIndex(), r.requirementIndex()
	broken := map[Level]int{}
	idle, undecided, flaky := 0, 0, 0
	for i, counts := range r.counted(v) {
		res := r.Results[i]
		e, known := endpoints[res.Endpoint]
		q, stated := requirements[res.Requirement]
		switch {
		case !known || !stated:
		case res.Outcome == Flaky:
			flaky++
		case counts:
		case res.Outcome == Inconclusive:
			undecided++
		case res.Outcome != Fail:
		case !r.Endpoints[e].Active():
			idle++
		default:
			broken[r.Requirements[q].Level]++
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
	say(v.Known, "failure known before", "failures known before")
	say(v.KnownUndecided, "undecided as before", "undecided as before")
	if v.Failures > 0 {
		say(v.Undecided, "undecided", "undecided")
	}
	say(undecided, "undecided does not count", "undecided do not count")
	return out
}

func (r *Report) failingEndpoints(v Verdict) int {
	var ids []string
	for i, counts := range r.counted(v) {
		if res := r.Results[i]; counts && res.Outcome == Fail && !res.Known {
			ids = append(ids, res.Endpoint)
		}
	}
	slices.Sort(ids)
	return len(slices.Compact(ids))
}
