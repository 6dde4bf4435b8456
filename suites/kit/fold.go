package kit

import (
	"slices"
	"strings"

	"prober/report"
)

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
