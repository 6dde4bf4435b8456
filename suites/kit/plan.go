package kit

import (
	"errors"
	"fmt"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"

	"prober/catalog"
)

// Plan is what a run judges: which endpoints, by which date, over which surveys. Suites
// register their specs with it while Ginkgo builds its tree.
type Plan struct {
	Catalog   *catalog.Catalog
	Endpoints []catalog.Endpoint // selected, in the order of the catalogue
	// At is the date that dated rules are judged by.
	At      time.Time
	Surveys *Surveys

	problems []error
}

// Product describes every selected endpoint of a product, whose specs judge the given
// requirements. body is called once an endpoint.
func (p *Plan) Product(id string, requirements []Requirement, body func(e *Subject)) {
	product, ok := p.Catalog.Product(id)
	if !ok {
		p.problem(fmt.Errorf("the catalogue has no product %q", id))
		return
	}
	reg, err := newRegister(id, func(rule string) bool { _, ok := p.Catalog.Rule(rule); return ok }, requirements)
	if err != nil {
		p.problem(err)
		return
	}
	described := false
	for _, e := range p.Endpoints {
		if e.Product != id {
			continue
		}
		described = true
		ginkgo.Describe(e.ID, labelsOf(e), func() {
			body(&Subject{Endpoint: e, Product: product, plan: p, register: reg})
		})
	}
	if !described {
		ginkgo.It(id+" has no endpoint in the selection", ginkgo.Label("product:"+id), func() { ginkgo.Skip(string(NotSelected)) })
		return
	}
	if err := reg.unused(); err != nil {
		p.problem(err)
	}
}

func (p *Plan) problem(err error) { p.problems = append(p.problems, err) }

// Err returns what is wrong with the registered specs: a spec without a requirement, a
// requirement without a spec. A run must not start then.
func (p *Plan) Err() error { return errors.Join(p.problems...) }

// Subject is the endpoint that specs are about.
type Subject struct {
	Endpoint catalog.Endpoint
	Product  catalog.Product

	plan     *Plan
	register *register
	group    string
}

// Group gathers the specs of one requirement group: dns, tls, protocol or charset.
func (e *Subject) Group(name string, body func()) {
	e.group = name
	ginkgo.Context(name, ginkgo.Label("group:"+name), body)
}

// Expectation is what the catalogue expects of a protocol version here, at the date of the
// run.
func (e *Subject) Expectation(v catalog.TLSVersion) (catalog.Expectation, catalog.TLSRule) {
	return e.Product.TLSExpectation(v, e.Endpoint.Region, e.plan.At)
}

// It states one spec: the endpoint keeps the requirement, which body shows from the survey.
// The spec is skipped where given says that the survey cannot tell.
func (e *Subject) It(requirement, text string, given Given, body func(g gomega.Gomega, s *Survey)) {
	q, err := e.register.use(requirement)
	if err != nil {
		e.plan.problem(err)
		return
	}
	ginkgo.It(text, ginkgo.Label("req:"+q.ID, "level:"+string(q.Level)), func(ctx ginkgo.SpecContext) {
		survey := e.plan.Surveys.Of(ctx, e.Endpoint.ID)
		if survey == nil {
			ginkgo.Skip(Inconclusive.because("the survey was cut short"))
		}
		if why := given(survey); why != "" {
			ginkgo.Skip(why)
		}
		body(gomega.NewGomega(e.fail), survey)
	})
}

// fail fails a spec, or, for an endpoint that is not expected to exist any more, skips it
// with what was seen.
func (e *Subject) fail(message string, callerSkip ...int) {
	if e.Endpoint.Lifecycle != catalog.Active {
		ginkgo.Skip(NotActive.because(fmt.Sprintf("the endpoint is %s: %s", e.Endpoint.Lifecycle, message)))
	}
	skip := 0
	if len(callerSkip) > 0 {
		skip = callerSkip[0]
	}
	ginkgo.Fail(message, skip+1)
}

func labelsOf(e catalog.Endpoint) ginkgo.Labels {
	return ginkgo.Label("product:"+e.Product, "region:"+e.Region, "network:"+string(e.Network))
}
