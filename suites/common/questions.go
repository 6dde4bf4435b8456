package common

import (
	"net/http"
	"slices"
	"strings"

	"prober/catalog"
	"prober/cloudapi"
	"prober/suites/kit"
)

// BeyondASCII is a text of two, three and four bytes a character.
const BeyondASCII = "é华北1（青岛）😀"

// ProbeText names a parameter that no action has: it is signed, and otherwise ignored.
const ProbeText = "ProbeText"

// Questions are what the shared requirements ask of an API. An API family makes them.
type Questions struct {
	// Get and Post call an operation with a key that nobody owns, in every documented way.
	Get, Post []*kit.Question
	// UnknownKey is such a call in ASCII; BeyondASCII has a parameter beyond it.
	UnknownKey, BeyondASCII *kit.Question
	// NoParameters is a request without any.
	NoParameters                  *kit.Question
	UnknownAction, UnknownVersion *kit.Question
	MissingKey, MissingParameter  *kit.Question
	Without                       []*kit.Question // a required parameter each
	Methods                       []*kit.Question // with an HTTP method each that is refused
	// Anybody are all that the API answers to anybody, with a refusal.
	Anybody []*kit.Question
	// SignedCall shows whether the customer's key is good: a read-only call in ASCII.
	// Everything that needs the key rests on it.
	SignedCall *kit.Question
}

// Required returns the parameters that every request to a product must have: by its rule,
// or the Action where there is none.
func Required(p catalog.Product) []string {
	if r := p.Rules.Parameters; r != nil && len(r.Required) > 0 {
		return r.Required
	}
	return []string{"Action"}
}

// WithoutRequired are questions without each required parameter of a product.
func WithoutRequired(p catalog.Product, without func(name string) func(*kit.Asking) (cloudapi.Request, error)) []*kit.Question {
	var all []*kit.Question
	for _, name := range Required(p) {
		all = append(all, &kit.Question{Name: "without-" + strings.ToLower(name), Make: without(name)})
	}
	return all
}

// RefusedMethods are questions with each HTTP method that the rules of a product refuse.
func RefusedMethods(p catalog.Product, by func(method string) func(*kit.Asking) (cloudapi.Request, error)) []*kit.Question {
	var all []*kit.Question
	if p.Rules.Methods != nil {
		for _, m := range p.Rules.Methods.Refused {
			all = append(all, &kit.Question{Name: "method-" + strings.ToLower(m), Make: by(m)})
		}
	}
	return all
}

// demandedBy are the questions with a method where the rules say that it is served, or that
// it works by other public sources; none otherwise.
func demandedBy(p catalog.Product, method string, questions []*kit.Question) []*kit.Question {
	m := p.Rules.Methods
	if m == nil || !slices.Contains(m.Served, method) && !slices.Contains(m.Allowed, method) {
		return nil
	}
	if u := p.Rules.Parameters; method == http.MethodGet && u != nil && !u.InURL {
		return nil
	}
	return questions
}
