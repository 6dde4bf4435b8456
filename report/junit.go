package report

import (
	"encoding/xml"
	"strings"
	"time"
)

// The shape of JUnit XML that Jenkins, GitLab and the actions on GitHub read. A suite is a
// product, a class an endpoint, a case a requirement; these names stay the same from run to
// run, so that a history can be kept by them.

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Time       string          `xml:"time,attr"`
	Timestamp  string          `xml:"timestamp,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Class      string          `xml:"classname,attr"`
	Name       string          `xml:"name,attr"`
	Time       string          `xml:"time,attr"`
	File       string          `xml:"file,attr,omitempty"`
	Line       int             `xml:"line,attr,omitempty"`
	Properties []junitProperty `xml:"properties>property"`
	Failure    *junitNote      `xml:"failure"`
	Error      *junitNote      `xml:"error"`
	Skipped    *junitNote      `xml:"skipped"`
}

type junitNote struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// junit writes r as JUnit XML. A failure that counts is a failure there, a result that
// could not be decided and counts is an error, and everything else that was not kept is
// skipped with a word on why, so that a CI system that reads the file agrees with the exit
// code.
func junit(r *Report) ([]byte, error) {
	r, err := r.withoutEvidence().shown()
	if err != nil {
		return nil, err
	}
	doc := junitSuites{Name: r.Tool.Name + " conformance", Time: r.took()}
	endpoints, requirements := r.endpointIndex(), r.requirementIndex()
	counted := r.counted(r.judged())
	for _, t := range Summarize(r).Products {
		s := junitSuite{
			Name: t.Key, Timestamp: r.Started.UTC().Format("2006-01-02T15:04:05"),
			Properties: []junitProperty{
				{"mode", string(r.Environment.Mode)},
				{"catalogue", r.Catalogue.Digest},
				{"suite", r.Suite.Version},
				{"as_of", r.AsOf.UTC().Format(time.RFC3339)},
			},
		}
		var took Seconds
		for i, res := range r.Results {
			e := r.Endpoints[endpoints[res.Endpoint]]
			if e.Product != t.Key {
				continue
			}
			c := junitCaseOf(r, e, r.Requirements[requirements[res.Requirement]], res, counted[i])
			took += res.Duration
			s.Tests++
			s.Failures += one(c.Failure)
			s.Errors += one(c.Error)
			s.Skipped += one(c.Skipped)
			s.Cases = append(s.Cases, c)
		}
		// Results share measurements, and measurements overlap: together they take no longer
		// than the run.
		s.Time = min(took, Seconds(r.Finished.Sub(r.Started))).decimal()
		doc.Tests += s.Tests
		doc.Failures += s.Failures
		doc.Errors += s.Errors
		doc.Skipped += s.Skipped
		doc.Suites = append(doc.Suites, s)
	}
	text, err := xml.MarshalIndent(doc, "", " ")
	if err != nil {
		return nil, err
	}
	return append([]byte(xml.Header), append(text, '\n')...), nil
}

func junitCaseOf(r *Report, e Endpoint, q Requirement, res Result, counts bool) junitCase {
	c := junitCase{
		Class: e.ID, Name: q.ID + " " + q.Text, Time: res.Duration.decimal(),
		Properties: properties(e, q, res),
	}
	if e.Line > 0 {
		c.File, c.Line = r.Catalogue.File, e.Line
	}
	switch note := junitNoteOf(res); {
	case res.Outcome == Fail && counts && !res.Known:
		c.Failure = note
	case res.Outcome == Inconclusive && counts && !res.Known:
		note.Type = string(Inconclusive)
		c.Error = note
	case res.Outcome != Pass && res.Outcome != Flaky:
		c.Skipped = &junitNote{Message: skippedMessage(res)}
	}
	return c
}

// junitNoteOf tells what was found, and how to see it.
func junitNoteOf(res Result) *junitNote {
	lines := []string{res.Detail}
	if res.Expected != "" || res.Got != "" {
		lines = append(lines, "expected: "+res.Expected, "got: "+res.Got)
	}
	if res.Reproduce != "" && !res.showsCommand() {
		lines = append(lines, "$ "+res.Reproduce)
	}
	return &junitNote{Message: res.line(), Type: res.Reason.String(), Text: strings.TrimSpace(strings.Join(lines, "\n"))}
}

func skippedMessage(res Result) string {
	word := string(res.Outcome)
	switch {
	case res.Outcome == Skip:
		word = string(res.Skip)
	case res.Known && res.Outcome == Inconclusive:
		word = "undecided as before"
	case res.Known:
		word = "known failure"
	case res.Outcome == Fail:
		word = "failure that does not count"
	}
	if line := res.line(); line != "" {
		return word + ": " + line
	}
	return word
}

func properties(e Endpoint, q Requirement, res Result) []junitProperty {
	all := []junitProperty{
		{"requirement", q.ID},
		{"level", string(q.Level)},
		{"group", q.Group},
		{"region", e.Region},
		{"network", string(e.Network)},
		{"host", e.Host},
		{"outcome", string(res.Outcome)},
		{"reason", res.Reason.String()},
		{"rules", strings.Join(q.Rules, " ")},
		{"evidence", strings.Join(res.Evidence, " ")},
		{"reproduce", res.Reproduce},
	}
	var out []junitProperty
	for _, p := range all {
		if p.Value != "" {
			out = append(out, p)
		}
	}
	return out
}

func one(n *junitNote) int {
	if n == nil {
		return 0
	}
	return 1
}
