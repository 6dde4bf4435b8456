package kit

import (
	"errors"

	"github.com/onsi/ginkgo/v2"

	"prober/report"
)

// evidenceEntry names the report entry that every spec adds.
const evidenceEntry = "evidence"

// Add hands the specs of a suite to Ginkgo while it builds its tree, one container an endpoint
// and one in it for each requirement group. Without a selected endpoint of the product it adds
// one spec that says so.
func (p *Plan) Add(s Suite) {
	specs, err := s.Specs(p, p.Endpoints)
	product := ginkgo.Label(report.ProductLabel.Of(s.Product))
	switch {
	case err != nil:
		p.problems = append(p.problems, err)
		ginkgo.It(s.Product+" has specs that fit its requirements", product, func() { ginkgo.Fail(err.Error()) })
	case len(specs) == 0:
		ginkgo.It(s.Product+" has no endpoint in the selection", product, func() { ginkgo.Skip(string(report.NotSelected)) })
	}
	p.Look(specs)
	for len(specs) > 0 {
		n := sameContainer(specs)
		group := specs[:n]
		specs = specs[n:]
		labels := group[0].containerLabels()
		ginkgo.Describe(group[0].Endpoint.ID, ginkgo.Label(labels[:3]...), func() {
			ginkgo.Context(group[0].Requirement.Group(), ginkgo.Label(labels[3:]...), func() {
				for _, spec := range group {
					p.it(spec)
				}
			})
		})
	}
}

// Err returns what is wrong with the added suites. A run must not start then.
func (p *Plan) Err() error { return errors.Join(p.problems...) }

// sameContainer counts the specs at the start of a list that belong to one endpoint and
// one group.
func sameContainer(specs []Spec) int {
	n := 1
	for n < len(specs) && specs[n].Endpoint.ID == specs[0].Endpoint.ID && specs[n].Requirement.Group() == specs[0].Requirement.Group() {
		n++
	}
	return n
}

// containerLabels are the labels of the containers of a spec: product, region and network of
// the endpoint, then the group. ownLabels are the others.
func (s Spec) containerLabels() []string { return s.labels()[:4] }

func (s Spec) ownLabels() []string {
	labels := s.labels()[4:]
	if s.Requirement.Judge.heavy() {
		labels = append(labels, report.HeavyLabel)
	}
	return labels
}

// it hands one spec to Ginkgo.
func (p *Plan) it(s Spec) {
	ginkgo.It(s.Text, ginkgo.Label(s.ownLabels()...), func(ctx ginkgo.SpecContext) {
		survey := p.Surveys.Of(ctx, s.Endpoint.ID)
		v := s.Judge(survey)
		ginkgo.AddReportEntry(evidenceEntry, NewEvidence(s, v, survey), ginkgo.ReportEntryVisibilityNever)
		switch v.Outcome {
		case report.Flaky: // never silently green
			ginkgo.AddReportEntry("flaky", v.Message, ginkgo.ReportEntryVisibilityAlways)
		case report.Pass:
		case report.Fail:
			ginkgo.Fail(v.Message)
		default:
			ginkgo.Skip(v.word() + ": " + v.Message)
		}
	})
}

// word is what the text of a skipped spec begins with, so that reports can group them.
func (v Verdict) word() string {
	if v.Skip != "" {
		return string(v.Skip)
	}
	return string(v.Outcome)
}
