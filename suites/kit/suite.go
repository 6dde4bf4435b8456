package kit

import (
	"errors"
	"fmt"

	"prober/catalog"
)

// Suite is everything that one product is judged by.
type Suite struct {
	Product string // id in the catalogue
	// Requirements are the statements, in the order of docs/requirements.md. They read the
	// expected values in the product's rules.
	Requirements func(p catalog.Product) []Requirement
	// At are those of them that one endpoint is judged by, where they are not the same everywhere; nil:
	// all whose scope covers it.
	At        func(e catalog.Endpoint) []Requirement
	Unchecked []Unchecked
}

// Statements returns the requirements for what they say: a catalogue without the product, or
// with other rules of it, changes how some are judged, and not what they are.
func (s Suite) Statements() []Requirement {
	return s.Requirements(catalog.Product{ID: s.Product})
}

// Specs returns a spec for each of the suite's requirements at each of the given endpoints
// that it covers, endpoint by endpoint. The error says which requirement is not whole, and
// which one is stated twice.
func (s Suite) Specs(p *Plan, endpoints []catalog.Endpoint) ([]Spec, error) {
	product, ok := p.Catalog.Product(s.Product)
	if !ok {
		return nil, fmt.Errorf("the catalogue has no product %q", s.Product)
	}
	requirements := s.Requirements(product)
	if err := check(requirements, p.Catalog); err != nil {
		return nil, err
	}
	var specs []Spec
	for i := range endpoints {
		e := &endpoints[i]
		if e.Product != s.Product {
			continue
		}
		here := requirements
		if s.At != nil {
			here = s.At(*e)
		}
		for n := range here {
			q := &here[n]
			if !q.Scope.Covers(*e) {
				continue
			}
			spec := Spec{Endpoint: e, Requirement: q, Text: q.It, product: &product, plan: p}
			if q.ItAt != nil {
				spec.Text = q.ItAt(spec.at(nil))
			}
			specs = append(specs, spec)
		}
	}
	return specs, nil
}

func check(requirements []Requirement, c *catalog.Catalog) error {
	var errs []error
	stated := map[string]bool{}
	questions := map[string]*Question{}
	for _, q := range requirements {
		errs = append(errs, q.check(func(rule string) bool { _, ok := c.Rule(rule); return ok }))
		if stated[q.ID] {
			errs = append(errs, fmt.Errorf("requirement %s is stated twice", q.ID))
		}
		stated[q.ID] = true
		for _, l := range q.Judge.looks {
			if other := questions[l.Name()]; l.Question != nil && other != nil && other != l.Question {
				errs = append(errs, fmt.Errorf("requirement %s looks at a question %q that is not the one of this name which others look at", q.ID, l.Name()))
			} else if l.Question != nil && l.Question.Over == catalog.HTTP && l.Question.Needs != Nothing {
				errs = append(errs, fmt.Errorf("requirement %s would show a key over plain HTTP: the question %q", q.ID, l.Name()))
			} else if l.Question != nil {
				questions[l.Name()] = l.Question
			}
		}
	}
	return errors.Join(errs...)
}
