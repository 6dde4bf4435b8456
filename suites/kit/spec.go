package kit

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"prober/catalog"
	"prober/report"
)

// Spec is one requirement at one endpoint, as data: Ginkgo runs it, and [Spec.Judge] does so
// without. [Suite.Specs] makes specs.
type Spec struct {
	// What specs have in common they share: there may be millions.
	Endpoint    *catalog.Endpoint
	Requirement *Requirement
	Text        string // "refuses SSLv3"

	product *catalog.Product
	plan    *Plan
}

// ofProduct is the zero Product where nobody said one.
func (s Spec) ofProduct() catalog.Product {
	if s.product == nil {
		return catalog.Product{}
	}
	return *s.product
}

func (s Spec) at(survey *Survey) *Case {
	return &Case{Endpoint: *s.Endpoint, Product: s.ofProduct(), Survey: survey, Plan: s.plan}
}

// Judge judges a survey; nil is one that was cut short. Failures of a REPORT requirement,
// and those of an endpoint that is not expected to exist any more, are no failures: what
// was seen is written down.
func (s Spec) Judge(survey *Survey) Verdict {
	if survey == nil {
		return undecided(CannotTell("the survey was cut short"))
	}
	c := s.at(survey)
	f := fold(s.Requirement.Judge.verdicts(c))
	lines, flake := slices.Clone(c.notes), survey.flaked(s.Requirement.Judge)
	if f.broken != nil {
		lines = append(lines, f.broken.Message)
	}
	message := strings.TrimSpace(strings.Join(lines, "\n"))
	switch {
	case s.Requirement.Level == report.Info && message != "":
		return undecided(NotApplicable("nothing is demanded; seen: " + message))
	case !f.told:
		f.untold.Message = strings.TrimSpace(message + "\n" + f.untold.Message)
		return *f.untold
	case f.broken != nil && s.Endpoint.Lifecycle != catalog.Active:
		return undecided(Skip(report.NotActive, fmt.Sprintf("the endpoint is %s: %s", s.Endpoint.Lifecycle, message)))
	case flake != "" && (f.broken != nil && (f.broken.Reason.Transient() || f.broken.Passing) || f.broken == nil && f.untold == nil):
		return Verdict{Outcome: report.Flaky, Message: flake}
	case f.broken != nil:
		return Verdict{Outcome: report.Fail, Message: message, Mismatch: f.broken.Mismatch}
	case f.untold != nil:
		return *f.untold
	}
	return Verdict{Outcome: report.Pass, Message: message}
}

// Look makes the surveys look at what specs rest on, and at nothing that no spec needs: who
// judges one requirement again need not ask all questions.
func (p *Plan) Look(specs []Spec) {
	if p.looks == nil {
		p.looks = map[string][]Look{}
	}
	if p.agreements == nil {
		p.agreements = map[string][]agreement{}
	}
	for _, s := range specs {
		p.looks[s.Endpoint.ID] = append(p.looks[s.Endpoint.ID], s.Requirement.Judge.looks...)
		p.agreements[s.Endpoint.ID] = append(p.agreements[s.Endpoint.ID], s.Requirement.Judge.agreements...)
	}
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

// Labels are the words by which a label filter selects a spec, those of its containers first.
func (s Spec) Labels() []string {
	labels := report.Labels(
		report.Endpoint{Product: s.Endpoint.Product, Region: s.Endpoint.Region, Network: s.Endpoint.Network},
		report.Requirement{ID: s.Requirement.ID, Level: s.Requirement.Level, Group: s.Requirement.Group()},
	)
	if s.Requirement.Judge.heavy() {
		labels = append(labels, report.HeavyLabel)
	}
	return labels
}
