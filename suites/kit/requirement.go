package kit

import (
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"prober/catalog"
	"prober/report"
)

// Requirement is one statement of the documents, with the way to judge it. Ids are stable: a
// script or a waiver may name one, and none is ever given to another statement.
type Requirement struct {
	ID    string // "KMS-TLS-02": product, group, number
	Line  Line   // stands where the code states it
	Level report.Level
	Text  string // one sentence
	In    Place  // where the statement stands
	// Rationale says what other public sources add or take away; empty if nothing.
	Rationale string
	Scope     Scope
	// Rules are the ids of the catalogue's rules with the expected values; none where a
	// standard fixes them.
	Rules []string

	// It is the text of the spec, after the name of the endpoint: "refuses SSLv3". ItAt stands
	// instead of it where the text depends on the endpoint.
	It    string
	ItAt  func(c *Case) string
	Judge Judgement
}

// Line is a function that stands in the line of code that states a requirement, and calls what it
// is given: func(here func()) { here() }. Editors, annotations and --focus-file lead to that line,
// and Ginkgo takes the place of a failure from the stack alone.
type Line func(here func())

// Place is the file, as the compiler wrote it down, and the number of the line.
func (l Line) Place() (file string, number int) {
	l(func() { _, file, number, _ = runtime.Caller(1) })
	return file, number
}

// Place is where a statement stands.
type Place struct {
	Reference
	// Since is the source's date, or the day from which the statement holds: "2021-01-28".
	// Empty where the source bears no date.
	Since string
	Also  []Reference // where else it stands
}

// Reference is a section of a source: the id of one of the catalogue's sources, or
// "RFC 9112", and the heading, or the number, within it.
type Reference struct{ Source, Section string }

// At is a place in a source: At("kms-2021-01", "Protocols", "2021-01-28").
func At(source, section, since string) Place { return Place{Reference{source, section}, since, nil} }

// RFC is a place in an RFC of a month: RFC("9112", "6", "2022-06").
func RFC(number, section, since string) Place { return At("RFC "+number, section, since) }

// Group returns the requirement group that the id names.
func (q Requirement) Group() string { return report.Group(q.ID) }

// Scope is where a requirement applies. The zero Scope is every endpoint of the product.
type Scope struct {
	Network catalog.Network // empty: all
	Regions []string        // empty: all
}

// Covers reports whether the requirement applies to an endpoint.
func (s Scope) Covers(e catalog.Endpoint) bool {
	return (s.Network == "" || s.Network == e.Network) && (len(s.Regions) == 0 || slices.Contains(s.Regions, e.Region))
}

// String returns the scope in words: "all endpoints", "public endpoints of nearest".
func (s Scope) String() string {
	what := strings.TrimSpace(string(s.Network) + " endpoints")
	switch {
	case len(s.Regions) > 0:
		return what + " of " + strings.Join(s.Regions, " and ")
	case s.Network == "":
		return "all endpoints"
	}
	return what
}

// Unchecked is a statement of a document, or a rule of the catalogue, that nobody can check
// from outside.
type Unchecked struct {
	Text  string // one sentence
	In    Reference
	Rules []string
	Why   string // what it would take
}

var requirementID = regexp.MustCompile(`^[A-Z0-9]+([._-][A-Z0-9]+)*-(DNS|TLS|PROTO|CHARSET)-[0-9]{2}$`)

// check says what is wrong with a requirement. rule reports whether the catalogue has a rule.
func (q Requirement) check(rule func(id string) bool) error {
	switch {
	case !requirementID.MatchString(q.ID):
		return fmt.Errorf("requirement %q: want an id such as KMS-TLS-02", q.ID)
	case !slices.Contains(report.Levels(), q.Level):
		return fmt.Errorf("requirement %s: unknown level %q", q.ID, q.Level)
	case q.Text == "" || q.In.Source == "" || q.In.Section == "":
		return fmt.Errorf("requirement %s: want a text, a source and a section", q.ID)
	case q.Line == nil:
		return fmt.Errorf("requirement %s: want the line that states it", q.ID)
	case q.It == "" && q.ItAt == nil || q.Judge.verdicts == nil:
		return fmt.Errorf("requirement %s: want the text of its spec, and a judgement", q.ID)
	}
	for _, id := range q.Rules {
		if !rule(id) {
			return fmt.Errorf("requirement %s reads the rule %q, which the catalogue does not have", q.ID, id)
		}
	}
	return nil
}
