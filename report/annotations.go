package report

import (
	"bytes"
	"fmt"
	"strings"
)

// maxAnnotations is how many errors, and how many warnings, GitHub shows of one step.
const maxAnnotations = 10

// maxAnnotationLines is how many requirements one annotation names.
const maxAnnotationLines = 10

// annotations writes r as workflow commands of GitHub Actions: one for each endpoint that
// has something to say, on the line of the catalogue's file that names the endpoint. An
// error is a failure that counts; what else needs attention is a warning. Of either kind
// the last that GitHub shows says how many more there are.
//
// Source: GitHub documentation, "Workflow commands for GitHub Actions".
func annotations(r *Report) []byte {
	counted := r.counted(r.judged())
	broken, other := map[string][]Result{}, map[string][]Result{}
	for i, res := range r.Results {
		switch {
		case res.Outcome == Fail && counted[i] && !res.Known:
			broken[res.Endpoint] = append(broken[res.Endpoint], res)
		case res.Outcome.NeedsAttention() && res.Outcome != Waived:
			other[res.Endpoint] = append(other[res.Endpoint], res)
		}
	}
	var b bytes.Buffer
	r.annotate(&b, "error", "broken", broken)
	r.annotate(&b, "warning", "to look at", other)
	return b.Bytes()
}

// annotate writes one command for each endpoint.
func (r *Report) annotate(b *bytes.Buffer, command, word string, of map[string][]Result) {
	written := 0
	for _, e := range r.Endpoints {
		list := of[e.ID]
		if len(list) == 0 {
			continue
		}
		if written++; written == maxAnnotations && len(of) > maxAnnotations {
			fmt.Fprintf(b, "::%s title=%s::%s\n", command, escapeProperty("conformance"),
				escapeData(fmt.Sprintf("and %d more endpoints: see the summary of this step or report.html", len(of)-maxAnnotations+1)))
			return
		}
		place := ""
		if r.Catalogue.File != "" && e.Line > 0 {
			place = fmt.Sprintf("file=%s,line=%d,", escapeProperty(r.Catalogue.File), e.Line)
		}
		var lines []string
		for i, res := range list {
			if i == maxAnnotationLines {
				lines = append(lines, fmt.Sprintf("and %d more", len(list)-i))
				break
			}
			found := strings.Join(strings.Fields(fmt.Sprintf("%s %s", res.Outcome, res.Reason)), " ")
			lines = append(lines, fmt.Sprintf("%s %s: %s", res.Requirement, found, ellipsis(res.line(), 300)))
		}
		fmt.Fprintf(b, "::%s %stitle=%s::%s\n", command, place,
			escapeProperty(fmt.Sprintf("%s: %s %s", e.ID, plural(len(list), "requirement"), word)), escapeData(strings.Join(lines, "\n")))
	}
}

// escapeData escapes the message of a command, escapeProperty a property of it.
func escapeData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func escapeProperty(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(escapeData(s))
}
