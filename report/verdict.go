package report

import (
	"errors"
	"fmt"
	"slices"
)

// Exit codes that a verdict stands for. Scripts rely on the numbers.
const (
	ExitPass      = 0 // something was verified and nothing failed
	ExitFail      = 1 // a binding requirement is broken
	ExitUndecided = 3 // nothing was selected or decided, or something stayed unknown while nothing failed
)

// Policy says what a verdict is strict about. The zero Policy fails on MUST and SHOULD.
type Policy struct {
	// FailOn is the least binding level whose failures count: Should, which is what zero
	// means, or Must. REPORT requirements demand nothing and never count.
	FailOn Level
	// OnlyNew excuses failures that Baseline shows already. What could not be decided
	// counts all the same.
	OnlyNew bool
	// Baseline is an earlier report; needed with OnlyNew, of no use without.
	Baseline *Report
}

// Verdict is what a run comes to.
type Verdict struct {
	// Outcome is Pass, Fail, or Inconclusive.
	Outcome  Outcome `json:"outcome"`
	ExitCode int     `json:"exit_code"`
	Text     string  `json:"text"` // one sentence without a full stop

	FailOn  Level `json:"fail_on"`
	OnlyNew bool  `json:"only_new,omitempty"`

	// Of the results that count: broken, broken and excused because they were before, and
	// not decided.
	Failures  int `json:"failures"`
	Known     int `json:"known"`
	Undecided int `json:"undecided"`
	// Verified is how many results of active endpoints came to a pass or a failure.
	Verified int `json:"verified"`
}

// binding reports whether the failures of a level count.
func (v Verdict) binding(l Level) bool {
	return l == Must || l == Should && v.FailOn == Should
}

// Judge works out the verdict by p, keeps it in r, and marks the failures that p excuses.
//
// Results count when their endpoint is active and their requirement is binding. A failure
// among them fails the run. Otherwise a result that could not be decided leaves it
// undecided, and so does a run in which nothing at all was verified. Skipped,
// not-applicable, flaky and waived results change nothing.
func (r *Report) Judge(p Policy) (Verdict, error) {
	if p.FailOn == "" {
		p.FailOn = Should
	}
	switch {
	case p.FailOn != Must && p.FailOn != Should:
		return Verdict{}, fmt.Errorf("cannot fail on %q: want %s or %s", p.FailOn, Must, Should)
	case p.OnlyNew && p.Baseline == nil:
		return Verdict{}, errors.New("nothing to tell new failures by: a baseline is needed")
	}
	before := map[pair]bool{}
	if p.OnlyNew {
		for _, res := range p.Baseline.Results {
			before[res.pair()] = res.Outcome == Fail
		}
	}
	v := Verdict{FailOn: p.FailOn, OnlyNew: p.OnlyNew}
	for i, counts := range r.counted(v) {
		res := &r.Results[i]
		res.Known = res.Outcome == Fail && before[res.pair()]
		switch {
		case res.Outcome == Fail && counts && res.Known:
			v.Known++
		case res.Outcome == Fail && counts:
			v.Failures++
		case res.Outcome == Inconclusive && counts:
			v.Undecided++
		}
	}
	v.Verified = r.verified()
	v.Outcome, v.ExitCode, v.Text = r.conclude(v)
	r.Verdict = &v
	return v, nil
}

// pair is what a result is about, by which results of two runs are matched.
type pair struct{ endpoint, requirement string }

func (res Result) pair() pair { return pair{res.Endpoint, res.Requirement} }

// counted tells of each result whether a failure there would count by v.
func (r *Report) counted(v Verdict) []bool {
	endpoints, requirements := r.endpointIndex(), r.requirementIndex()
	out := make([]bool, len(r.Results))
	for i, res := range r.Results {
		e, known := endpoints[res.Endpoint]
		q, stated := requirements[res.Requirement]
		out[i] = known && stated && r.Endpoints[e].Active() && v.binding(r.Requirements[q].Level)
	}
	return out
}

// verified counts the results of active endpoints that came to a pass or a failure.
func (r *Report) verified() int {
	endpoints := r.endpointIndex()
	n := 0
	for _, res := range r.Results {
		i, known := endpoints[res.Endpoint]
		if known && r.Endpoints[i].Active() && (res.Outcome == Pass || res.Outcome == Fail) {
			n++
		}
	}
	return n
}

func (r *Report) conclude(v Verdict) (Outcome, int, string) {
	known := ""
	if v.Known > 0 {
		known = fmt.Sprintf("; %s known before", plural(v.Known, "failure"))
	}
	switch {
	case v.Failures > 0:
		return Fail, ExitFail, fmt.Sprintf("%s at %s%s", plural(v.Failures, "broken requirement"), plural(r.failingEndpoints(v), "endpoint"), known)
	case v.Undecided > 0:
		return Inconclusive, ExitUndecided, fmt.Sprintf("nothing failed, but %s not be decided%s", plural(v.Undecided, "result")+" could", known)
	case len(r.Results) == 0:
		return Inconclusive, ExitUndecided, "nothing was selected"
	case v.Verified == 0:
		return Inconclusive, ExitUndecided, "nothing was decided: every result is skipped, not applicable, or of an endpoint that is not active"
	}
	return Pass, ExitPass, fmt.Sprintf("nothing failed: %s verified%s", plural(v.Verified, "result"), known)
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

// judged is the verdict of r, by the zero Policy when nobody has judged it.
func (r *Report) judged() Verdict {
	if r.Verdict != nil {
		return *r.Verdict
	}
	unjudged := *r
	unjudged.Results = slices.Clone(r.Results)
	v, _ := unjudged.Judge(Policy{}) // the zero Policy is never refused
	return v
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
