package common

import (
	"net/http"
	"slices"
	"testing"

	"prober/catalog"
	"prober/suites/kit"
)

// named lists the names of questions.
func named(questions []*kit.Question) []string {
	var names []string
	for _, q := range questions {
		names = append(names, q.Name)
	}
	return names
}

// What a request must have is in the rules; without one it is the Action.
func TestRequired(t *testing.T) {
	ruled := catalog.Product{Rules: catalog.Rules{Parameters: &catalog.ParameterRule{Required: []string{"Action", "Version"}}}}
	if got := Required(ruled); !slices.Equal(got, []string{"Action", "Version"}) {
		t.Errorf("%v", got)
	}
	if got := Required(catalog.Product{}); !slices.Equal(got, []string{"Action"}) {
		t.Errorf("without a rule: %v", got)
	}
}

// Signed calls must be carried out by the ways that a document states, and by no other.
func TestServed(t *testing.T) {
	get, post := &kit.Question{Name: "get"}, &kit.Question{Name: "post"}
	q := Questions{SignedCalls: []*kit.Question{get, post}, SignedPosts: []*kit.Question{post}}
	for name, test := range map[string]struct {
		methods *catalog.MethodRule
		want    []string
	}{
		"no rule":         {nil, []string{"get", "post"}},
		"both are served": {&catalog.MethodRule{Served: []string{"GET", "POST"}}, []string{"get", "post"}},
		"POST works":      {&catalog.MethodRule{Served: []string{"GET"}, Allowed: []string{"POST"}}, []string{"get"}},
	} {
		if got := named(served(catalog.Product{Rules: catalog.Rules{Methods: test.methods}}, q)); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

// A call is demanded where the rules say that its method is served, or works all the same; GET
// only where parameters may stand in the URL.
func TestDemandedBy(t *testing.T) {
	asked := []*kit.Question{{Name: "call"}}
	served := &catalog.MethodRule{Served: []string{http.MethodGet}, Allowed: []string{http.MethodPost}}
	for name, test := range map[string]struct {
		rules  catalog.Rules
		method string
		want   bool
	}{
		"no rule":            {catalog.Rules{}, http.MethodGet, false},
		"served":             {catalog.Rules{Methods: served}, http.MethodGet, true},
		"works":              {catalog.Rules{Methods: served}, http.MethodPost, true},
		"another":            {catalog.Rules{Methods: served}, http.MethodPut, false},
		"GET without a URL":  {catalog.Rules{Methods: served, Parameters: &catalog.ParameterRule{}}, http.MethodGet, false},
		"GET with a URL":     {catalog.Rules{Methods: served, Parameters: &catalog.ParameterRule{InURL: true}}, http.MethodGet, true},
		"POST without a URL": {catalog.Rules{Methods: served, Parameters: &catalog.ParameterRule{}}, http.MethodPost, true},
	} {
		if got := demandedBy(catalog.Product{Rules: test.rules}, test.method, asked); (got != nil) != test.want {
			t.Errorf("%s: %v, want %t", name, named(got), test.want)
		}
	}
}
