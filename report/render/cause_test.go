package render_test

import (
	"fmt"
	"strings"
	"testing"

	"prober/probe/reason"
	"prober/report"
	"prober/report/render"
)

// outage is a run of so many endpoints with five requirements each. What judge says of each is
// recorded.
func outage(t *testing.T, endpoints int, judge func(e, q int) report.Result) *report.Report {
	t.Helper()
	header := report.Report{
		Tool: report.Tool{Name: "t"}, Environment: report.Environment{Mode: report.Live}, Catalogue: report.Catalogue{Digest: "d"}, AsOf: began, Started: began,
	}
	for q := range 5 {
		header.Requirements = append(header.Requirements, report.Requirement{ID: fmt.Sprintf("Q-TLS-0%d", q), Level: report.Must, Group: "tls", Text: "t"})
	}
	for e := range endpoints {
		header.Endpoints = append(header.Endpoints, report.Endpoint{ID: fmt.Sprintf("p/r%d/public", e), Product: "p", Region: fmt.Sprintf("r%d", e), Network: "public", Host: "h"})
	}
	rec := report.NewRecorder(header, nil)
	for e := range endpoints {
		for q := range 5 {
			res := judge(e, q)
			res.Endpoint, res.Requirement = header.Endpoints[e].ID, header.Requirements[q].ID
			rec.Add(res)
		}
	}
	r, err := rec.Report(began)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// One resolver that answers nothing is one line, in whatever words the results say it.
func TestOneResolverIsOneCause(t *testing.T) {
	r := outage(t, 30, func(_, q int) report.Result {
		if q < 2 {
			return report.Result{Outcome: report.Inconclusive, Reason: reason.ProberResolverUnavailable, Detail: "prober/resolver_unavailable: 192.0.2.1:53: connection refused"}
		}
		return report.Result{Outcome: report.Inconclusive, Detail: "no address came as far as an HTTP reply: prober/resolver_unavailable"}
	})
	const want = "prober/resolver_unavailable: 150 results at 30 endpoints: 150 inconclusive; 192.0.2.1:53: connection refused"
	text := console(t, r, nil)
	if strings.Count(text, "\n") != 4 || !strings.HasPrefix(text, "? "+want+"\n    undecided at p/r0/public, p/r1/public, p/r2/public, p/r3/public, p/r4/public and 25 more\n") {
		t.Errorf("the console: %s", text)
	}
	text = write(t, r, render.Markdown)
	if n := strings.Count(text, "\n- "); n != 1 || !strings.Contains(text, "- ? "+strings.ReplaceAll(want, "_", `\_`)+" (p/r0/public, ") {
		t.Errorf("Markdown, %d lines: %.2000s", n, text)
	}
	text = write(t, r, render.HTML)
	if n := strings.Count(text, `<details class="undecided"`); n != 1 || !strings.Contains(text, want) || !strings.Contains(text, "at 10 endpoints more") {
		t.Errorf("the page tells %d causes", n)
	}
}

// Of many failures of one cause the console tells the first in full, and the others in a line an
// endpoint; a cause of its own stays apart.
func TestConsoleFoldsOneCause(t *testing.T) {
	r := outage(t, 4, func(e, q int) report.Result {
		switch {
		case q < 2:
			return report.Result{Outcome: report.Fail, Reason: reason.TLSCertExpired, Detail: "it expired"}
		case e == 3 && q == 4:
			return report.Result{Outcome: report.Fail, Reason: reason.TLSReset, Detail: "it was reset"}
		}
		return report.Result{Outcome: report.Pass}
	})
	text := console(t, r, nil)
	for what, n := range map[string]int{
		"✗ tls/cert_expired: 8 results at 4 endpoints: 8 fail\n": 1, "it expired\n": 3, "it was reset\n": 1,
		"\n    p/r1/public  Q-TLS-01\n    p/r2/public  Q-TLS-00 Q-TLS-01\n    p/r3/public  Q-TLS-00 Q-TLS-01\n": 1,
	} {
		if got := strings.Count(text, what); got != n {
			t.Errorf("%q is told %d times, want %d: %s", what, got, n, text)
		}
	}
	page := write(t, r, render.HTML)
	for _, heading := range []string{"tls/cert_expired: 8 results at 4 endpoints: 8 fail", "tls/reset: 1 result at 1 endpoint: 1 fail"} {
		if strings.Count(page, `<h3 class="cause">`+heading+"</h3>") != 1 {
			t.Errorf("the page does not head a cause with %q", heading)
		}
	}
}
