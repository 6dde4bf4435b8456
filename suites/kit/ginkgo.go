package kit

import (
	"cmp"
	"errors"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"prober/prose"
	"prober/report"
)

// EvidenceEntry names the report entry, an [Entry], that every spec adds.
const EvidenceEntry = "evidence"

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
		labels := group[0].Labels()
		ginkgo.Describe(group[0].Endpoint.ID, ginkgo.Label(labels[:ofContainers-1]...), func() {
			ginkgo.Context(group[0].Requirement.Group(), ginkgo.Label(labels[ofContainers-1]), func() {
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

// ofContainers is how many of a spec's labels its containers have: product, region and network
// of the endpoint, and the group.
const ofContainers = 4

// it hands one spec to Ginkgo.
func (p *Plan) it(s Spec) {
	var at types.CodeLocation
	at.FileName, at.LineNumber = s.Requirement.Line.Place()
	ginkgo.It(s.Text, at, ginkgo.Label(s.Labels()[ofContainers:]...), func(ctx ginkgo.SpecContext) {
		survey := p.Surveys.Of(ctx, s.Endpoint.ID)
		v := s.Judge(survey)
		ginkgo.AddReportEntry(EvidenceEntry, NewEntry(s, v, survey), ginkgo.ReportEntryVisibilityNever, at)
		v.Message = prose.Visible(v.Message) // Ginkgo prints it as it is
		s.Requirement.Line(func() {
			const caller = 1 // the line, and not this function
			switch v.Outcome {
			case report.Flaky: // never silently green
				ginkgo.AddReportEntry("flaky", v.Message, ginkgo.ReportEntryVisibilityAlways, at)
			case report.Pass:
			case report.Fail:
				ginkgo.Fail(v.Message, caller)
			default:
				ginkgo.Skip(cmp.Or(string(v.Skip), string(v.Outcome))+": "+v.Message, caller) // the word groups them
			}
		})
	})
}
