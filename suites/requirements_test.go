package suites_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"prober/catalog"
	"prober/suites"
	"prober/suites/kit"
)

// The document of the requirements is what the code says.
func TestRequirementsDocument(t *testing.T) {
	compareDocument(t, "requirements.md", []byte(requirementsDocument(embedded(t))))
}

// Every rule of the catalogue is read by a requirement, or said to be one that nobody can
// check; and what a requirement reads is a rule of its own product.
func TestEveryRuleIsRead(t *testing.T) {
	c := embedded(t)
	for _, s := range suites.All() {
		p, _ := c.Product(s.Product)
		read := map[string]bool{}
		for _, q := range s.Requirements(p) {
			for _, id := range q.Rules {
				read[id] = true
			}
		}
		for _, u := range s.Unchecked {
			for _, id := range u.Rules {
				if read[id] {
					t.Errorf("%s is read, and said to be unchecked", id)
				}
				read[id] = true
			}
		}
		for _, rule := range p.Rules.All() {
			if !read[rule.ID] {
				t.Errorf("no requirement reads %s", rule.ID)
			}
			delete(read, rule.ID)
		}
		for id := range read {
			t.Errorf("%s is read, and is no rule of %s", id, s.Product)
		}
	}
}

// A requirement has the line that states it, where its number stands or is made.
func TestRequirementsHaveTheirLine(t *testing.T) {
	for _, s := range suites.All() {
		for _, q := range s.Statements() {
			file, at := q.Line.Place()
			text, err := os.ReadFile(file)
			lines := strings.Split(string(text), "\n")
			if err != nil || at > len(lines) {
				t.Errorf("%s is stated at %s:%d (%v)", q.ID, file, at, err)
				continue
			}
			_, number, _ := strings.Cut(q.ID, "-")
			if line := lines[at-1]; !strings.Contains(line, `"`+number+`"`) && !strings.Contains(line, "d.ID(number)") {
				t.Errorf("%s is stated at %s:%d, which says %s", q.ID, file, at, line)
			}
		}
	}
}

// A requirement names a source that there is, or an RFC.
func TestSourcesExist(t *testing.T) {
	c := embedded(t)
	rfc := regexp.MustCompile(`^RFC [0-9]{3,4}$`)
	known := func(t *testing.T, what, source string) {
		t.Helper()
		if _, ok := c.Source(source); !ok && !rfc.MatchString(source) {
			t.Errorf("%s: no source %q", what, source)
		}
	}
	for _, s := range suites.All() {
		for _, q := range s.Statements() {
			known(t, q.ID, q.In.Source)
			for _, r := range q.In.Also {
				known(t, q.ID, r.Source)
			}
		}
		for _, u := range s.Unchecked {
			known(t, u.Text, u.In.Source)
			if u.In.Section == "" || u.Why == "" {
				t.Errorf("%q: want a section and a reason", u.Text)
			}
		}
	}
}

// The ids of requirements stay. This list only grows: an id that is gone, or means
// something else, breaks the waivers and scripts of others.
func TestIDsAreStable(t *testing.T) {
	var ids []string
	for _, s := range suites.All() {
		for _, q := range s.Statements() {
			ids = append(ids, q.ID)
		}
	}
	// Of the shared requirements the last came when GAAP had 27 of its own.
	for _, id := range []string{"ECS-PROTO-28", "KMS-PROTO-28"} {
		if !slices.Contains(ids, id) {
			t.Errorf("%s is gone", id)
		}
	}
	for product, last := range map[string]map[string]int{
		"ECS":  {"DNS": 7, "TLS": 12, "PROTO": 24, "CHARSET": 6},
		"KMS":  {"DNS": 8, "TLS": 12, "PROTO": 24, "CHARSET": 6},
		"GAAP": {"DNS": 9, "TLS": 12, "PROTO": 28, "CHARSET": 5},
	} {
		for group, n := range last {
			for i := 1; i <= n; i++ {
				id := product + "-" + group + "-" + string([]byte{byte('0' + i/10), byte('0' + i%10)})
				if !slices.Contains(ids, id) && id != "GAAP-DNS-08" { // there are no VPC names of GAAP
					t.Errorf("%s is gone", id)
				}
			}
		}
	}
}

// Every endpoint has one spec for each requirement that covers it, and no text twice: Ginkgo
// orders specs by their text, and parallel processes share nothing else.
func TestSpecsOfEachEndpoint(t *testing.T) {
	c := embedded(t)
	plan := &kit.Plan{Catalog: c, Endpoints: c.Endpoints, At: afterNotice, Surveys: &kit.Surveys{}}
	specs := specsOf(t, plan)
	for _, s := range suites.All() {
		for _, e := range c.Endpoints {
			if e.Product == s.Product {
				compareSpecs(t, e, s.Statements(), specs)
			}
		}
	}
}

func compareSpecs(t *testing.T, e catalog.Endpoint, requirements []kit.Requirement, specs []kit.Spec) {
	t.Helper()
	texts, judged := map[string]bool{}, map[string]int{}
	for _, spec := range specs {
		if spec.Endpoint.ID != e.ID {
			continue
		}
		key := spec.Requirement.Group() + " " + spec.Text
		if texts[key] {
			t.Errorf("%s: two specs say %q", e.ID, key)
		}
		texts[key] = true
		judged[spec.Requirement.ID]++
	}
	for _, q := range requirements {
		want := 0
		if q.Scope.Covers(e) {
			want = 1
		}
		if judged[q.ID] != want {
			t.Errorf("%s: %d specs for %s, want %d", e.ID, judged[q.ID], q.ID, want)
		}
	}
}
