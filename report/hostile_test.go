package report_test

import (
	"bytes"
	"os"
	"os/exec"
	"testing"

	"prober/probe/reason"
	"prober/report"
)

func write(t testing.TB, r *report.Report, f report.Format) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Write(&b, r, f); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// hostile is a text from the wire that every format must show as it is.
const hostile = "</script><img src=x onerror=alert(1)> `code` | **bold** @someone [x](http://evil.test) ::error::\r\n::warning::x \"q\" 'a' \\ \x00\x1b]0;t\a\xff ]]>"

// spiteful is a report whose texts are all hostile.
func spiteful(t testing.TB) *report.Report {
	t.Helper()
	header := start()
	header.Environment.Vantage, header.Suite.Version, header.Requirements[1].Text = hostile, hostile, hostile
	header.Endpoints[1].RegionName, header.Endpoints[1].Host = hostile, hostile
	rec := report.NewRecorder(header, nil)
	if err := rec.AddEvidence(report.Evidence{ID: "n", Endpoint: "kms/cn-beijing/public", Kind: report.Noted, Title: hostile, Note: hostile}); err != nil {
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

// suites is what a reader of JUnit XML takes from it.
// Python's reader of XML is not ours.
// tool returns the path of a program, or skips the test.
func tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("PROBER_REQUIRE_TOOLS") == "1" {
			t.Fatalf("needs %s in PATH", name)
		}
		t.Skipf("needs %s in PATH", name)
	}
	return path
}
