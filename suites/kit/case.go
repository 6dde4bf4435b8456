package kit

import (
	"fmt"

	"github.com/onsi/gomega/types"

	"prober/catalog"
	"prober/report"
)

// Case is what a judgement works with: the endpoint, its survey, and assertions, which end
// the judging of a piece of evidence when they fail or cannot tell.
//
//	c.Expect(a).To(kit.RefuseTLS(catalog.SSLv3))
type Case struct {
	Endpoint catalog.Endpoint
	Product  catalog.Product
	Survey   *Survey
	Plan     *Plan // what the run judges: its date, its surveys, its catalogue

	notes []string
}

// Expectation is what the catalogue expects of a protocol version here, at the date of the
// run.
func (c *Case) Expectation(v catalog.TLSVersion) (catalog.Expectation, catalog.TLSRule) {
	return c.Product.TLSExpectation(v, c.Endpoint.Region, c.Plan.At)
}

// Answer returns the answer to a question; one that says so when it was never asked.
func (c *Case) Answer(q *Question) Answer { return c.Survey.answer(q.Name) }

// Notef writes down what was seen, beside a verdict.
func (c *Case) Notef(format string, args ...any) {
	c.notes = append(c.notes, fmt.Sprintf(format, args...))
}

// Skip ends the judging of a piece of evidence without a verdict, for a reason that
// [CannotTell], [NotApplicable] or [Skip] makes.
func (c *Case) Skip(why error) { panic(ending{undecided(why)}) }

// ending carries the verdict on a piece of evidence out of its judging.
type ending struct{ Verdict }

// judge judges one piece of evidence. A panic that is no verdict is a bug, and goes on.
func (c *Case) judge(check func()) (v Verdict) {
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(ending)
			if !ok {
				panic(r)
			}
			v = e.Verdict
		}
	}()
	check()
	return Verdict{Outcome: report.Pass}
}

// Expect is an expectation of something that was seen, as Gomega has them.
func (c *Case) Expect(actual any) Assertion { return Assertion{actual} }

// Assertion is an expectation whose matcher is still to come.
type Assertion struct{ actual any }

// To demands that m matches.
func (x Assertion) To(m types.GomegaMatcher) {
	if v := judgedBy(m, x.actual, true); v.Outcome != report.Pass {
		panic(ending{v})
	}
}

// NotTo demands that m does not match.
func (x Assertion) NotTo(m types.GomegaMatcher) { x.To(Not(m)) }
