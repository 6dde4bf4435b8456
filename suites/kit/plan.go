package kit

import (
	"cmp"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/onsi/ginkgo/v2"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe"
	"prober/report"
)

// Plan is what a run judges: which endpoints, by which date, over which surveys. Suites
// register their specs with it while Ginkgo builds its tree. What only surveying needs may
// be filled in later, before [Surveys.Start].
type Plan struct {
	Catalog   *catalog.Catalog
	Endpoints []catalog.Endpoint // selected, in the order of the catalogue
	// At is the date that dated rules are judged by.
	At      time.Time
	Surveys *Surveys

	// Live: the real services. Otherwise it is the sandbox, where heavy questions are always
	// asked and KMSKeyID defaults to the key that it has.
	Live bool
	// PrivateAllowed: endpoints may have addresses that are not public.
	PrivateAllowed bool
	// Heavy asks questions of up to 10 MB.
	Heavy bool
	// Alibaba and Tencent sign the calls that need a customer's key; the zero key leaves
	// those out.
	Alibaba cloudapi.AlibabaKey
	Tencent cloudapi.TencentKey
	// KMSKeyID is an encryption key, or its alias, that Encrypt and Decrypt may use.
	KMSKeyID string
	// Retries is how often a failing network observation is asked again: 0 means once, a
	// negative number never.
	Retries int
	// AtOnce is how many questions are under way to one host; 0 means the prober's default.
	AtOnce int
	Reach  Reach            // nil: another run needs no flags
	Now    func() time.Time // nil: time.Now
	Random io.Reader        // of nonces; nil: crypto/rand

	suites   []Suite
	problems []error
	wanted   map[string]map[string]bool // by endpoint, what specs rest on; nil: everything
}

// Only makes the surveys look at nothing but what these specs rest on: who judges one
// requirement again need not ask all questions.
func (p *Plan) Only(specs []Spec) {
	p.wanted = map[string]map[string]bool{}
	for _, s := range specs {
		on := p.wanted[s.Endpoint.ID]
		if on == nil {
			on = map[string]bool{}
			p.wanted[s.Endpoint.ID] = on
		}
		for _, name := range s.Basis.On {
			on[name] = true
		}
	}
}

// wants reports whether a spec rests on a part of the survey of an endpoint.
func (p *Plan) wants(endpoint, part string) bool {
	return p == nil || p.wanted == nil || p.wanted[endpoint][part]
}

// needed are the questions that specs rest on, with those that they come after.
func (p *Plan) needed(endpoint string, all []Question) []Question {
	if p.wanted == nil {
		return all
	}
	after := map[string]string{}
	for _, q := range all {
		after[q.Name] = q.After
	}
	keep := map[string]bool{}
	for _, q := range all {
		for name := q.Name; name != "" && p.wants(endpoint, q.Name); name = after[name] {
			keep[name] = true
		}
	}
	return slices.DeleteFunc(all, func(q Question) bool { return !keep[q.Name] })
}

// Add hands the specs of a suite to Ginkgo, one container an endpoint and one in it for
// each requirement group. Without a selected endpoint of the product it adds one spec that
// says so.
func (p *Plan) Add(s Suite) {
	p.Use(s)
	specs, err := s.Specs(p, p.Endpoints)
	if err != nil {
		p.problems = append(p.problems, err)
		ginkgo.It(s.Product+" has specs that fit its requirements", ginkgo.Label("product:"+s.Product), func() { ginkgo.Fail(err.Error()) })
		return
	}
	if len(specs) == 0 {
		ginkgo.It(s.Product+" has no endpoint in the selection", ginkgo.Label("product:"+s.Product), func() { ginkgo.Skip(string(NotSelected)) })
		return
	}
	for len(specs) > 0 {
		n := sameContainer(specs)
		group := specs[:n]
		specs = specs[n:]
		e := group[0].Endpoint
		ginkgo.Describe(e.ID, labelsOf(e), func() {
			ginkgo.Context(group[0].Requirement.Group(), ginkgo.Label("group:"+group[0].Requirement.Group()), func() {
				for _, spec := range group {
					p.it(spec)
				}
			})
		})
	}
}

// Use makes the surveys of the run ask the questions of a suite.
func (p *Plan) Use(s Suite) {
	p.suites = append(p.suites, s)
	p.Surveys.plan = p
}

// sameContainer counts the specs at the start of a list that belong to one endpoint and
// one group.
func sameContainer(specs []Spec) int {
	n := 1
	for n < len(specs) && specs[n].Endpoint.ID == specs[0].Endpoint.ID && specs[n].Requirement.Group() == specs[0].Requirement.Group() {
		n++
	}
	return n
}

// it hands one spec to Ginkgo.
func (p *Plan) it(s Spec) {
	ginkgo.It(s.Text, ginkgo.Label(s.ownLabels()...), func(ctx ginkgo.SpecContext) {
		survey := p.Surveys.Of(ctx, s.Endpoint.ID)
		v := s.Judge(survey)
		ginkgo.AddReportEntry(evidenceEntry, NewEvidence(s, v, survey, p.Reach), ginkgo.ReportEntryVisibilityNever)
		switch v.Outcome {
		case report.Flaky: // never silently green
			ginkgo.AddReportEntry("flaky", v.Message, ginkgo.ReportEntryVisibilityAlways)
		case report.Pass:
		case report.Fail:
			ginkgo.Fail(v.Message)
		default:
			ginkgo.Skip(v.Skip.because(v.Message))
		}
	})
}

// Err returns what is wrong with the registered specs: a spec without a requirement, a
// requirement without a spec. A run must not start then.
func (p *Plan) Err() error { return errors.Join(p.problems...) }

func labelsOf(e catalog.Endpoint) ginkgo.Labels {
	return ginkgo.Label("product:"+e.Product, "region:"+e.Region, "network:"+string(e.Network))
}

// ownLabels are the labels of a spec that its containers do not have.
func (s Spec) ownLabels() []string {
	labels := []string{"req:" + s.Requirement.ID, "level:" + string(s.Requirement.Level)}
	if s.Basis.Heavy {
		labels = append(labels, "heavy")
	}
	return labels
}

// Labels are all labels of a spec, those of its containers included.
func (s Spec) Labels() []string {
	labels := append([]string(labelsOf(s.Endpoint)), "group:"+s.Requirement.Group())
	return append(labels, s.ownLabels()...)
}

// now is the clock of the run.
func (p *Plan) now() time.Time {
	if p == nil || p.Now == nil {
		return time.Now()
	}
	return p.Now()
}

// retries is how often a failing network observation is asked again.
func (p *Plan) retries() int {
	switch {
	case p == nil || p.Retries == 0:
		return 1
	case p.Retries < 0:
		return 0
	}
	return p.Retries
}

// atOnce is how many questions are under way to one host.
func (p *Plan) atOnce() int {
	if p == nil {
		return probe.DefaultConnectionsPerHost
	}
	return cmp.Or(p.AtOnce, probe.DefaultConnectionsPerHost)
}

// questions are what is asked of an endpoint.
func (p *Plan) questions(e catalog.Endpoint, product catalog.Product) []Question {
	if p == nil {
		return nil
	}
	for _, s := range p.suites {
		if s.Product == e.Product && s.Questions != nil {
			return p.needed(e.ID, s.Questions(e, product))
		}
	}
	return nil
}
