package common

import (
	"net/http"
	"slices"
	"testing"

	"prober/catalog"
	"prober/cloudapi"
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

// nothing makes no request.
func nothing(string) func(*kit.Asking) (cloudapi.Request, error) { return nil }

// A required parameter is left out of one question each; without a rule that is the Action.
func TestRequired(t *testing.T) {
	ruled := catalog.Product{Rules: catalog.Rules{Parameters: &catalog.ParameterRule{Required: []string{"Action", "Version"}}}}
	if got, want := named(WithoutRequired(ruled, nothing)), []string{"without-action", "without-version"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got, want := named(WithoutRequired(catalog.Product{}, nothing)), []string{"without-action"}; !slices.Equal(got, want) {
		t.Errorf("without a rule: %v, want %v", got, want)
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
