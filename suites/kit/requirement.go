package kit

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
)

// Level says how binding a requirement is.
type Level string

// The levels.
const (
	Must   Level = "MUST"   // a document states it
	Should Level = "SHOULD" // a document recommends it, or other public sources show it
	Report Level = "REPORT" // nothing is demanded; what is seen is written down
)

// Requirement is one statement of the documents that a spec judges. Ids are stable: a
// script or a waiver may name one, and none is ever given to another statement.
type Requirement struct {
	ID    string // "KMS-TLS-02"
	Level Level
	Text  string // one sentence
	Rule  string // id of the catalogue's rule with the expected value; empty if it needs none
}

var requirementID = regexp.MustCompile(`^[A-Z]+-[A-Z]+-[0-9]{2}$`)

// register collects the requirements of a product and the ones its specs use.
type register struct {
	product string
	all     map[string]Requirement
	used    map[string]bool
}

func newRegister(product string, rules func(id string) bool, list []Requirement) (*register, error) {
	r := &register{product: product, all: map[string]Requirement{}, used: map[string]bool{}}
	for _, q := range list {
		_, twice := r.all[q.ID]
		switch {
		case !requirementID.MatchString(q.ID):
			return nil, fmt.Errorf("requirement %q: want an id such as KMS-TLS-02", q.ID)
		case twice:
			return nil, fmt.Errorf("requirement %s is stated twice", q.ID)
		case q.Level != Must && q.Level != Should && q.Level != Report:
			return nil, fmt.Errorf("requirement %s: unknown level %q", q.ID, q.Level)
		case q.Rule != "" && !rules(q.Rule):
			return nil, fmt.Errorf("requirement %s reads the rule %q, which the catalogue does not have", q.ID, q.Rule)
		}
		r.all[q.ID] = q
	}
	return r, nil
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
	var errs []error
	for id := range r.all {
		if !r.used[id] {
			errs = append(errs, fmt.Errorf("requirement %s has no spec", id))
		}
	}
	slices.SortFunc(errs, func(a, b error) int {
		if a.Error() < b.Error() {
			return -1
		}
		return 1
	})
	return errors.Join(errs...)
}
