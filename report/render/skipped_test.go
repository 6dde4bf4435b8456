package render_test

import (
	"html"
	"strings"
	"testing"

	"prober/report"
	"prober/report/render"
)

// fromOutside is a green run that saw only a part: most was skipped.
func fromOutside(t testing.TB) *report.Report {
	t.Helper()
	r := full(t, func(n int) report.Outcome {
		if n%10 == 0 {
			return report.Pass
		}
		return report.Skip
	})
	for i := range r.Results {
		if res := &r.Results[i]; res.Outcome == report.Skip && i%3 > 0 {
			res.Skip = "no-credentials"
		}
	}
	r.Summary = report.Summarize(r)
	if _, err := r.Judge(report.Policy{}); err != nil {
		t.Fatal(err)
	}
	return r
}

// A run that could look at little says so where it says that nothing failed.
func TestSkippedIsTold(t *testing.T) {
	r := fromOutside(t)
	if got := r.Summary.Skipped; len(got) != 2 || got["no-credentials"] != 3060 || got["private-network"] != 1530 {
		t.Errorf("got %v", got)
	}
	if want := "; 4590 skipped: no-credentials 3060, private-network 1530"; !strings.HasSuffix(r.Verdict.Text, want) || r.Verdict.ExitCode != 0 {
		t.Errorf("got %+v", r.Verdict)
	}
	const want = "4590 of 5100 results skipped: no-credentials 3060, private-network 1530."
	for f, limit := range map[render.Format]string{render.Markdown: "| ✗ fail", render.HTML: "</header>"} {
		text := write(t, r, f)
		head, _, _ := strings.Cut(text, limit)
		if !strings.Contains(head, "Not verified:") || !strings.Contains(head, want) {
			t.Errorf("%s: the head does not say %q", f, want)
		}
	}
	if text := write(t, r, render.Badge); !strings.Contains(text, "4590 skipped") {
		t.Errorf("the badge says %s", text)
	}
	for _, f := range []render.Format{render.Markdown, render.HTML} {
		if text := write(t, full(t, func(int) report.Outcome { return report.Pass }), f); strings.Contains(text, "Not verified") {
			t.Errorf("%s: nothing was skipped, and it says so", f)
		}
	}
}

// No head claims more than the verdict: what is broken but does not count is named.
func TestHeadsClaimNoMore(t *testing.T) {
	r := shaped(t, shape{report.Should, report.Fail, ""}, shape{report.Should, report.Fail, ""}, shape{report.Should, report.Waived, ""}, shape{report.Must, report.Pass, ""})
	if _, err := r.Judge(report.Policy{FailOn: report.Must}); err != nil {
		t.Fatal(err)
	}
	const claim = "no MUST is broken: 3 results verified; 2 broken SHOULDs do not count; 1 waived"
	for _, f := range []render.Format{render.Markdown, render.HTML, render.Badge} {
		text := html.UnescapeString(write(t, r, f))
		if !strings.Contains(text, claim) || strings.Contains(strings.ToLower(text), "nothing failed") {
			t.Errorf("%s does not say %q, or says more", f, claim)
		}
	}
	if text := write(t, r, render.Badge); !strings.Contains(text, ">passing, 3 excused<") {
		t.Errorf("the badge says %s", text)
	}
}
