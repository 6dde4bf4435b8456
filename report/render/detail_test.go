package render_test

import (
	"bytes"
	"html"
	"strings"
	"testing"

	"prober/probe/reason"
	"prober/report"
	"prober/report/render"
)

// expired is a run with one failure as the suites tell it: in lines, commands among them.
func expired(t testing.TB) *report.Report {
	t.Helper()
	header := start(t)
	header.Requirements[1].Revision = "as of 2021-01-28, kept by the Wayback Machine"
	rec := report.NewRecorder(header, nil)
	rec.Add(report.Result{
		Endpoint: "kms/cn-beijing/public", Requirement: "KMS-TLS-02", Outcome: report.Fail, Reason: reason.TLSCertExpired,
		Detail: "expected nothing wrong with the certificate\n  127.0.0.1 tls/cert_expired\n  $ openssl s_client -connect 127.0.0.1:443\n  ::1 tls/cert_expired\n  $ openssl s_client -connect '[::1]:443'" +
			strings.Repeat("\n  and a line that is told after all of the others", 20),
		Reproduce: "openssl s_client -connect 127.0.0.1:443",
	})
	r, err := rec.Report(began)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestDetailKeepsItsLines(t *testing.T) {
	page := html.UnescapeString(write(t, expired(t), render.HTML))
	_, after, _ := strings.Cut(page, `<dt>Detail</dt><dd class="lines">`)
	detail, _, _ := strings.Cut(after, "</dd>")
	if !strings.HasPrefix(detail, "expected nothing wrong with the certificate\n  127.0.0.1 tls/cert_expired\n  ::1") {
		t.Errorf("the lines are %q", detail)
	}
	if !strings.HasSuffix(detail, "after all of the others\n…") {
		t.Errorf("it ends in %q", detail[len(detail)-60:])
	}
	if !strings.Contains(page, ".lines { white-space: pre-line; }") {
		t.Error("the style runs the lines together")
	}
	if n := strings.Count(page, "openssl s_client -connect 127.0.0.1:443"); n != 1 {
		t.Errorf("the command is told %d times", n)
	}
}

func TestDetailDoesNotRepeatTheCommand(t *testing.T) {
	for f, want := range map[render.Format]int{render.Markdown: 1, render.JUnit: 2, render.Annotations: 0} {
		// Of the two in the JUnit file one is a property.
		text := strings.NewReplacer("&#95;", "_", "&#58;", ":").Replace(write(t, expired(t), f))
		if n := strings.Count(text, "openssl s_client -connect 127.0.0.1:443"); n != want {
			t.Errorf("%s: the command is told %d times, want %d", f, n, want)
		}
	}
	if text := write(t, expired(t), render.JUnit); strings.Contains(text, `message="expected nothing wrong with the certificate 127.0.0.1 tls/cert_expired $`) {
		t.Error("the message of the JUnit failure has a command in it")
	}
	if text := write(t, expired(t), render.Markdown); !strings.Contains(text, `certificate<br>127.0.0.1 tls/cert\_expired<br>::1`) {
		t.Errorf("the lines of the Markdown run together: %s", text)
	}
	var b bytes.Buffer
	if err := render.Comparison(&b, report.Compare(empty(t), expired(t), nil)); err != nil || strings.Contains(b.String(), "$ ") {
		t.Errorf("got %s (%v)", b.String(), err)
	}
}

func TestPageTellsWhatAReasonMeans(t *testing.T) {
	page := html.UnescapeString(write(t, expired(t), render.HTML))
	doc := reason.TLSCertExpired.Doc()
	for _, want := range []string{
		"<dt>Means</dt><dd>" + doc.Meaning + "</dd>", "<dt>Whose fault</dt><dd>usually " + doc.Blame.String() + ": ", "<dt>What to do</dt><dd>" + doc.Advice + "</dd>",
		`2021-01-28 <span class="note">(as of 2021-01-28, kept by the Wayback Machine)</span></dd>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not tell %q", want)
		}
	}
	for _, x := range reason.All() {
		r := expired(t)
		r.Results[0].Reason = x
		if page := write(t, r, render.HTML); strings.Count(page, "<dt>Whose fault</dt><dd>usually ") != 1 {
			t.Errorf("%s: whose fault is it?", x)
		}
	}
	if page := write(t, cascadeWithoutReasons(t), render.HTML); strings.Contains(page, "<dt>Means</dt>") {
		t.Error("a result without a reason means something")
	}
}

func cascadeWithoutReasons(t testing.TB) *report.Report {
	r := cascade(t)
	for i := range r.Results {
		r.Results[i].Reason = reason.None
	}
	return r
}
