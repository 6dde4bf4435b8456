package render_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode"

	"prober/probe/reason"
	"prober/report"
	"prober/report/render"
)

func write(t testing.TB, r *report.Report, f render.Format) string {
	t.Helper()
	var b bytes.Buffer
	if err := render.Write(&b, r, f); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// hostile is a text from the wire that every format must show as it is.
const hostile = "</script><img src=x onerror=alert(1)> `code` | **bold** @someone [x](http://evil.test) ::error::\r\n::warning::x \"q\" 'a' \\ \x00\x1b]0;t\a\xff ]]>"

// spiteful is a report whose texts are all hostile.
func spiteful(t testing.TB) *report.Report {
	t.Helper()
	header := start(t)
	header.Environment.Vantage, header.Suite.Version, header.Requirements[1].Text = hostile, hostile, hostile
	header.Endpoints[1].RegionName, header.Endpoints[1].Host = hostile, hostile
	rec := report.NewRecorder(header, nil)
	if err := rec.AddEvidence(report.Evidence{ID: "n", Endpoint: "kms/cn-beijing/public", Kind: report.Exchanged, Title: hostile, Exchange: &report.Exchange{Received: report.Wire{Text: hostile, Bytes: 1}}}); err != nil {
		t.Fatal(err)
	}
	rec.Add(report.Result{
		Endpoint: "kms/cn-beijing/public", Requirement: "KMS-TLS-02", Outcome: report.Fail, Reason: reason.TLSReset, Detail: hostile,
		Expected: hostile, Got: hostile, Reproduce: hostile, Evidence: []string{"n"},
	})
	rec.Add(report.Result{Endpoint: "kms/cn-beijing/public", Requirement: "KMS-CHARSET-01", Outcome: report.Inconclusive, Detail: hostile})
	r, err := rec.Report(began)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// No text for people can turn the text after it around, or hide.
func TestNoFormatCharacters(t *testing.T) {
	header := start(t)
	const trick = "abc\u202etxt.exe\u202c\ufeff\u200b\u2028"
	header.Environment.Vantage, header.Suite.Version, header.Catalogue.File = trick, trick, trick
	header.Selection.LabelFilter, header.Tool.Name = trick, trick
	header.Requirements[1].Text, header.Requirements[1].ID, header.Requirements[1].Source = trick, trick, trick
	header.Endpoints[1].ID, header.Endpoints[1].RegionName, header.Endpoints[1].Host, header.Endpoints[1].Region = trick, trick, trick, trick
	rec := report.NewRecorder(header, nil)
	rec.Add(report.Result{Endpoint: trick, Requirement: trick, Outcome: report.Fail, Detail: trick, Expected: trick, Got: trick, Reproduce: trick})
	rec.Add(report.Result{Endpoint: trick, Requirement: "KMS-CHARSET-01", Outcome: report.Inconclusive, Detail: trick})
	r, err := rec.Report(began)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, f := range []render.Format{render.Markdown, render.HTML, render.JUnit, render.Annotations, render.Badge} {
		texts[string(f)] = write(t, r, f)
	}
	var b bytes.Buffer
	if err := render.Comparison(&b, report.Compare(sample(t), r, nil)); err != nil {
		t.Fatal(err)
	}
	texts["compare"] = b.String()
	for name, text := range texts {
		if i := strings.IndexFunc(text, func(c rune) bool { return unicode.In(c, unicode.Cf, unicode.Zl, unicode.Zp) }); i >= 0 {
			t.Errorf("%s: %+q", name, text[max(0, i-60):i+30])
		}
		if shown := strings.NewReplacer(`\\`, `\`, "&#92;", `\`).Replace(text); name != "badge" && !strings.Contains(shown, `\u202etxt.exe`) {
			t.Errorf("%s does not show the character", name)
		}
	}
}
