package render_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"prober/catalog"
	"prober/probe/reason"
	"prober/report"
	"prober/report/render"
)

// cascade is a run with one cause, a SHOULD that was found first, and what the cause leaves
// open.
func cascade(t testing.TB) *report.Report {
	t.Helper()
	header := start(t)
	header.Endpoints = header.Endpoints[1:3]
	header.Requirements = nil
	levels := []report.Level{report.Should, report.Should, report.Must, report.Must}
	for i := range 24 {
		header.Requirements = append(header.Requirements, report.Requirement{
			ID: fmt.Sprintf("KMS-TLS-%02d", i+1), Level: levels[min(i, 3)], Group: "tls", Text: "It is so.",
		})
	}
	rec := report.NewRecorder(header, nil)
	for i, q := range header.Requirements {
		res := report.Result{Endpoint: "kms/cn-beijing/public", Requirement: q.ID, Outcome: report.Fail, Detail: "seen"}
		switch {
		case i == 1 || i == 3:
			res.Reason = reason.TLSCertExpired
		case i >= 4:
			res.Outcome, res.Detail, res.Reproduce = report.Inconclusive, "no address replied", "prober check x"
		}
		if i == 23 {
			res.Detail = "something else"
		}
		rec.Add(res)
	}
	r, err := rec.Report(began)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAttentionOrder(t *testing.T) {
	// MUST before SHOULD, and those with a reason first, which are of one cause.
	want := map[render.Format]string{
		render.Markdown: "KMS-TLS-04 KMS-TLS-02 KMS-TLS-03 KMS-TLS-01", render.HTML: "KMS-TLS-04 KMS-TLS-02 KMS-TLS-03 KMS-TLS-01",
		render.Annotations: "KMS-TLS-04 KMS-TLS-03 KMS-TLS-02 KMS-TLS-01",
	}
	open := map[render.Format]string{
		render.Markdown: "no address replied: 19 results at 1 endpoint: 19 inconclusive", render.HTML: "no address replied: 19 results at 1 endpoint: 19 inconclusive",
		render.Annotations: "20 requirements could not be decided: most often: no address replied",
	}
	for f, name := range map[render.Format]*regexp.Regexp{
		render.Markdown:    regexp.MustCompile(`\| ✗ fail \| \*\*(KMS-TLS-..)`),
		render.HTML:        regexp.MustCompile(`<details class="finding[^>]*id="f/kms/cn-beijing/public/(KMS-TLS-..)`),
		render.Annotations: regexp.MustCompile(`(KMS-TLS-..) fail`),
	} {
		text := write(t, cascade(t), f)
		var got []string
		for _, m := range name.FindAllStringSubmatch(text, -1) {
			got = append(got, m[1])
		}
		if strings.Join(got, " ") != want[f] {
			t.Errorf("%s: %v, want %s", f, got, want[f])
		}
		if n := strings.Count(text, open[f]); n != 1 {
			t.Errorf("%s: what could not be decided is told %d times", f, n)
		}
	}
}

// The failures come before the tables of regions, and without any the page says so.
func TestFailuresComeFirst(t *testing.T) {
	page := write(t, cascade(t), render.HTML)
	finding, undecided, matrix := strings.Index(page, `<details class="finding"`), strings.Index(page, `<details class="undecided"`), strings.Index(page, `<table class="matrix"`)
	if finding < 0 || finding > undecided || undecided > matrix {
		t.Errorf("findings at %d, undecided at %d, matrix at %d", finding, undecided, matrix)
	}
	if !strings.Contains(page, `<dt>Leaves open</dt><dd>at kms/cn-beijing/public: <a href="#kms%2fcn-beijing%2fpublic/KMS-TLS-05">KMS-TLS-05</a>`) || !strings.Contains(page, "prober check x") {
		t.Error("the page does not tell what is open, or how to see it")
	}
	page = write(t, full(t, func(int) report.Outcome { return report.Pass }), render.HTML)
	if says := strings.Index(page, "<p>Nothing failed.</p>"); says < 0 || says > strings.Index(page, `<table class="matrix"`) {
		t.Errorf("that nothing failed stands at %d", says)
	}
	if page := write(t, empty(t), render.HTML); strings.Contains(page, "Nothing failed") || !strings.Contains(page, "Nothing was judged") {
		t.Error("a run of nothing says that nothing failed")
	}
}

// An endpoint with a broken MUST is annotated before those with a SHOULD only.
func TestAnnotationsBeginWithMust(t *testing.T) {
	r := shaped(t, shape{report.Should, report.Fail, catalog.Active}, shape{report.Must, report.Fail, catalog.Active})
	if text := write(t, r, render.Annotations); !strings.HasPrefix(text, "::error title=kms/b/public") {
		t.Errorf("got %s", text)
	}
}
