package report

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Policy says what a verdict is strict about. The zero Policy fails on MUST and SHOULD.
type Policy struct {
	// FailOn is the least binding level whose failures count: Should, which is what zero
	// means, or Must. REPORT requirements demand nothing and never count.
	FailOn Level
	// OnlyNew excuses failures that Baseline shows already, or had from the last run that decided
	// them, and what could not be decided there either. What was broken there and is undecided
	// now counts.
	OnlyNew bool
	// Baseline is an earlier report; needed with OnlyNew, of no use without.
	Baseline *Report
}

// Verdict is what a run comes to.
type Verdict struct {
	// Outcome is Pass, Fail, or Inconclusive.
	Outcome  Outcome  `json:"outcome"`
	ExitCode ExitCode `json:"exit_code"` // that of Outcome
	Text     string   `json:"text"`      // one sentence without a full stop

	FailOn  Level `json:"fail_on"`
	OnlyNew bool  `json:"only_new,omitempty"`

	// Of the results that count: broken, broken and excused because they were before, and
	// not decided.
	Failures  int `json:"failures"`
	Known     int `json:"known"`
	Undecided int `json:"undecided"`
	// Verified is how many results of active endpoints came to a pass or a failure.
	Verified int `json:"verified"`
	// KnownUndecided is how many results that count are undecided, as they were before.
	KnownUndecided int `json:"known_undecided,omitempty"`
	// BrokenUndecided is how many results that count are undecided, as before or not, and were broken when they last
	// could be decided.
	BrokenUndecided int `json:"broken_undecided,omitempty"`
	// NotCounted is how many failures change nothing: those of requirements that are not
	// binding, and of endpoints that are not active.
	NotCounted int `json:"not_counted,omitempty"`
	// Waived is how many failures somebody has decided to live with.
	Waived int `json:"waived,omitempty"`
}

// Judge works out the verdict by p, keeps it in r, and marks the results that p excuses.
//
// Results count when their endpoint is active and their requirement is binding. A failure
// among them fails the run. Otherwise a result that could not be decided leaves it
// undecided, and so does a run in which nothing at all was verified. Skipped,
// not-applicable, flaky and waived results change nothing. A failure whose waiver is over is
// never excused for having been there before.
func (r *Report) Judge(p Policy) (Verdict, error) {
	p.FailOn = cmp.Or(p.FailOn, Should)
	switch {
	case p.FailOn != Must && p.FailOn != Should:
		return Verdict{}, fmt.Errorf("cannot fail on %q: want %s or %s", p.FailOn, Must, Should)
	case p.OnlyNew && p.Baseline == nil:
		return Verdict{}, errors.New("nothing to tell new failures by: a baseline is needed")
	}
	before := map[pair]Result{}
	if p.OnlyNew {
		for _, res := range p.Baseline.Results {
			if res.Outcome == Fail && res.Since.IsZero() {
				res.Since = p.Baseline.Started
			}
			before[res.pair()] = res
		}
		for _, res := range r.Expired {
			delete(before, res.pair())
		}
	}
	for i := range r.Results {
		res := &r.Results[i]
		res.excuse(before[res.pair()])
	}
	v := r.standing(p.FailOn, p.OnlyNew)
	r.Verdict = &v
	return v, nil
}

// excuse marks a result that an earlier one excuses. Where that could not be decided, the one
// before it tells.
func (res *Result) excuse(before Result) {
	res.Known, res.Since = false, time.Time{}
	if !res.Outcome.excusable() {
		return
	}
	res.Since = before.Since
	res.Known = before.Outcome == res.Outcome || res.Outcome == Fail && !res.Since.IsZero()
}

// excusable reports whether a result is no news when an earlier run shows the same.
func (o Outcome) excusable() bool { return o == Fail || o == Inconclusive }

// standing is what the results of r come to, with the excuses that are marked.
func (r *Report) standing(failOn Level, onlyNew bool) Verdict {
	v := Verdict{FailOn: failOn, OnlyNew: onlyNew}
	rows := r.rows(failOn)
	for _, row := range rows {
		if row.E.Active() && (row.Outcome == Pass || row.Outcome == Fail) {
			v.Verified++
		}
		if row.brokenUndecided() {
			v.BrokenUndecided++
		}
		switch {
		case row.Outcome == Waived:
			v.Waived++
		case row.Outcome == Fail && !row.Counts:
			v.NotCounted++
		case row.Outcome == Fail && row.Known:
			v.Known++
		case row.Outcome == Fail:
			v.Failures++
		case row.Outcome == Inconclusive && row.Counts && row.Known:
			v.KnownUndecided++
		case row.Outcome == Inconclusive && row.Counts:
			v.Undecided++
		}
	}
	switch {
	case v.Failures > 0:
		v.Outcome = Fail
	case v.Undecided > 0, v.Verified == 0:
		v.Outcome = Inconclusive
	default:
		v.Outcome = Pass
	}
	v.ExitCode = v.Outcome.ExitCode()
	v.Text = claim(v, rows)
	if s := Summarize(r).skipped(""); s != "" {
		v.Text += "; " + s
	}
	return v
}

// Judged is the verdict of r by the policy that it was judged by, or by the zero [Policy]
// when nobody has judged it. It is worked out anew: what a file says its verdict is, is no
// evidence.
func (r *Report) Judged() Verdict {
	if r.Verdict != nil {
		return r.standing(r.Verdict.FailOn, r.Verdict.OnlyNew)
	}
	unjudged := *r
	unjudged.Results = slices.Clone(r.Results)
	v, _ := unjudged.Judge(Policy{}) // the zero Policy is never refused
	return v
}
