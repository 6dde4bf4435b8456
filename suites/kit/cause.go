package kit

import (
	"github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"prober/probe/reason"
)

// Cause is what is behind an expectation that was not met: the finding, as metrics name it,
// and a command line that shows it. Either may be empty.
type Cause struct {
	Reason    reason.Reason
	Reproduce string
	// Dated: the command works for minutes only.
	Dated bool

	unlessAnother bool // an address that could not be told may make up for it
}

// causing is a matcher that knows the cause of its own mismatch.
type causing struct {
	types.GomegaMatcher
	cause func(actual any) Cause
}

// because gives a matcher of a T the cause of its mismatch.
func because[T any](m types.GomegaMatcher, cause func(T) Cause) types.GomegaMatcher {
	return causing{m, func(actual any) Cause {
		if a, ok := actual.(T); ok {
			return cause(a)
		}
		return Cause{}
	}}
}

// Expect is an expectation of a check. When it is not met, the check ends, and the report
// names the cause that its matcher knows.
func (c *Case) Expect(actual any, extra ...any) gomega.Assertion {
	return expectation{c.Gomega.Expect(actual, extra...), c, actual}
}

type expectation struct {
	gomega.Assertion
	c      *Case
	actual any
}

// To demands that m matches.
func (e expectation) To(m types.GomegaMatcher, text ...any) bool {
	e.remember(m)
	return e.Assertion.To(m, text...)
}

// NotTo demands that m does not match.
func (e expectation) NotTo(m types.GomegaMatcher, text ...any) bool {
	e.remember(m)
	return e.Assertion.NotTo(m, text...)
}

func (e expectation) remember(m types.GomegaMatcher) {
	e.c.cause = Cause{}
	if m, ok := m.(causing); ok {
		e.c.cause = m.cause(e.actual)
	}
}
