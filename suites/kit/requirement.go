package kit

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"prober/catalog"
	"prober/report"
)

// Level says how binding a requirement is.
type Level = report.Level

// The levels.
const (
	Must   = report.Must
	Should = report.Should
	Report = report.Info
)

// Requirement is one statement of the documents that a spec judges. Ids are stable: a
// script or a waiver may name one, and none is ever given to another statement.
type Requirement struct {
	ID    string // "KMS-TLS-02": product, group, number
	Level Level
	Text  string // one sentence
	// Source is where the statement stands: the id of one of the catalogue's sources, or
	// "RFC 9112". Section is the heading, or the number, within it.
	Source, Section string
	// Since is the source's date, or the day from which the statement holds: "2021-01-28".
	// Empty where the source bears no date.
	Since string
	Also  []Reference // where else it stands
	// Rationale says what other public sources add or take away; empty if nothing.
	Rationale string
	Scope     Scope
	// Rules are the ids of the catalogue's rules with the expected values; none where a
	// standard fixes them.
	Rules []string
}

// Reference is a place in a source.
type Reference struct{ Source, Section string }

// Group returns the requirement group that the id names; see [report.Group].
func (q Requirement) Group() string { return report.Group(q.ID) }

// Scope is where a requirement applies. The zero Scope is every endpoint of the product.
type Scope struct {
	Networks []catalog.Network // empty: all
	Regions  []string          // empty: all
}

// Covers reports whether the requirement applies to an endpoint.
func (s Scope) Covers(e catalog.Endpoint) bool {
	return (len(s.Networks) == 0 || slices.Contains(s.Networks, e.Network)) &&
		(len(s.Regions) == 0 || slices.Contains(s.Regions, e.Region))
}

// String returns the scope in words: "all endpoints", "public endpoints of nearest".
func (s Scope) String() string {
	what := "endpoints"
	if len(s.Networks) > 0 {
		words := make([]string, len(s.Networks))
		for i, n := range s.Networks {
			words[i] = string(n)
		}
		what = strings.Join(words, " and ") + " endpoints"
	} else if len(s.Regions) == 0 {
		return "all endpoints"
	}
	if len(s.Regions) > 0 {
		what += " of " + strings.Join(s.Regions, " and ")
	}
	return what
}

// Unchecked is a statement of a document, or a rule of the catalogue, that nobody can check
// from outside.
type Unchecked struct {
	Text            string // one sentence
	Source, Section string
	Rules           []string
	Why             string // what it would take
}

var requirementID = regexp.MustCompile(`^[A-Z]+-(DNS|TLS|PROTO|CHARSET)-[0-9]{2}$`)

// register collects the requirements of a product and the ones its specs use.
type register struct {
	product string
	all     map[string]Requirement
	used    map[string]bool
}

func newRegister(product string, rules func(id string) bool, list []Requirement) (*register, error) {
	r := &register{product: product, all: map[string]Requirement{}, used: map[string]bool{}}
	for _, q := range list {
		if err := q.check(rules); err != nil {
			return nil, err
		}
		if _, twice := r.all[q.ID]; twice {
			return nil, fmt.Errorf("requirement %s is stated twice", q.ID)
		}
		r.all[q.ID] = q
	}
	return r, nil
}

func (q Requirement) check(rules func(id string) bool) error {
	switch {
	case !requirementID.MatchString(q.ID):
		return fmt.Errorf("requirement %q: want an id such as KMS-TLS-02", q.ID)
	case q.Level != Must && q.Level != Should && q.Level != Report:
		return fmt.Errorf("requirement %s: unknown level %q", q.ID, q.Level)
	case q.Text == "" || q.Source == "" || q.Section == "":
		return fmt.Errorf("requirement %s: want a text, a source and a section", q.ID)
	}
	for _, id := range q.Rules {
		if !rules(id) {
			return fmt.Errorf("requirement %s reads the rule %q, which the catalogue does not have", q.ID, id)
		}
	}
	return nil
}

// use returns the requirement that a spec judges.
func (r *register) use(id string) (Requirement, error) {
	q, ok := r.all[id]
	if !ok {
		return q, fmt.Errorf("a spec of %s judges requirement %q, which is not stated", r.product, id)
	}
	r.used[id] = true
	return q, nil
}

// unused is an error that names the requirements without a spec.
func (r *register) unused() error {
	var ids []string
	for id := range r.all {
		if !r.used[id] {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	errs := make([]error, len(ids))
	for i, id := range ids {
		errs[i] = fmt.Errorf("requirement %s has no spec", id)
	}
	return errors.Join(errs...)
}
