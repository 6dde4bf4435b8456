package kit

import (
	"slices"
	"strings"
	"testing"

	"prober/catalog"
)

// A run must not start with a suite that is not whole: the plan says why, and has a spec
// that fails for it in place of those of the suite.
func TestPlanErr(t *testing.T) {
	unjudged := stated("KMS-DNS-02")
	unjudged.Judge = Judgement{}
	for name, test := range map[string]struct {
		requirements []Requirement
		want         string
	}{
		"whole":        {[]Requirement{stated("KMS-DNS-01")}, ""},
		"no judgement": {[]Requirement{stated("KMS-DNS-01"), unjudged}, "requirement KMS-DNS-02: want the text of its spec, and a judgement"},
		"none":         {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := small(t)
			p := &Plan{Catalog: c, Endpoints: c.Endpoints, Surveys: &Surveys{}}
			p.Add(stating(test.requirements...))
			err := p.Err()
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("error %v, want %q in it", err, test.want)
			}
			if looks := p.over("kms/here/public", catalog.HTTPS); looks != (name == "whole") {
				t.Errorf("looks at the endpoint: %t", looks)
			}
		})
	}
}

// A dated rule is judged by the date of the plan, whatever the clock says.
func TestExpectationByDate(t *testing.T) {
	c := small(t)
	e := &Case{Endpoint: c.Endpoints[0], Product: c.Products[0], Plan: &Plan{Catalog: c, At: day("2026-12-02")}}
	from := day("2026-12-01")
	e.Product.Rules.TLS = []catalog.TLSRule{
		{Rule: catalog.Rule{ID: "always"}, Version: catalog.TLS10, Expect: catalog.Reported},
		{Rule: catalog.Rule{ID: "later"}, Version: catalog.TLS10, Expect: catalog.Refused, From: &from},
	}
	if got, rule := e.Expectation(catalog.TLS10); got != catalog.Refused || rule.ID != "later" {
		t.Errorf("after the day %s by %q", got, rule.ID)
	}
	e.Plan.At = day("2026-11-30")
	if got, rule := e.Expectation(catalog.TLS10); got != catalog.Reported || rule.ID != "always" {
		t.Errorf("before the day %s by %q", got, rule.ID)
	}
}

// A survey asks what the wanted specs look at, and what that comes after, and nothing more;
// nothing twice.
func TestOnlyWhatIsNeededIsAsked(t *testing.T) {
	first := &Question{Name: "first"}
	second := &Question{Name: "second", After: first}
	third := &Question{Name: "third", After: second}
	other := &Question{Name: "other"}
	at := func(id string, judgements ...Judgement) []Spec {
		var specs []Spec
		for _, j := range judgements {
			specs = append(specs, Spec{Endpoint: &catalog.Endpoint{ID: id}, Requirement: &Requirement{Judge: j}})
		}
		return specs
	}
	const here = "kms/here/public"
	for name, test := range map[string]struct {
		specs       []Spec
		want        string
		http, https bool
	}{
		"no specs":    {nil, "", false, false},
		"none":        {at(here, Name(BeResolved())), "", false, true},
		"HTTP":        {at(here, EachAddress(catalog.HTTP)), "", true, false},
		"health":      {at(here, HealthOrHTTPS(), Health()), "", true, true},
		"whole":       {at(here, Whole(catalog.HTTP, nil)), "", true, false},
		"chosen":      {at(here, Depending(catalog.HTTPS, nil)), "", false, true},
		"some":        {at(here, SomeAddress(catalog.HTTP)), "", true, false},
		"one":         {at(here, Reply(other)), "other", false, false},
		"a chain":     {at(here, Reply(third)), "third second first", false, false},
		"twice":       {at(here, Reply(third), EachReply([]*Question{first, other}), Reply(other)), "third second first other", false, false},
		"noted":       {at(here, Noting(other, nil)), "other", false, false},
		"given":       {at(here, Given(first, nil, All(Reply(other), Reply(first)))), "first other", false, false},
		"asked":       {at(here, Asked([]*Question{first}, Reply(other))), "other", false, false},
		"both kinds":  {at(here, All(Reply(first), EachAddress(catalog.HTTP), Reply(other), EachAddress(catalog.HTTPS))), "first other", true, true},
		"elsewhere":   {at("kms/there/public", Reply(other), EachAddress(catalog.HTTP)), "", false, false},
		"no question": {at(here, EachReply(nil)), "", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := &Plan{}
			for _, s := range test.specs { // suites add their specs one after the other
				p.Look([]Spec{s})
			}
			var names []string
			for _, q := range p.questions(here) {
				names = append(names, q.Name)
			}
			if got := strings.Join(names, " "); got != test.want || p.over(here, catalog.HTTP) != test.http || p.over(here, catalog.HTTPS) != test.https {
				t.Errorf("asks %q, HTTP %t, HTTPS %t", got, p.over(here, catalog.HTTP), p.over(here, catalog.HTTPS))
			}
		})
	}
}

// The labels of a spec are those of its two containers, which the specs of an endpoint and of
// a group share, and its own.
func TestLabels(t *testing.T) {
	large := stated("KMS-PROTO-01")
	large.Judge = Reply(&Question{Name: "large", Heavy: true})
	at := catalog.Endpoint{ID: "kms/here/public", Product: "kms", Region: "here", Network: catalog.Public}
	for name, test := range map[string]struct {
		requirement    Requirement
		containers, it string
	}{
		"plain": {stated("KMS-DNS-01"), "product:kms region:here network:public group:dns", "req:KMS-DNS-01 level:MUST"},
		"heavy": {large, "product:kms region:here network:public group:protocol", "req:KMS-PROTO-01 level:MUST heavy"},
	} {
		s := Spec{Endpoint: &at, Requirement: &test.requirement}
		containers, own := strings.Join(s.Labels()[:ofContainers], " "), strings.Join(s.Labels()[ofContainers:], " ")
		if containers != test.containers || own != test.it {
			t.Errorf("%s: %q around %q", name, containers, own)
		}
		if all := strings.Join(s.Labels(), " "); all != containers+" "+own {
			t.Errorf("%s: %q of all", name, all)
		}
	}
}

// Specs share a container as long as endpoint and group are the same.
func TestContainers(t *testing.T) {
	c := small(t)
	specs, err := stating(stated("KMS-DNS-01"), stated("KMS-DNS-02"), stated("KMS-TLS-01")).Specs(&Plan{Catalog: c}, c.Endpoints)
	if err != nil {
		t.Fatal(err)
	}
	var sizes []int
	for len(specs) > 0 {
		n := sameContainer(specs)
		sizes, specs = append(sizes, n), specs[n:]
	}
	if !slices.Equal(sizes, []int{2, 1, 2, 1}) {
		t.Errorf("containers of %v specs", sizes)
	}
}
