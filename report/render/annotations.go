package render

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"prober/prose"
	"prober/report"
)

// maxAnnotations is how many errors, and how many warnings, GitHub shows of one step.
const maxAnnotations = 10

// maxAnnotationLines is how many requirements one annotation names.
const maxAnnotationLines = 10

// annotation is what there is to say about one endpoint.
type annotation struct {
	endpoint string
	line     int // of the catalogue's file
	found    []report.Row
	open     undecided
}

// annotations writes workflow commands of GitHub Actions: one for each endpoint that has
// something to say, on the line of the catalogue's file that names the endpoint. An error is
// a failure that counts; what else needs attention is a warning. Of either kind the worst
// come first, and the last that GitHub shows says how many more there are.
//
// Source: GitHub documentation, "Workflow commands for GitHub Actions".
func annotations(v *view) ([]byte, error) {
	var broken, other annotated
	found, open := v.attention()
	for _, row := range found {
		switch {
		case row.Outcome == report.Fail && row.Counts && !row.Known:
			at := broken.at(row)
			at.found = append(at.found, row)
		case row.Outcome != report.Waived:
			at := other.at(row)
			at.found = append(at.found, row)
		}
	}
	for _, u := range open {
		other.at(u.rows[0]).open = u
	}
	var b bytes.Buffer
	v.annotate(&b, "error", "broken", broken.list)
	v.annotate(&b, "warning", "to look at", other.list)
	return b.Bytes(), nil
}

// annotated is annotations in the order in which their endpoints were first named.
type annotated struct{ list []*annotation }

// at returns the annotation of a result's endpoint, which it adds when it is new.
func (a *annotated) at(row report.Row) *annotation {
	if i := slices.IndexFunc(a.list, func(x *annotation) bool { return x.endpoint == row.Endpoint }); i >= 0 {
		return a.list[i]
	}
	x := &annotation{endpoint: row.Endpoint, line: row.E.Line}
	a.list = append(a.list, x)
	return x
}

// annotate writes one command for each endpoint.
func (v *view) annotate(b *bytes.Buffer, command, word string, list []*annotation) {
	if v.Environment.Vantage != "" {
		word += ", seen from " + prose.OneLine(v.Environment.Vantage)
	}
	for i, x := range list {
		if i == maxAnnotations-1 && len(list) > maxAnnotations {
			fmt.Fprintf(b, "::%s title=%s::%s\n", command, escapeProperty("conformance"),
				escapeData(fmt.Sprintf("and %d more endpoints: see the summary of this step or report.html", len(list)-i)))
			return
		}
		place := ""
		if v.Catalogue.File != "" && x.line > 0 {
			place = fmt.Sprintf("file=%s,line=%d,", escapeProperty(v.Catalogue.File), x.line)
		}
		n := prose.Plural(len(x.found)+len(x.open.rows), "requirement")
		fmt.Fprintf(b, "::%s %stitle=%s::%s\n", command, place,
			escapeProperty(fmt.Sprintf("%s: %s %s", x.endpoint, n, word)), escapeData(strings.Join(x.lines(), "\n")))
	}
}

// lines are the results, one a line, and one line for all that could not be decided.
func (x *annotation) lines() []string {
	var lines []string
	for i, row := range x.found {
		if i == maxAnnotationLines {
			lines = append(lines, fmt.Sprintf("and %d more", len(x.found)-i))
			break
		}
		found := strings.Join(strings.Fields(fmt.Sprintf("%s %s", row.Outcome, row.Reason)), " ")
		lines = append(lines, fmt.Sprintf("%s %s: %s", row.Requirement, found, prose.Ellipsis(row.Line(), 300)))
	}
	if len(x.open.rows) > 0 {
		lines = append(lines, prose.Ellipsis(x.open.text(), 300))
	}
	return lines
}

// escapeData escapes the message of a command, escapeProperty a property of it.
func escapeData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func escapeProperty(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(escapeData(s))
}
