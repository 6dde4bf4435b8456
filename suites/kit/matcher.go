package kit

import (
	"fmt"
	"strings"

	"github.com/onsi/gomega/types"

	"prober/report"
)

// demand is a Gomega matcher of one piece of evidence. It judges what it is given, which is
// wanted to match or not to; the error of Match says why it cannot tell.
type demand struct {
	judge func(actual any, want bool) Verdict
}

// Match implements Gomega's matcher.
func (d demand) Match(actual any) (bool, error) {
	v := d.judge(actual, true)
	if !v.told() {
		return false, v
	}
	return v.Outcome == report.Pass, nil
}

// FailureMessage says what was expected and seen.
func (d demand) FailureMessage(actual any) string { return d.judge(actual, true).Message }

// NegatedFailureMessage says what was not expected and seen.
func (d demand) NegatedFailureMessage(actual any) string { return d.judge(actual, false).Message }

// judgedBy is the verdict of a matcher, which may be somebody else's: its message says it all.
func judgedBy(m types.GomegaMatcher, actual any, want bool) Verdict {
	if d, ok := m.(demand); ok {
		return d.judge(actual, want)
	}
	switch ok, err := m.Match(actual); {
	case err != nil:
		return undecided(err)
	case ok == want:
		return Verdict{Outcome: report.Pass}
	case want:
		return Verdict{Outcome: report.Fail, Message: m.FailureMessage(actual)}
	}
	return Verdict{Outcome: report.Fail, Message: m.NegatedFailureMessage(actual)}
}

// Not succeeds where m does not. What m cannot tell its negation cannot tell either.
func Not(m types.GomegaMatcher) types.GomegaMatcher {
	return demand{func(actual any, want bool) Verdict { return judgedBy(m, actual, !want) }}
}

// Saying is m with a line before the message of its failures: which rule holds, or what kind
// of request it was.
func Saying(line string, m types.GomegaMatcher) types.GomegaMatcher {
	return demand{func(actual any, want bool) Verdict {
		v := judgedBy(m, actual, want)
		if v.Outcome == report.Fail {
			v.Message = line + "\n" + v.Message
		}
		return v
	}}
}

// seen is what a matcher sees in a piece of evidence, whether that fits or not.
type seen struct {
	want   bool // to fit: only what does not do as wanted is told
	fits   bool
	object string // what the predicate ends with, where that depends on the evidence
	// lines are for people, each one beginning with two blanks; a command line in them begins
	// with "  $ ".
	lines []string
	Mismatch
}

func (s *seen) addf(format string, args ...any) {
	s.lines = append(s.lines, fmt.Sprintf("  "+format, args...))
}

// show adds a command line that shows what was seen; an empty one is none.
func (s *seen) show(command string) {
	if command != "" {
		s.addf("$ %s", command)
	}
}

// matcher makes a matcher of evidence of type E. Its message is a sentence about a subject,
// "kms.example.test over https", of which it wants something, "be healthy". look fills in what
// is seen, or says why it cannot tell.
func matcher[E any](subject func(E) string, wants string, look func(e E, s *seen) error) types.GomegaMatcher {
	return demand{func(actual any, want bool) Verdict {
		e, ok := actual.(E)
		if !ok {
			return undecided(cannotTell("want a %T, got a %T", e, actual))
		}
		s := seen{want: want}
		switch err := look(e, &s); {
		case err != nil:
			return undecided(err)
		case s.fits == want:
			return Verdict{Outcome: report.Pass}
		}
		to := " to "
		if !want {
			to = " not to "
		}
		s.Expected, s.Got = subject(e)+to+wants+s.object, s.withoutCommands()
		return Verdict{
			Outcome: report.Fail, Message: strings.Join(append([]string{"expected " + s.Expected}, s.lines...), "\n"), Mismatch: s.Mismatch,
		}
	}}
}

// withoutCommands is what was seen in one line.
func (s *seen) withoutCommands() string {
	var got []string
	for _, line := range s.lines {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "$ ") {
			got = append(got, line)
		}
	}
	return strings.Join(got, "; ")
}
