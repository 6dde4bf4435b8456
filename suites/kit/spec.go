package kit

import (
	"fmt"
	"strings"

	"github.com/onsi/gomega"

	"prober/catalog"
	"prober/report"
)

// Spec is one check of one requirement at one endpoint, as data: Ginkgo runs it, and
// [Spec.Judge] does so without.
type Spec struct {
	Endpoint    catalog.Endpoint
	Requirement Requirement
	Text        string // "refuses SSLv3"
	Basis       Basis
	Check       func(c *Case)
}

// Verdict is what a spec came to.
type Verdict struct {
	Outcome report.Outcome
	Skip    SkipReason // of outcome Skip
	Message string     // what was expected and seen; empty for a pass without a note
	Cause   Cause      // of outcome Fail
}

// Case is what the check of a spec works with: the survey, and assertions that end the
// check when they fail.
//
//	c.Expect(c.HTTPS).To(kit.RefuseTLS(catalog.SSLv3))
type Case struct {
	gomega.Gomega
	*Survey

	notes []string
	cause Cause // of the expectation that was made last
}

// Notef writes down what was seen, beside a verdict.
func (c *Case) Notef(format string, args ...any) {
	c.notes = append(c.notes, fmt.Sprintf(format, args...))
}

// Skip ends the check without a verdict.
func (c *Case) Skip(why SkipReason, text string) { panic(ending{skip: why, message: text}) }

// ending is how a check ends before its last line.
type ending struct {
	failed  bool
	skip    SkipReason
	message string
}

// Judge judges a survey; nil is one that was cut short. Failures of a REPORT requirement,
// and those of an endpoint that is not expected to exist any more, are no failures: what
// was seen is written down.
func (s Spec) Judge(survey *Survey) Verdict {
	if survey == nil {
		return skipped(Inconclusive, "the survey was cut short")
	}
	if why, text := s.Basis.tells(survey); why != "" {
		return skipped(why, text)
	}
	telling, lacking := survey, ""
	if s.Basis.part != nil {
		telling, lacking = s.Basis.part(survey)
	}
	c := &Case{Survey: telling}
	end := c.run(s.Check)
	message := strings.Join(append(c.notes, end.message), "\n")
	message = strings.TrimSpace(message)
	flake := survey.flaked(s.Basis)
	switch {
	case end.skip != "":
		return skipped(end.skip, message)
	case s.Requirement.Level == Report && (end.failed || message != ""):
		return skipped(NotApplicable, "nothing is demanded; seen: "+message)
	case end.failed && s.Endpoint.Lifecycle != catalog.Active:
		return skipped(NotActive, fmt.Sprintf("the endpoint is %s: %s", s.Endpoint.Lifecycle, message))
	case end.failed && c.cause.unlessAnother && lacking != "":
		return skipped(Inconclusive, lacking)
	case end.failed && flake != "" && ofTheNetwork(c.cause.Reason):
		return Verdict{Outcome: report.Flaky, Message: flake}
	case end.failed:
		return Verdict{Outcome: report.Fail, Message: message, Cause: c.cause}
	case lacking != "":
		return skipped(Inconclusive, lacking)
	case flake != "":
		return Verdict{Outcome: report.Flaky, Message: flake}
	}
	return Verdict{Outcome: report.Pass, Message: message}
}

// run runs a check and says how it ended.
func (c *Case) run(check func(*Case)) (end ending) {
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(ending)
			if !ok {
				panic(r)
			}
			end = e
		}
	}()
	c.Gomega = gomega.NewGomega(func(message string, _ ...int) { panic(ending{failed: true, message: message}) })
	check(c)
	return ending{}
}

// skipped turns the word of a skip into an outcome.
func skipped(why SkipReason, text string) Verdict {
	switch why {
	case Inconclusive:
		return Verdict{Outcome: report.Inconclusive, Skip: why, Message: text}
	case NotApplicable:
		return Verdict{Outcome: report.NotApplicable, Skip: why, Message: text}
	}
	return Verdict{Outcome: report.Skip, Skip: why, Message: text}
}
