package render

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"prober/prose"
	"prober/report"
)

// The shape of JUnit XML that Jenkins, GitLab and the actions on GitHub read. A suite is a
// product, a class an endpoint, a case a requirement; these names stay the same from run to
// run, so that a history can be kept by them.

// junitTally is what a suite and all suites together have.
type junitTally struct {
	Name                             string
	Tests, Failures, Errors, Skipped int
	Time                             string
}

func (t junitTally) attributes() []xml.Attr {
	var all []xml.Attr
	for _, a := range [][2]string{
		{"name", t.Name},
		{"tests", strconv.Itoa(t.Tests)},
		{"failures", strconv.Itoa(t.Failures)},
		{"errors", strconv.Itoa(t.Errors)},
		{"skipped", strconv.Itoa(t.Skipped)},
		{"time", t.Time},
	} {
		all = append(all, xml.Attr{Name: xml.Name{Local: a[0]}, Value: a[1]})
	}
	return all
}

// junitKind is what a case is in the tallies.
type junitKind int

const (
	junitPassed junitKind = iota
	junitFailed
	junitErred
	junitSkipped
)

// add counts a case.
func (t *junitTally) add(k junitKind) {
	t.Tests++
	switch k {
	case junitPassed:
	case junitFailed:
		t.Failures++
	case junitErred:
		t.Errors++
	case junitSkipped:
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

// junit writes JUnit XML. A failure that counts is a failure there, what could not be decided and
// counts is an error, and everything else that was not kept is skipped with a word on why, so that
// a CI system that reads the file agrees with the exit code. What one cause leaves open at one
// endpoint is one error: the others are skipped, and point to it.
//
// The times of the cases add up to those of their suites, and these to that of the run. A case has
// its share of the run, in the proportion of what its measurements took: those that rest on one
// share its time, and measurements overlap.
func junit(w io.Writer, r *report.Report) error {
	v, err := shown(withoutEvidence(r))
	if err != nil {
		return err
	}
	cases := v.junitCases(shares(r))
	doc := junitTally{Name: v.Tool.Name + " conformance", Time: decimal(v.took())}
	suites := make([]junitTally, len(v.summary.Products))
	times := make([]time.Duration, len(suites))
	place := map[string]int{}
	for i, t := range v.summary.Products {
		place[t.Key], suites[i].Name = i, t.Key
	}
	of := make([][]int, len(suites)) // the cases of each
	for i, row := range v.rows {
		s := place[row.E.Product]
		of[s] = append(of[s], i)
		suites[s].add(cases.kinds[i])
		doc.add(cases.kinds[i])
		times[s] += cases.times[i]
	}
	b := bufio.NewWriter(w)
	fmt.Fprint(b, xml.Header)
	enc := xml.NewEncoder(b)
	enc.Indent("", " ")
	// What cannot be written, Flush reports.
	open := func(name string, t junitTally, more ...xml.Attr) xml.StartElement {
		start := xml.StartElement{Name: xml.Name{Local: name}, Attr: append(t.attributes(), more...)}
		_ = enc.EncodeToken(start)
		return start
	}
	root := open("testsuites", doc)
	for s, t := range suites {
		t.Time = decimal(times[s])
		suite := open("testsuite", t, xml.Attr{Name: xml.Name{Local: "timestamp"}, Value: v.Started.UTC().Format("2006-01-02T15:04:05")})
		_ = enc.EncodeElement(v.junitProperties(), xml.StartElement{Name: xml.Name{Local: "properties"}})
		for _, i := range of[s] {
			if err := enc.EncodeElement(v.junitCaseOf(i, cases), xml.StartElement{Name: xml.Name{Local: "testcase"}}); err != nil {
				return err
			}
		}
		_ = enc.EncodeToken(suite.End())
	}
	_ = enc.EncodeToken(root.End())
	if err := enc.Close(); err != nil {
		return err
	}
	fmt.Fprintln(b)
	return b.Flush()
}

func (v *view) took() time.Duration { return v.Finished.Sub(v.Started).Round(time.Microsecond) }

// shares is what the measurements took that each result of r rests on, in the order of reports. The
// time of one is divided among all that rest on it.
func shares(r *report.Report) []time.Duration {
	r = r.Sorted()
	took := make(map[string]time.Duration, len(r.Evidence))
	for _, e := range r.Evidence {
		took[e.ID] = max(0, e.Took())
	}
	rows := r.Rows()
	by := map[string]time.Duration{}
	for _, row := range rows {
		for _, id := range row.Evidence {
			by[id]++
		}
	}
	out := make([]time.Duration, len(rows))
	var sum time.Duration
	for i, row := range rows {
		for _, id := range row.Evidence {
			out[i] += took[id] / by[id]
		}
		sum += out[i]
	}
	if sum == 0 { // a report whose evidence does not tell
		for i, row := range rows {
			out[i] = time.Duration(row.Duration)
		}
	}
	return out
}

// junitCases is what each result is as a case.
type junitCases struct {
	kinds []junitKind
	times []time.Duration
	// first is, of a result that shares its cause with an error, the one that is the error.
	first map[int]int
}

// junitCases sorts the results, and scales what they took to the time of the run.
func (v *view) junitCases(took []time.Duration) junitCases {
	out := junitCases{make([]junitKind, len(v.rows)), make([]time.Duration, len(v.rows)), map[int]int{}}
	var sum, so, given time.Duration
	for _, t := range took {
		sum += t
	}
	type cause struct{ endpoint, why string }
	errs := map[cause]int{}
	for i, row := range v.rows {
		if sum > 0 {
			so += took[i]
			until := time.Duration(float64(v.took()) * (float64(so) / float64(sum))).Round(time.Microsecond)
			out.times[i], given = until-given, until
		}
		switch {
		case row.Outcome == report.Fail && row.Counts && !row.Known:
			out.kinds[i] = junitFailed
		case row.Outcome == report.Inconclusive && row.Counts && !row.Known:
			c := cause{row.Endpoint, causeOf(row)}
			if first, told := errs[c]; told {
				out.first[i], out.kinds[i] = first, junitSkipped
				continue
			}
			errs[c], out.kinds[i] = i, junitErred
		case row.Outcome != report.Pass && row.Outcome != report.Flaky:
			out.kinds[i] = junitSkipped
		}
	}
	return out
}

func (v *view) junitProperties() any {
	all := []junitProperty{
		{"mode", string(v.Environment.Mode)},
		{"catalogue", v.Catalogue.Digest},
		{"suite", v.Suite.Version},
		{"as_of", v.AsOf.UTC().Format(time.RFC3339)},
	}
	if v.Environment.Vantage != "" {
		all = append(all, junitProperty{"vantage", v.Environment.Vantage})
	}
	return struct {
		All []junitProperty `xml:"property"`
	}{all}
}

func (v *view) junitCaseOf(i int, cases junitCases) junitCase {
	row := v.rows[i]
	c := junitCase{
		Class: row.E.ID, Name: prose.Brief(row.Q.ID + " " + row.Q.Text), Time: decimal(cases.times[i]),
		Properties: properties(row),
	}
	if row.E.Line > 0 {
		c.File, c.Line = v.Catalogue.File, row.E.Line
	}
	switch first, shared := cases.first[i]; {
	case shared:
		c.Skipped = &junitNote{Message: prose.Brief(fmt.Sprintf("undecided for the cause of %s: %s", v.rows[first].Requirement, row.Line()))}
	case cases.kinds[i] == junitFailed:
		c.Failure = junitNoteOf(row)
	case cases.kinds[i] == junitErred:
		c.Error = junitNoteOf(row)
		c.Error.Type = string(report.Inconclusive)
	case cases.kinds[i] == junitSkipped:
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
