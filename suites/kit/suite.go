package kit

import (
	"errors"
	"fmt"

	"prober/catalog"
)

// Suite is everything that one product is judged by.
type Suite struct {
	Product      string // id in the catalogue
	Requirements []Requirement
	Unchecked    []Unchecked
	// Questions returns what is asked of an endpoint beyond the probe, in the order in which
	// it is asked; nil for nothing.
	Questions func(e catalog.Endpoint, p catalog.Product) []Question
	// Describe states the specs of one endpoint.
	Describe func(e *Subject)
}

// Specs returns the specs of the given endpoints of the suite's product, endpoint by
// endpoint. The error says which requirement has no spec, which spec no requirement, and
// which requirement is judged twice.
func (s Suite) Specs(p *Plan, endpoints []catalog.Endpoint) ([]Spec, error) {
	product, ok := p.Catalog.Product(s.Product)
	if !ok {
		return nil, fmt.Errorf("the catalogue has no product %q", s.Product)
	}
	reg, err := newRegister(s.Product, func(rule string) bool { _, ok := p.Catalog.Rule(rule); return ok }, s.Requirements)
	if err != nil {
		return nil, err
	}
	var specs []Spec
	var errs []error
	described := false
	for _, e := range endpoints {
		if e.Product != s.Product {
			continue
		}
		described = true
		about := &Subject{Endpoint: e, Product: product, plan: p, register: reg, judged: map[string]bool{}}
		s.Describe(about)
		specs, errs = append(specs, about.specs...), append(errs, about.errs...)
	}
	if described {
		errs = append(errs, reg.unused())
	}
	return specs, errors.Join(errs...)
}

// Subject is the endpoint that specs are about.
type Subject struct {
	Endpoint catalog.Endpoint
	Product  catalog.Product

	plan     *Plan
	register *register
	judged   map[string]bool
	specs    []Spec
	errs     []error
}

// Expectation is what the catalogue expects of a protocol version here, at the date of the
// run.
func (e *Subject) Expectation(v catalog.TLSVersion) (catalog.Expectation, catalog.TLSRule) {
	return e.Product.TLSExpectation(v, e.Endpoint.Region, e.plan.At)
}

// ErrorRule returns the product's rule about a situation; the zero rule, which nothing
// matches, when there is none.
func (e *Subject) ErrorRule(s catalog.Situation) catalog.ErrorRule {
	r, _ := e.Product.ErrorRule(s)
	return r
}

// PrivateAllowed reports whether the run permits addresses that are not public.
func (e *Subject) PrivateAllowed() bool { return e.plan.PrivateAllowed }

// Surveys are those of the run, for the rare spec that compares endpoints.
func (e *Subject) Surveys() *Surveys { return e.plan.Surveys }

// Catalog returns the catalogue that is judged by.
func (e *Subject) Catalog() *catalog.Catalog { return e.plan.Catalog }

// It states one spec: the endpoint keeps the requirement, which check shows from what
// basis names. Where the requirement's scope leaves the endpoint out there is no spec.
func (e *Subject) It(requirement, text string, basis Basis, check func(c *Case)) {
	q, err := e.register.use(requirement)
	switch {
	case err != nil:
		e.errs = append(e.errs, err)
	case e.judged[q.ID]:
		e.errs = append(e.errs, fmt.Errorf("requirement %s is judged twice at %s", q.ID, e.Endpoint.ID))
	case q.Scope.Covers(e.Endpoint):
		e.specs = append(e.specs, Spec{Endpoint: e.Endpoint, Requirement: q, Text: text, Basis: basis, Check: check})
	}
	e.judged[requirement] = true
}
