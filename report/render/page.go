package render

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"slices"

	"prober/report"
)

// The parts of the page. It is one file that needs nothing else, so style and script are
// put into it.
var (
	//go:embed page.html
	pageTemplate string
	//go:embed page_evidence.html
	evidenceTemplate string
	//go:embed page.css
	pageStyle string
	//go:embed page.js
	pageScript string
)

// Bounds that keep the page of a full run under 3 MB, whatever the run has found. What
// they leave out stands in report.json, and the page says so.
const (
	maxPage          = 2_900_000 // bytes of the whole page
	maxEvidenceBytes = 768 << 10 // of HTML of all evidence
	minEvidenceBytes = 512 << 10 // what rows and findings leave to evidence
	maxFindingText   = 600       // bytes of each text of a finding
)

// room is how much of a page is given to what is told of results.
type room struct {
	findings int  // results with all they have to say; the others are rows
	rowText  int  // bytes of text in a row
	evidence int  // bytes of HTML of all evidence
	brief    bool // no rows for what needs no attention
}

// rooms are tried in turn until a page without evidence leaves enough to that. Of more results
// than a page of full rows can have, none is tried.
func rooms(results int) []room {
	all := []room{{findings: 300, rowText: 120}, {findings: 100, rowText: 80}, {findings: 30, rowText: 40}, {findings: 10}, {findings: 10, brief: true}}
	if results > maxPage/100 { // bytes of a row
		return all[len(all)-1:]
	}
	return all
}

// page writes one HTML page, which opens offline. What needs attention comes first.
// Without JavaScript everything can be read; with it, results can be filtered and evidence
// opens beside the finding. The page loads nothing: its content security policy allows its
// own style and script, by their digests, and nothing else.
func page(r *report.Report) ([]byte, error) {
	v, err := shown(inHex(r))
	if err != nil {
		return nil, err
	}
	t, err := template.New("page").Parse(pageTemplate)
	if err != nil {
		return nil, err
	}
	var text []byte
	for _, room := range rooms(len(v.rows)) {
		if text, err = pageWith(t, v, room); err != nil {
			return nil, err
		}
		if len(text) > maxPage-minEvidenceBytes {
			continue
		}
		room.evidence = min(maxEvidenceBytes, maxPage-len(text))
		return pageWith(t, v, room)
	}
	return text, nil
}

// inHex is r with the first bytes of all exchanges in hexadecimal, while their text is as it was.
func inHex(r *report.Report) *report.Report {
	with := *r
	with.Evidence = slices.Clone(r.Evidence)
	for i, e := range with.Evidence {
		if e.Exchange != nil {
			x := *e.Exchange
			x.Sent.Hex, x.Received.Hex = x.Sent.Head(), x.Received.Head()
			with.Evidence[i].Exchange = &x
		}
	}
	return &with
}

// pageWith writes the page with so much room for what is told of results.
func pageWith(t *template.Template, v *view, room room) ([]byte, error) {
	p, err := newPageView(v, room)
	if err != nil {
		return nil, err
	}
	p.Style = element("style", pageStyle)
	p.Script = element("script", pageScript)
	p.Policy = fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'",
		digest(pageStyle), digest(pageScript))
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// element wraps the project's own style or script. Template would change the text, and
// with it the digest.
func element(name, text string) template.HTML {
	return template.HTML("<" + name + ">" + text + "</" + name + ">") //nolint:gosec // embedded, not from outside
}

// digest is a source expression of a content security policy: CSP Level 3, section 2.3.1.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
