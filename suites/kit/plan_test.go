package kit

import (
	"strings"
	"testing"

	"prober/catalog"
)

// A run must not start with a suite that is not whole: the plan says why, and has a spec
// that fails for it in place of those of the suite.
func TestPlanErr(t *testing.T) {
	c := small(t)
	whole := Suite{Product: "kms", Requirements: []Requirement{stated("KMS-DNS-01")}, Describe: func(e *Subject) {
		e.It("KMS-DNS-01", "has an address", Looked(), func(*Case) {})
	}}
	unjudged := whole
	unjudged.Requirements = append(unjudged.Requirements, stated("KMS-DNS-02"))
	unstated := whole
	unstated.Requirements = nil
	for name, test := range map[string]struct {
		suite Suite
		want  string
	}{
		"whole":                    {whole, ""},
		"requirement without spec": {unjudged, "KMS-DNS-02 has no spec"},
		"spec without requirement": {unstated, `judges requirement "KMS-DNS-01"`},
	} {
		t.Run(name, func(t *testing.T) {
			p := &Plan{Catalog: c, Endpoints: c.Endpoints, Surveys: &Surveys{}}
			p.Add(test.suite)
			err := p.Err()
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("error %v, want %q in it", err, test.want)
			}
		})
	}
}

// A dated rule is judged by the date of the plan, whatever the clock says.
func TestExpectationByDate(t *testing.T) {
	c := small(t)
	e := &Subject{Endpoint: c.Endpoints[0], Product: c.Products[0], plan: &Plan{Catalog: c, At: day("2026-12-02")}}
	from := day("2026-12-01")
	e.Product.Rules.TLS = []catalog.TLSRule{
		{Rule: catalog.Rule{ID: "always"}, Version: catalog.TLS10, Expect: catalog.Reported},
		{Rule: catalog.Rule{ID: "later"}, Version: catalog.TLS10, Expect: catalog.Refused, From: &from},
	}
	if got, rule := e.Expectation(catalog.TLS10); got != catalog.Refused || rule.ID != "later" {
		t.Errorf("after the day %s by %q", got, rule.ID)
	}
	e.plan.At = day("2026-11-30")
	if got, rule := e.Expectation(catalog.TLS10); got != catalog.Reported || rule.ID != "always" {
		t.Errorf("before the day %s by %q", got, rule.ID)
	}
}

// A survey asks what the wanted specs rest on, and what that comes after, and nothing more.
func TestOnlyWhatIsNeededIsAsked(t *testing.T) {
	e := catalog.Endpoint{ID: "kms/here/public"}
	all := func() []Question {
		return []Question{{Name: "first"}, {Name: "second", After: "first"}, {Name: "third", After: "second"}, {Name: "other"}}
	}
	names := func(p *Plan) string {
		var out []string
		for _, q := range p.needed(e.ID, all()) {
			out = append(out, q.Name)
		}
		return strings.Join(out, " ")
	}
	for name, test := range map[string]struct {
		specs []Spec
		want  string
		http  bool
	}{
		"none":      {[]Spec{{Endpoint: e, Basis: Basis{On: []string{OverHTTPS}}}}, "", false},
		"HTTP":      {[]Spec{{Endpoint: e, Basis: Basis{On: []string{OverHTTP}}}}, "", true},
		"one":       {[]Spec{{Endpoint: e, Basis: Basis{On: []string{"other"}}}}, "other", false},
		"a chain":   {[]Spec{{Endpoint: e, Basis: Basis{On: []string{"third"}}}}, "first second third", false},
		"elsewhere": {[]Spec{{Endpoint: catalog.Endpoint{ID: "kms/there/public"}, Basis: Basis{On: []string{"other"}}}}, "", false},
	} {
		p := &Plan{}
		p.Only(test.specs)
		if got := names(p); got != test.want || p.wants(e.ID, OverHTTP) != test.http {
			t.Errorf("%s: %q, HTTP %t", name, got, p.wants(e.ID, OverHTTP))
		}
	}
	if got := names(&Plan{}); got != "first second third other" {
		t.Errorf("without a choice: %q", got)
	}
}
