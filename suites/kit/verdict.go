package kit

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"prober/probe/reason"
	"prober/report"
)

// Verdict is what a piece of evidence, or a whole spec, came to. The zero value is one that
// was never made.
type Verdict struct {
	// Outcome is Pass, Fail, or what says that there is no telling: Inconclusive, NotApplicable
	// or Skip. A spec may also be Flaky.
	Outcome report.Outcome
	Skip    report.SkipReason // of outcome Skip
	Message string            // what was expected and seen, or why there is no telling; empty for a pass without a note
	Mismatch
}

// Mismatch is what is behind an expectation that was not met.
type Mismatch struct {
	Expected string        // "kms.example.test to have SSLv3 rejected"
	Got      string        // what was seen instead, in one line
	Reason   reason.Reason // the finding, as metrics name it; None where there is none
	// Reproduce is a command line that shows it; empty if there is none.
	Reproduce string
	// Dated: the command works for minutes only.
	Dated bool
	// Passing: it may be gone at another attempt.
	Passing bool
}

// told reports whether evidence was enough for a verdict.
func (v Verdict) told() bool { return v.Outcome == report.Pass || v.Outcome == report.Fail }

// Error makes a verdict the third answer of a matcher, beside kept and broken: why it cannot
// tell.
func (v Verdict) Error() string { return v.Message }

// CannotTell says why a piece of evidence is not enough for a verdict.
func CannotTell(why string) error { return cannotTell("%s", why) }

func cannotTell(format string, args ...any) error {
	return Verdict{Outcome: report.Inconclusive, Message: fmt.Sprintf(format, args...)}
}

// NotApplicable says why nothing is demanded here.
func NotApplicable(why string) error { return Verdict{Outcome: report.NotApplicable, Message: why} }

// Skip says why something is not judged in this run.
func Skip(reason report.SkipReason, why string) error {
	return Verdict{Outcome: report.Skip, Skip: reason, Message: why}
}

// undecided is the verdict that an error is: whatever went wrong, there is no telling.
func undecided(err error) Verdict {
	v := Verdict{Outcome: report.Inconclusive, Message: err.Error()}
	errors.As(err, &v)
	return v
}

// folded is what the verdicts on several pieces of evidence come to together.
type folded struct {
	broken *Verdict // what breaks the requirement; nil when nothing does
	untold *Verdict // the first that could not tell; nil when all could
	told   bool     // one could, or there was nothing to tell
}

// fold says what verdicts come to: broken if one shows it, kept only if all can tell, else
// undecided. Where several are broken the first decides; those that say the same of other
// addresses add their lines to its message.
func fold(verdicts []Verdict) folded {
	f := folded{told: len(verdicts) == 0 || slices.ContainsFunc(verdicts, Verdict.told)}
	for _, v := range verdicts {
		switch {
		case !v.told() && f.untold == nil:
			f.untold = &v
		case v.Outcome == report.Fail && f.broken == nil:
			f.broken = &v
		case v.Outcome == report.Fail && v.Expected != "" && v.Expected == f.broken.Expected:
			for line := range strings.SplitSeq(v.Message, "\n") {
				if strings.HasPrefix(line, "  ") {
					f.broken.Message += "\n" + line
				}
			}
			f.broken.Got += "; " + v.Got
		}
	}
	return f
}

// some folds verdicts of which one is enough: kept if one is, broken only if all can tell,
// else undecided.
func some(verdicts []Verdict) Verdict {
	for _, is := range []func(Verdict) bool{func(v Verdict) bool { return v.Outcome == report.Pass }, func(v Verdict) bool { return !v.told() }} {
		if i := slices.IndexFunc(verdicts, is); i >= 0 {
			return verdicts[i]
		}
	}
	return verdicts[0]
}
