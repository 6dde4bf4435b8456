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
//	c.Expect(a, kit.RefuseTLS(catalog.SSLv3))
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

// expectation is [Case.Expectation], or what is expected otherwise where that is nothing.
func (c *Case) expectation(v catalog.TLSVersion, otherwise catalog.Expectation) (catalog.Expectation, catalog.TLSRule) {
	expect, rule := c.Expectation(v)
	if expect == catalog.Reported && rule.ID == "" && otherwise != "" {
		return otherwise, rule
	}
	return expect, rule
}

// Answer returns the answer to a question; one that says so when it was never asked.
func (c *Case) Answer(q *Question) Answer { return c.Survey.answer(q.Name) }

// Notef writes down what was seen, beside a verdict.
func (c *Case) Notef(format string, args ...any) {
	c.notes = append(c.notes, fmt.Sprintf(format, args...))
}

// Skip ends the judging of a piece of evidence without a verdict, for a reason that
// [CannotTell], [NotApplicable] or [Skip] makes.
func (c *Case) Skip(why error) { panic(undecided(why)) }

// Expect ends the judging of a piece of evidence unless something that was seen matches. What
// one matcher shows to be broken is broken, whatever another cannot tell.
func (c *Case) Expect(actual any, matchers ...types.GomegaMatcher) {
	var verdicts []Verdict
	for _, m := range matchers {
		verdicts = append(verdicts, judgedBy(m, actual, true))
	}
	if f := fold(verdicts); f.broken != nil {
		panic(*f.broken)
	} else if f.untold != nil {
		panic(*f.untold)
	}
}

// verdictOf judges one piece of evidence. A panic that is no verdict is a bug, and goes on.
func verdictOf(check func()) (v Verdict) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case Verdict:
			v = r
		default:
			panic(r)
		}
	}()
	check()
	return Verdict{Outcome: report.Pass}
}
