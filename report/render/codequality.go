package render

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"prober/limit"
	"prober/prose"
	"prober/report"
)

// codeIssue is one entry of a Code Quality report.
//
// Source: GitLab documentation, "Code Quality", "Code Quality report format".
type codeIssue struct {
	Description string       `json:"description"`
	CheckName   string       `json:"check_name"`
	Fingerprint string       `json:"fingerprint"` // the same from run to run, so that GitLab tells what is new
	Severity    string       `json:"severity"`
	Location    codeLocation `json:"location"`
}

type codeLocation struct {
	Path  string    `json:"path"`
	Lines codeLines `json:"lines"`
}

type codeLines struct {
	Begin int `json:"begin"`
}

// codeQuality writes a Code Quality report of GitLab: what is broken, and what could not be decided
// as one entry an endpoint, each on the line of the catalogue's file that names the endpoint. What
// somebody decided to live with is left out, as it is no news to anybody.
func codeQuality(v *view) ([]byte, error) {
	all := []codeIssue{}
	found, open := v.attention()
	for _, row := range found {
		if row.Outcome == report.Waived {
			continue
		}
		said := row.Line()
		if told := row.Contrast(limit.ShownWord); told != said && told != "" {
			said += "; " + told
		}
		all = append(all, v.codeIssue(row, row.Requirement, codeSeverity(row), fmt.Sprintf("%s %s: %s", row.Requirement, row.Outcome, said)))
	}
	for _, u := range open {
		all = append(all, v.codeIssue(u.rows[0], "undecided", "info", u.text()))
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(all)
	return b.Bytes(), err
}

func (v *view) codeIssue(row report.Row, check, severity, text string) codeIssue {
	sum := sha256.Sum256([]byte(row.Endpoint + "\n" + check))
	text = row.Endpoint + ": " + text
	if v.Environment.Vantage != "" {
		text += ", seen from " + v.Environment.Vantage
	}
	path := v.Catalogue.File
	if path == "" {
		path = "endpoints"
	}
	return codeIssue{prose.Brief(text), check, hex.EncodeToString(sum[:16]), severity, codeLocation{path, codeLines{max(row.E.Line, 1)}}}
}

// codeSeverity is GitLab's word for how much a result wants attention.
func codeSeverity(row report.Row) string {
	switch {
	case row.Outcome == report.Fail && row.Counts && row.Q.Level == report.Must:
		return "critical"
	case row.Outcome == report.Fail && row.Counts:
		return "major"
	case row.Outcome == report.Fail:
		return "minor"
	}
	return "info"
}
