package kit

import (
	"strings"
	"testing"
	"time"

	"prober/catalog"
)

// small is a catalogue of one product with two endpoints.
func small(t *testing.T) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Decode("small.json", []byte(`{
  "schema_version": 1,
  "sources": [{"id": "own", "title": "Own", "date": "2026-01"}],
  "regions": [{"id": "here", "provider": "own", "name": "Here"}],
  "products": [{"id": "kms", "name": "KMS", "provider": "own", "api_style": "alibaba-rpc", "api_version": "2016-01-20",
    "rules": {"encoding": {"id": "kms/encoding", "sources": ["own"], "charset": "UTF-8"}}}],
  "endpoints": [
    {"id": "kms/here/public", "product": "kms", "region": "here", "network": "public", "host": "kms.example.test", "sources": ["own"]},
    {"id": "kms/here/vpc", "product": "kms", "region": "here", "network": "vpc", "host": "kms-vpc.example.test", "sources": ["own"]}
  ]
}`))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func stated(id string) Requirement {
	return Requirement{ID: id, Level: Must, Text: "It is so.", Source: "own", Section: "1", Since: "2026-01"}
}

// A suite does not start when a spec has no requirement or a requirement has no spec.
func TestSpecsFitRequirements(t *testing.T) {
	it := func(ids ...string) func(*Subject) {
		return func(e *Subject) {
			for _, id := range ids {
				e.It(id, "is "+id, Looked(), func(*Case) {})
			}
		}
	}
	wrong := stated("KMS-DNS-01")
	wrong.Rules = []string{"kms/none"}
	unsourced := stated("KMS-DNS-01")
	unsourced.Source = ""
	vague := stated("KMS-DNS-01")
	vague.Level = "MAY"
	for name, test := range map[string]struct {
		product      string
		requirements []Requirement
		describe     func(*Subject)
		want         string // part of the error; empty for none
	}{
		"one for one":               {"kms", []Requirement{stated("KMS-DNS-01")}, it("KMS-DNS-01"), ""},
		"spec without requirement":  {"kms", []Requirement{stated("KMS-DNS-01")}, it("KMS-DNS-01", "KMS-DNS-02"), `judges requirement "KMS-DNS-02", which is not stated`},
		"requirement without spec":  {"kms", []Requirement{stated("KMS-DNS-01"), stated("KMS-DNS-02")}, it("KMS-DNS-01"), "requirement KMS-DNS-02 has no spec"},
		"judged twice":              {"kms", []Requirement{stated("KMS-DNS-01")}, it("KMS-DNS-01", "KMS-DNS-01"), "judged twice at kms/here/public"},
		"stated twice":              {"kms", []Requirement{stated("KMS-DNS-01"), stated("KMS-DNS-01")}, it("KMS-DNS-01"), "stated twice"},
		"id of no group":            {"kms", []Requirement{stated("KMS-SMELL-01")}, it("KMS-SMELL-01"), "want an id such as"},
		"rule that is not there":    {"kms", []Requirement{wrong}, it("KMS-DNS-01"), `reads the rule "kms/none"`},
		"without a source":          {"kms", []Requirement{unsourced}, it("KMS-DNS-01"), "want a text, a source"},
		"level that is none":        {"kms", []Requirement{vague}, it("KMS-DNS-01"), `unknown level "MAY"`},
		"product that is not there": {"oss", nil, it(), `no product "oss"`},
	} {
		t.Run(name, func(t *testing.T) {
			c := small(t)
			s := Suite{Product: test.product, Requirements: test.requirements, Describe: test.describe}
			_, err := s.Specs(&Plan{Catalog: c}, c.Endpoints)
			switch {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("error %v, want %q in it", err, test.want)
			}
		})
	}
}

// A requirement that leaves an endpoint out has no spec there, and is not one without any.
func TestScope(t *testing.T) {
	c := small(t)
	vpc := stated("KMS-DNS-08")
	vpc.Scope.Networks = []catalog.Network{catalog.VPC}
	s := Suite{Product: "kms", Requirements: []Requirement{vpc}, Describe: func(e *Subject) {
		e.It("KMS-DNS-08", "is private", Looked(), func(*Case) {})
	}}
	specs, err := s.Specs(&Plan{Catalog: c}, c.Endpoints[:1])
	if err != nil || len(specs) != 0 {
		t.Errorf("%d specs and %v for the public endpoint, want none", len(specs), err)
	}
	specs, err = s.Specs(&Plan{Catalog: c}, c.Endpoints)
	if err != nil || len(specs) != 1 || specs[0].Endpoint.Network != catalog.VPC {
		t.Errorf("%v and %v, want one spec for the VPC endpoint", specs, err)
	}
	for _, test := range []struct {
		scope Scope
		want  string
	}{
		{Scope{}, "all endpoints"},
		{vpc.Scope, "vpc endpoints"},
		{Scope{Regions: []string{"nearest"}}, "endpoints of nearest"},
	} {
		if got := test.scope.String(); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}

func day(s string) time.Time {
	at, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return at
}
