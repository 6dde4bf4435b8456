package kit

import (
	"fmt"
	"strings"
	"time"

	"prober/catalog"
	"prober/report"
)

// Spec is one requirement at one endpoint, as data: Ginkgo runs it, and [Spec.Judge] does so
// without. [Suite.Specs] makes specs.
type Spec struct {
	Endpoint    catalog.Endpoint
	Requirement Requirement
	Text        string // "refuses SSLv3"

	product catalog.Product
	plan    *Plan
}

// Verdict is what a spec came to.
type Verdict struct {
	Outcome  report.Outcome
	Skip     report.SkipReason // of outcome Skip
	Message  string            // what was expected and seen; empty for a pass without a note
	Mismatch                   // of outcome Fail
}

func (s Spec) at(survey *Survey) *Case {
	return &Case{Endpoint: s.Endpoint, Product: s.product, Survey: survey, plan: s.plan}
}

// Judge judges a survey; nil is one that was cut short. Failures of a REPORT requirement,
// and those of an endpoint that is not expected to exist any more, are no failures: what
// was seen is written down.
func (s Spec) Judge(survey *Survey) Verdict {
	if survey == nil {
		return undecidedVerdict(undecided(cannotTell("the survey was cut short")), "")
	}
	c := s.at(survey)
	f := fold(s.Requirement.Judge.pieces(c))
	if !f.told {
		return undecidedVerdict(*f.untold, strings.Join(c.notes, "\n"))
	}
	lines := c.notes
	if f.broken != nil {
		lines = append(lines, f.broken.message)
	}
	message := strings.TrimSpace(strings.Join(lines, "\n"))
	flake := survey.flaked(s.Requirement.Judge.looks)
	switch {
	case s.Requirement.Level == report.Info && message != "":
		return undecidedVerdict(undecided(NotApplicable("nothing is demanded; seen: "+message)), "")
	case f.broken != nil && s.Endpoint.Lifecycle != catalog.Active:
		return undecidedVerdict(undecided(Skip(report.NotActive, fmt.Sprintf("the endpoint is %s: %s", s.Endpoint.Lifecycle, message))), "")
	case f.broken != nil && flake != "" && f.broken.Reason.Transient():
		return Verdict{Outcome: report.Flaky, Message: flake}
	case f.broken != nil:
		return Verdict{Outcome: report.Fail, Message: message, Mismatch: f.broken.Mismatch}
	case f.untold != nil:
		return undecidedVerdict(*f.untold, "")
	case flake != "":
		return Verdict{Outcome: report.Flaky, Message: flake}
	}
	return Verdict{Outcome: report.Pass, Message: message}
}

// undecidedVerdict is the verdict of a piece that could not tell, after what was noted.
func undecidedVerdict(p piece, notes string) Verdict {
	return Verdict{Outcome: p.outcome, Skip: p.skip, Message: strings.TrimSpace(notes + "\n" + p.message)}
}

// Took is how long the measurements took that a spec looks at. Several specs may look at the
// same: they share its time, and do not add up to that of the run.
func (s Spec) Took(survey *Survey) time.Duration {
	var sum time.Duration
	if survey == nil {
		return sum
	}
	for _, l := range s.Requirement.Judge.looks {
		if l.Question != nil {
			sum += survey.answer(l.Name()).Exchange.Phases.Total
		} else {
			sum += survey.over(l.Over).Duration.Duration()
		}
	}
	return sum
}

// Labels are the words by which a label filter selects a spec.
func (s Spec) Labels() []string { return append(s.containerLabels(), s.ownLabels()...) }

func (s Spec) labels() []string {
	return report.Labels(
		report.Endpoint{Product: s.Endpoint.Product, Region: s.Endpoint.Region, Network: s.Endpoint.Network},
		report.Requirement{ID: s.Requirement.ID, Level: s.Requirement.Level, Group: s.Requirement.Group()},
	)
}
