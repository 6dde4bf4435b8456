package render

import (
	"encoding/xml"
	"slices"
	"strconv"
	"strings"
	"time"

	"prober/report"
	"prober/report/prose"
)

// The shape of JUnit XML that Jenkins, GitLab and the actions on GitHub read. A suite is a
// product, a class an endpoint, a case a requirement; these names stay the same from run to
// run, so that a history can be kept by them.

type junitSuites struct {
	XMLName xml.Name `xml:"testsuites"`
	junitTally
	Suites []junitSuite `xml:"testsuite"`
}

// junitTally is what a suite and all suites together have.
type junitTally struct {
	Name     string `xml:"name,attr"`
	Tests    int    `xml:"tests,attr"`
	Failures int    `xml:"failures,attr"`
	Errors   int    `xml:"errors,attr"`
	Skipped  int    `xml:"skipped,attr"`
	Time     string `xml:"time,attr"`
}

type junitSuite struct {
	junitTally
	Timestamp  string          `xml:"timestamp,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
}

// add counts a case.
func (t *junitTally) add(c junitCase) {
	t.Tests++
	switch {
	case c.Failure != nil:
		t.Failures++
	case c.Error != nil:
		t.Errors++
	case c.Skipped != nil:
		t.Skipped++
	}
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

// junit writes JUnit XML. A failure that counts is a failure there, a result that
// could not be decided and counts is an error, and everything else that was not kept is
// skipped with a word on why, so that a CI system that reads the file agrees with the exit
// code.
func junit(v *view) ([]byte, error) {
	r := v.Report
	took := r.Finished.Sub(r.Started)
	doc := junitSuites{junitTally: junitTally{Name: r.Tool.Name + " conformance", Time: decimal(took)}}
	for _, t := range v.summary.Products {
		s := junitSuite{
			junitTally: junitTally{Name: t.Key}, Timestamp: r.Started.UTC().Format("2006-01-02T15:04:05"),
			Properties: []junitProperty{
				{"mode", string(r.Environment.Mode)},
				{"catalogue", r.Catalogue.Digest},
				{"suite", r.Suite.Version},
				{"as_of", r.AsOf.UTC().Format(time.RFC3339)},
			},
		}
		if r.Environment.Vantage != "" {
			s.Properties = append(s.Properties, junitProperty{"vantage", r.Environment.Vantage})
		}
		var sum time.Duration
		for _, row := range v.rows {
			if row.E.Product != t.Key {
				continue
			}
			c := junitCaseOf(row)
			if row.E.Line > 0 {
				c.File, c.Line = r.Catalogue.File, row.E.Line
			}
			sum += time.Duration(row.Duration)
			s.add(c)
			doc.add(c)
			s.Cases = append(s.Cases, c)
		}
		// Results share measurements, and measurements overlap: together they take no longer
		// than the run.
		s.Time = decimal(min(sum, took))
		doc.Suites = append(doc.Suites, s)
	}
	text, err := xml.MarshalIndent(doc, "", " ")
	if err != nil {
		return nil, err
	}
	return append([]byte(xml.Header), append(text, '\n')...), nil
}

func junitCaseOf(row report.Row) junitCase {
	c := junitCase{
		Class: row.E.ID, Name: prose.Brief(row.Q.ID + " " + row.Q.Text), Time: decimal(time.Duration(row.Duration)),
		Properties: properties(row),
	}
	switch note := junitNoteOf(row); {
	case row.Outcome == report.Fail && row.Counts && !row.Known:
		c.Failure = note
	case row.Outcome == report.Inconclusive && row.Counts && !row.Known:
		note.Type = string(report.Inconclusive)
		c.Error = note
	case row.Outcome != report.Pass && row.Outcome != report.Flaky:
		c.Skipped = &junitNote{Message: skippedMessage(row)}
	}
	return c
}

// decimal is a duration in seconds with six digits after the point.
func decimal(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 6, 64) }

// junitNoteOf tells what was found, and how to see it.
func junitNoteOf(row report.Row) *junitNote {
	lines := []string{row.Detail}
	if expected, got := row.Apart(); expected != "" || got != "" {
		lines = append(lines, "expected: "+expected, "got: "+got)
	}
	if row.Reproduce != "" && !row.ShowsCommand() {
		lines = append(lines, "$ "+row.Reproduce)
	}
	return &junitNote{Message: prose.Brief(row.Line()), Type: row.Reason.String(), Text: strings.TrimSpace(strings.Join(lines, "\n"))}
}

func skippedMessage(row report.Row) string {
	word := string(row.Outcome)
	switch {
	case row.Outcome == report.Skip:
		word = string(row.Skip)
	case row.Known && row.Outcome == report.Inconclusive:
		word = "undecided as before"
	case row.Known:
		word = "known failure"
		if !row.Since.IsZero() {
			word += ", since " + row.Since.UTC().Format(time.DateOnly)
		}
	case row.Outcome == report.Fail:
		word = "failure that does not count"
	}
	if line := prose.Brief(row.Line()); line != "" {
		return word + ": " + line
	}
	return word
}

func properties(row report.Row) []junitProperty {
	all := []junitProperty{
		{"requirement", row.Q.ID},
		{"level", string(row.Q.Level)},
		{"group", row.Q.Group},
		{"region", row.E.Region},
		{"network", string(row.E.Network)},
		{"host", row.E.Host},
		{"outcome", string(row.Outcome)},
		{"reason", row.Reason.String()},
		{"rules", strings.Join(row.Q.Rules, " ")},
		{"evidence", strings.Join(row.Evidence, " ")},
		{"reproduce", row.Reproduce},
	}
	return slices.DeleteFunc(all, func(p junitProperty) bool { return p.Value == "" })
}
