package render_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"prober/catalog"
	"prober/probe/reason"
	"prober/report"
)

// full is the report of a run over the whole catalogue with sixty requirements a product.
// outcome says what became of the n-th result.
func full(t testing.TB, outcome func(n int) report.Outcome) *report.Report {
	t.Helper()
	file, err := os.ReadFile("../../endpoints.json")
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Decode("endpoints.json", file)
	if err != nil {
		t.Fatal(err)
	}
	header := start(t)
	header.Environment.Faults, header.Environment.Command = nil, "prober conformance --sandbox"
	header.Catalogue = report.Catalogue{File: "endpoints.json", Digest: c.Digest(), Endpoints: len(c.Endpoints)}
	header.Endpoints = report.EndpointsOf(c, c.Endpoints)
	header.Requirements = fullRequirements(c)
	rec := report.NewRecorder(header, nil)

	n := 0
	for _, e := range c.Endpoints {
		var seen []string
		for _, s := range catalog.Schemes() {
			id := fmt.Sprintf("%s/%s", e.ID, s)
			seen = append(seen, id)
			if err := rec.AddEvidence(report.Evidence{
				ID: id, Endpoint: e.ID, Kind: report.Observed, Title: "one probe over " + string(s), Observation: observation(t, e.ID, e.Host),
			}); err != nil {
				t.Fatal(err)
			}
		}
		for i, q := range header.Requirements[60*indexOf(c, e.Product) : 60*indexOf(c, e.Product)+60] {
			rec.Add(fullResult(e, q, outcome(n), seen[i%2]))
			n++
		}
	}
	r, err := rec.Report(began.Add(20 * time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func fullRequirements(c *catalog.Catalog) []report.Requirement {
	var out []report.Requirement
	for _, p := range c.Products {
		for i := range 60 {
			group := []string{"dns", "tls", "protocol", "api", "charset", "limits"}[i/10]
			out = append(out, report.Requirement{
				ID: fmt.Sprintf("%s-%s-%02d", p.ID, group, i%10+1), Level: report.Levels()[i%3], Group: group,
				Text:   fmt.Sprintf("Statement %d of the document, which is about %s, is kept by the endpoint.", i+1, group),
				Source: "Request syntax", Section: "Communication protocols", URL: "https://github.com/AlibabaCloudDocs/kms", Rules: []string{p.ID + "/" + group},
			})
		}
	}
	return out
}

func indexOf(c *catalog.Catalog, product string) int {
	for i, p := range c.Products {
		if p.ID == product {
			return i
		}
	}
	return -1
}

func fullResult(e catalog.Endpoint, q report.Requirement, o report.Outcome, seen string) report.Result {
	res := report.Result{
		Endpoint: e.ID, Requirement: q.ID, Outcome: o, Evidence: []string{seen}, Attempts: 1, Duration: reason.Seconds(3 * time.Millisecond),
		Detail: fmt.Sprintf("%s answered %s as the catalogue expects of it, over two addresses", e.Host, q.Group),
	}
	switch o {
	case report.Pass, report.NotApplicable:
	case report.Skip:
		res.Skip = "private-network"
	case report.Flaky:
		res.Attempts = 2
	default:
		res.Reason = reason.TLSCertExpired
		res.Expected, res.Got = "a certificate that is valid on 2026-11-22", "127.0.0.1 showed one that expired on 2026-11-02, and ::1 the same one"
		res.Reproduce = fmt.Sprintf("openssl s_client -connect %s:443 -servername %s </dev/null 2>/dev/null | openssl x509 -noout -dates", e.Host, e.Host)
	}
	return res
}

// mostly is the mix of outcomes of a run in which a few things are wrong.
func mostly(n int) report.Outcome {
	switch {
	case n%211 == 0:
		return report.Fail
	case n%307 == 0:
		return report.Inconclusive
	case n%701 == 0:
		return report.Flaky
	case n%997 == 0:
		return report.Waived
	case n%13 == 0:
		return report.Skip
	case n%17 == 0:
		return report.NotApplicable
	}
	return report.Pass
}
