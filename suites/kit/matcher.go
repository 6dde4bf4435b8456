package kit

import (
	"fmt"
	"strings"

	"github.com/onsi/gomega/types"
)

// matcher judges a piece of evidence of type E. It is a Gomega matcher: the error of Match
// says why it cannot tell.
type matcher[E any] struct {
	subject func(E) string // of the sentence: "kms.example.test over https"
	wants   string         // its predicate after "to": "be healthy"
	look    func(E) (seen, bool, error)
	object  func(E) string // what the predicate ends with; nil for nothing
	// quick is look without what was seen, for the many that match; nil: look.
	quick func(E) (bool, error)
}

// seen is what a matcher saw in a piece of evidence, whether that fits or not.
type seen struct {
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

// Match implements Gomega's matcher. Evidence of another type cannot tell.
func (m matcher[E]) Match(actual any) (bool, error) {
	e, ok := actual.(E)
	if !ok {
		return false, fmt.Errorf("want a %T, got a %T", e, actual)
	}
	if m.quick != nil {
		return m.quick(e)
	}
	_, ok, err := m.look(e)
	return ok, err
}

// FailureMessage says what was expected and seen.
func (m matcher[E]) FailureMessage(actual any) string { return m.message(actual, true) }

// NegatedFailureMessage says what was not expected and seen.
func (m matcher[E]) NegatedFailureMessage(actual any) string { return m.message(actual, false) }

func (m matcher[E]) message(actual any, want bool) string {
	s, _, _ := m.look(actual.(E))
	return strings.Join(append([]string{"expected " + m.sentence(actual.(E), want)}, s.lines...), "\n")
}

func (m matcher[E]) sentence(e E, want bool) string {
	to := " to "
	if !want {
		to = " not to "
	}
	text := m.subject(e) + to + m.wants
	if m.object != nil {
		text += m.object(e)
	}
	return text
}

// mismatch is what is behind a failure. What was got is what the message shows, without the
// commands.
func (m matcher[E]) mismatch(actual any, want bool) Mismatch {
	s, _, _ := m.look(actual.(E))
	s.Expected = m.sentence(actual.(E), want)
	var got []string
	for _, line := range s.lines {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "$ ") {
			got = append(got, line)
		}
	}
	s.Got = strings.Join(got, "; ")
	return s.Mismatch
}

// explaining is a matcher that knows what is behind its own mismatch.
type explaining interface {
	mismatch(actual any, want bool) Mismatch
}

func explain(m types.GomegaMatcher, actual any, want bool) Mismatch {
	if m, ok := m.(explaining); ok {
		return m.mismatch(actual, want)
	}
	return Mismatch{} // of somebody else's, whose message says it all
}

// Not succeeds where m does not. What m cannot tell its negation cannot tell either.
func Not(m types.GomegaMatcher) types.GomegaMatcher { return negated{m} }

type negated struct{ m types.GomegaMatcher }

func (n negated) Match(actual any) (bool, error) {
	ok, err := n.m.Match(actual)
	return !ok && err == nil, err
}

func (n negated) FailureMessage(actual any) string { return n.m.NegatedFailureMessage(actual) }

func (n negated) NegatedFailureMessage(actual any) string { return n.m.FailureMessage(actual) }
func (n negated) mismatch(actual any, want bool) Mismatch { return explain(n.m, actual, !want) }

// Saying is m with a line before the message of its failures: which rule holds, or what kind
// of request it was.
func Saying(line string, m types.GomegaMatcher) types.GomegaMatcher { return saying{m, line} }

type saying struct {
	types.GomegaMatcher
	line string
}

func (s saying) FailureMessage(actual any) string {
	return s.line + "\n" + s.GomegaMatcher.FailureMessage(actual)
}

func (s saying) mismatch(actual any, want bool) Mismatch {
	return explain(s.GomegaMatcher, actual, want)
}
