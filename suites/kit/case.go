package kit

import (
	"fmt"
	"strings"
	"time"

	"github.com/onsi/gomega/types"

	"prober/catalog"
	"prober/probe/reason"
)

// Case is what a judgement works with: the endpoint, its survey, and assertions, which end
// the judging of a piece of evidence when they fail or cannot tell.
//
//	c.Expect(a).To(kit.RefuseTLS(catalog.SSLv3))
type Case struct {
	Endpoint catalog.Endpoint
	Product  catalog.Product
	Survey   *Survey

	plan  *Plan
	notes []string
}

// At is the date that dated rules are judged by.
func (c *Case) At() time.Time { return c.plan.At }

// PrivateAllowed reports whether the run permits addresses that are not public.
func (c *Case) PrivateAllowed() bool { return c.plan.PrivateAllowed }

// Surveys are those of the run, for the rare judgement that compares endpoints, and Catalog
// is what lists them.
func (c *Case) Surveys() *Surveys { return c.plan.Surveys }

// Catalog returns the catalogue that is judged by.
func (c *Case) Catalog() *catalog.Catalog { return c.plan.Catalog }

// Expectation is what the catalogue expects of a protocol version here, at the date of the
// run.
func (c *Case) Expectation(v catalog.TLSVersion) (catalog.Expectation, catalog.TLSRule) {
	return c.Product.TLSExpectation(v, c.Endpoint.Region, c.At())
}

// Answer returns the answer to a question; one that says so when it was never asked.
func (c *Case) Answer(q *Question) Answer { return c.Survey.answer(q.Name) }

// Notef writes down what was seen, beside a verdict.
func (c *Case) Notef(format string, args ...any) {
	c.notes = append(c.notes, fmt.Sprintf(format, args...))
}

// Skip ends the judging of a piece of evidence without a verdict, for a reason that
// [CannotTell], [NotApplicable] or [Skip] makes.
func (c *Case) Skip(why error) { c.end(why) }

// ending carries the verdict on a piece of evidence out of its judging.
type ending struct{ piece }

func (c *Case) end(err error) { panic(ending{undecided(err)}) }

// judge judges one piece of evidence. A panic that is no verdict is a bug, and goes on.
func (c *Case) judge(check func()) (p piece) {
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(ending)
			if !ok {
				panic(r)
			}
			p = e.piece
		}
	}()
	check()
	return piece{}
}

// Expect is an expectation of something that was seen, as Gomega has them.
func (c *Case) Expect(actual any) Assertion { return Assertion{actual} }

// Assertion is an expectation whose matcher is still to come.
type Assertion struct{ actual any }

// To demands that m matches. text is printed before the message of a failure.
func (x Assertion) To(m types.GomegaMatcher, text ...string) {
	ok, err := m.Match(x.actual)
	switch {
	case err != nil:
		panic(ending{undecided(err)})
	case ok:
		return
	}
	p := piece{answer: broken, message: strings.Join(append(text, m.FailureMessage(x.actual)), "\n")}
	if m, ok := m.(explaining); ok {
		p.Mismatch = m.mismatch(x.actual, true)
	}
	panic(ending{p})
}

// NotTo demands that m does not match.
func (x Assertion) NotTo(m types.GomegaMatcher, text ...string) { x.To(Not(m), text...) }

// Mismatch is what is behind an expectation that was not met.
type Mismatch struct {
	Expected string        // "kms.example.test to have SSLv3 rejected"
	Got      string        // what was seen instead, in one line
	Reason   reason.Reason // the finding, as metrics name it; None where there is none
	// Reproduce is a command line that shows it; empty if there is none.
	Reproduce string
	// Dated: the command works for minutes only.
	Dated bool
}
