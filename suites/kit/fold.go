package kit

import (
	"errors"
	"strings"

	"prober/report"
)

// piece is the verdict on one piece of evidence.
type piece struct {
	answer  answer
	message string
	Mismatch
	// Of an untold one.
	outcome report.Outcome
	skip    report.SkipReason
}

// answer is one of the three that a matcher has.
type answer uint8

const (
	kept answer = iota
	broken
	untold
)

// undecided is the verdict of an error, which says why there is none.
func undecided(err error) piece {
	u := untoldBy(err)
	return piece{answer: untold, outcome: u.Outcome, skip: u.Skip, message: u.Why}
}

// folded is what pieces come to together.
type folded struct {
	told   bool   // one could tell, so that there is a verdict
	broken *piece // what breaks the requirement; nil when nothing does
	untold *piece // the first that could not tell; nil when all could
}

// fold says what pieces come to: broken if one shows it, kept only if all can tell, else
// undecided. Where several are broken the first decides; those that say the same of other
// addresses add their lines to its message.
func fold(pieces []piece) folded {
	f := folded{told: len(pieces) == 0}
	for i, p := range pieces {
		switch p.answer {
		case untold:
			if f.untold == nil {
				f.untold = &pieces[i]
			}
			continue
		case broken:
			if f.broken == nil {
				first := p
				f.broken = &first
			} else if p.Expected != "" && p.Expected == f.broken.Expected {
				_, lines, _ := strings.Cut(p.message, "\n")
				f.broken.message += "\n" + lines
				f.broken.Got += "; " + p.Got
			}
		}
		f.told = true
	}
	return f
}

// some folds pieces of which one is enough: kept if one is, broken only if all can tell, else
// undecided.
func some(pieces []piece) piece {
	for _, p := range pieces {
		if p.answer == kept {
			return p
		}
	}
	for _, p := range pieces {
		if p.answer == untold {
			return p
		}
	}
	return pieces[0]
}

// error is why a piece is untold, as [undecided] takes it.
func (p piece) error() error { return &Untold{p.outcome, p.skip, p.message} }

// untoldBy is the third answer of an error: whatever went wrong, nothing can be told.
func untoldBy(err error) *Untold {
	u := &Untold{Outcome: report.Inconclusive, Why: err.Error()}
	errors.As(err, &u)
	return u
}
