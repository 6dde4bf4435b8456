package kit

import (
	"slices"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/report"
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

// stated is a requirement that every endpoint keeps.
func stated(id string) Requirement {
	return Requirement{
		ID: id, Line: func(here func()) { here() }, Level: report.Must, Text: "It is so.", In: Place{Reference: Reference{Source: "own", Section: "1"}, Since: "2026-01"},
		It: "is " + id, Judge: NameBy(func(*Case, Lookup) {}),
	}
}

// stating is a suite of requirements.
func stating(requirements ...Requirement) Suite {
	return Suite{Product: "kms", Requirements: func(catalog.Product) []Requirement { return requirements }}
}

// A suite does not start when one of its requirements is not whole.
func TestSpecsFitRequirements(t *testing.T) {
	but := func(change func(q *Requirement)) Requirement {
		q := stated("KMS-DNS-01")
		change(&q)
		return q
	}
	asking := func(id string, questions ...*Question) Requirement {
		q := stated(id)
		q.Judge = EachReply(questions, BeAPIReply())
		return q
	}
	one, other := &Question{Name: "one"}, &Question{Name: "one"}
	for name, test := range map[string]struct {
		product      string
		requirements []Requirement
		want         string // part of the error; empty for none
	}{
		"whole":                     {"kms", []Requirement{stated("KMS-DNS-01")}, ""},
		"none":                      {"kms", nil, ""},
		"stated twice":              {"kms", []Requirement{stated("KMS-DNS-01"), stated("KMS-DNS-01")}, "requirement KMS-DNS-01 is stated twice"},
		"id of no group":            {"kms", []Requirement{stated("KMS-SMELL-01")}, `requirement "KMS-SMELL-01": want an id such as`},
		"id of one digit":           {"kms", []Requirement{stated("KMS-DNS-1")}, "want an id such as"},
		"rule that is there":        {"kms", []Requirement{but(func(q *Requirement) { q.Rules = []string{"kms/encoding"} })}, ""},
		"rule that is not there":    {"kms", []Requirement{but(func(q *Requirement) { q.Rules = []string{"kms/encoding", "kms/none"} })}, `KMS-DNS-01 reads the rule "kms/none"`},
		"without a source":          {"kms", []Requirement{but(func(q *Requirement) { q.In.Source = "" })}, "want a text, a source"},
		"without a section":         {"kms", []Requirement{but(func(q *Requirement) { q.In.Section = "" })}, "want a text, a source and a section"},
		"without a date":            {"kms", []Requirement{but(func(q *Requirement) { q.In.Since = "" })}, ""},
		"without a text":            {"kms", []Requirement{but(func(q *Requirement) { q.Text = "" })}, "want a text"},
		"level that is none":        {"kms", []Requirement{but(func(q *Requirement) { q.Level = "MAY" })}, `unknown level "MAY"`},
		"without a level":           {"kms", []Requirement{but(func(q *Requirement) { q.Level = "" })}, `unknown level ""`},
		"without a line":            {"kms", []Requirement{but(func(q *Requirement) { q.Line = nil })}, "want the line that states it"},
		"without a judgement":       {"kms", []Requirement{but(func(q *Requirement) { q.Judge = Judgement{} })}, "want the text of its spec, and a judgement"},
		"without the spec's text":   {"kms", []Requirement{but(func(q *Requirement) { q.It = "" })}, "want the text of its spec"},
		"text by endpoint":          {"kms", []Requirement{but(func(q *Requirement) { q.It, q.ItAt = "", func(c *Case) string { return c.Endpoint.ID } })}, ""},
		"key over plain HTTP":       {"kms", []Requirement{asking("KMS-DNS-01", &Question{Name: "one", Over: catalog.HTTP, Needs: Credentials})}, "would show a key over plain HTTP"},
		"product that is not there": {"oss", nil, `no product "oss"`},
		"one question in two":       {"kms", []Requirement{asking("KMS-PROTO-01", one), asking("KMS-PROTO-02", one)}, ""},
		"two questions of one name": {"kms", []Requirement{asking("KMS-PROTO-01", one), asking("KMS-PROTO-02", other)}, `requirement KMS-PROTO-02 looks at a question "one" that is not the one`},
		"two wrong":                 {"kms", []Requirement{stated("KMS-DNS-01"), stated("KMS-SMELL-01"), but(func(q *Requirement) { q.ID, q.Level = "KMS-DNS-02", "MAY" })}, "\nrequirement KMS-DNS-02: unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			c := small(t)
			s := stating(test.requirements...)
			s.Product = test.product
			specs, err := s.Specs(&Plan{Catalog: c}, c.Endpoints)
			switch {
			case test.want == "" && (err != nil || len(specs) != 2*len(test.requirements)):
				t.Errorf("%d specs, %v", len(specs), err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want) || len(specs) > 0):
				t.Errorf("%d specs, error %v, want %q in it", len(specs), err, test.want)
			}
		})
	}
}

// Specs come endpoint by endpoint, in the order of the requirements, each with the text and
// the judgement for its endpoint.
func TestSpecs(t *testing.T) {
	c := small(t)
	by := stated("KMS-TLS-01")
	by.ItAt = func(c *Case) string { return "is as " + c.Product.Name + " says on " + c.Plan.At.Format(time.DateOnly) }
	by.Judge = Depending(catalog.HTTPS, func(c *Case) Judgement {
		return NameBy(func(*Case, Lookup) { c.Skip(NotApplicable("judged as " + string(c.Endpoint.Network))) })
	})
	plan := &Plan{Catalog: c, At: day("2026-12-02")}
	specs, err := stating(stated("KMS-DNS-01"), by).Specs(plan, c.Endpoints)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range specs {
		got = append(got, s.Endpoint.ID+" "+s.Text)
	}
	want := []string{
		"kms/here/public is KMS-DNS-01", "kms/here/public is as KMS says on 2026-12-02",
		"kms/here/vpc is KMS-DNS-01", "kms/here/vpc is as KMS says on 2026-12-02",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if v := specs[3].Judge(resolved()); v.Outcome != report.NotApplicable || v.Message != "judged as vpc" {
		t.Errorf("%+v", v)
	}
}

// What requirements say does not depend on the catalogue.
func TestStatements(t *testing.T) {
	s := Suite{Product: "kms", Requirements: func(p catalog.Product) []Requirement { return []Requirement{stated(strings.ToUpper(p.ID) + "-DNS-01")} }}
	if all := s.Statements(); len(all) != 1 || all[0].ID != "KMS-DNS-01" || all[0].Group() != "dns" {
		t.Errorf("%+v", all)
	}
}

// A requirement that leaves an endpoint out has no spec there, and is not one without any.
func TestScope(t *testing.T) {
	c := small(t)
	vpc := stated("KMS-DNS-08")
	vpc.Scope.Network = catalog.VPC
	s := stating(vpc)
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
		{Scope{Network: catalog.Public, Regions: []string{"here", "there"}}, "public endpoints of here and there"},
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
