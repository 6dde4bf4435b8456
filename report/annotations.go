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

// annotation is what there is to say about one endpoint.
type annotation struct {
	endpoint string
	found    []Result
	open     *undecided
}

// annotations writes r as workflow commands of GitHub Actions: one for each endpoint that
// has something to say, on the line of the catalogue's file that names the endpoint. An
// error is a failure that counts; what else needs attention is a warning. Of either kind
// the worst come first, and the last that GitHub shows says how many more there are.
//
// Source: GitHub documentation, "Workflow commands for GitHub Actions".
func annotations(r *Report) ([]byte, error) {
	r, err := r.withoutEvidence().shown()
	if err != nil {
		return nil, err
	}
	counts := map[pair]bool{}
	for i, yes := range r.counted(r.judged()) {
		counts[r.Results[i].pair()] = yes
	}
	var broken, other annotated
	found, open := r.attention()
	for _, res := range found {
		switch {
		case res.Outcome == Fail && counts[res.pair()] && !res.Known:
			at := broken.at(res.Endpoint)
			at.found = append(at.found, res)
		case res.Outcome != Waived:
			at := other.at(res.Endpoint)
			at.found = append(at.found, res)
		}
	}
	for _, u := range open {
		other.at(u.Endpoint).open = &u
	}
	var b bytes.Buffer
	r.annotate(&b, "error", "broken", broken.list)
	r.annotate(&b, "warning", "to look at", other.list)
	return b.Bytes(), nil
}

// annotated is annotations in the order in which their endpoints were first named.
type annotated struct{ list []*annotation }

// at returns the annotation of an endpoint, which it adds when it is new.
func (a *annotated) at(endpoint string) *annotation {
	for _, x := range a.list {
		if x.endpoint == endpoint {
			return x
		}
	}
	x := &annotation{endpoint: endpoint}
	a.list = append(a.list, x)
	return x
}

// annotate writes one command for each endpoint.
func (r *Report) annotate(b *bytes.Buffer, command, word string, list []*annotation) {
	endpoints := r.endpointIndex()
	for i, x := range list {
		if i == maxAnnotations-1 && len(list) > maxAnnotations {
			fmt.Fprintf(b, "::%s title=%s::%s\n", command, escapeProperty("conformance"),
				escapeData(fmt.Sprintf("and %d more endpoints: see the summary of this step or report.html", len(list)-i)))
			return
		}
		place := ""
		if at, ok := endpoints[x.endpoint]; ok && r.Catalogue.File != "" && r.Endpoints[at].Line > 0 {
			place = fmt.Sprintf("file=%s,line=%d,", escapeProperty(r.Catalogue.File), r.Endpoints[at].Line)
		}
		fmt.Fprintf(b, "::%s %stitle=%s::%s\n", command, place,
			escapeProperty(fmt.Sprintf("%s: %s %s", x.endpoint, plural(x.requirements(), "requirement"), word)), escapeData(strings.Join(x.lines(), "\n")))
	}
}

// requirements counts those that the annotation is about.
func (x *annotation) requirements() int {
	n := len(x.found)
	if x.open != nil {
		n += len(x.open.Results)
	}
	return n
}

// lines are the results, one a line, and one line for all that could not be decided.
func (x *annotation) lines() []string {
	var lines []string
	for i, res := range x.found {
		if i == maxAnnotationLines {
			lines = append(lines, fmt.Sprintf("and %d more", len(x.found)-i))
			break
		}
		found := strings.Join(strings.Fields(fmt.Sprintf("%s %s", res.Outcome, res.Reason)), " ")
		lines = append(lines, fmt.Sprintf("%s %s: %s", res.Requirement, found, ellipsis(res.line(), 300)))
	}
	if x.open != nil {
		lines = append(lines, ellipsis(x.open.text(), 300))
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
