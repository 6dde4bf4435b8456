package report_test

import (
	"fmt"
	"strings"
	"time"

	"prober/catalog"
	"prober/report"
)

// exampleRun is a run of one requirement at one endpoint.
func exampleRun(outcome report.Outcome) *report.Report {
	day := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	rec := report.NewRecorder(report.Report{
		Tool:        report.Tool{Name: "prober", Version: "1.2.3"},
		Environment: report.Environment{Mode: report.Live},
		Catalogue:   report.Catalogue{File: "endpoints.json", Digest: "9f86d081884c7d65", Endpoints: 85},
		Suite:       report.Suite{Name: "conformance", Version: "1.2.3"},
		AsOf:        day, Started: day,
		Requirements: []report.Requirement{{ID: "KMS-TLS-02", Level: report.Must, Group: report.Group("KMS-TLS-02"), Text: "SSLv3 is refused."}},
		Endpoints: []report.Endpoint{{
			ID: "kms/cn-beijing/public", Product: "kms", Region: "cn-beijing", Network: catalog.Public, Host: "kms.cn-beijing.aliyuncs.com", Line: 160,
		}},
	}, func(s string) string { return strings.ReplaceAll(s, "hunter2", "REDACTED") })
	rec.Add(report.Result{
		Endpoint: "kms/cn-beijing/public", Requirement: "KMS-TLS-02", Outcome: outcome,
		Expected: "SSLv3 refused", Got: "SSLv3 accepted with token=hunter2",
	})
	r, err := rec.Report(day.Add(time.Minute))
	if err != nil {
		panic(err)
	}
	return r
}

// A run that fails, and its verdict.
func Example() {
	r := exampleRun(report.Fail)
	v, err := r.Judge(report.Policy{FailOn: report.Must})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("exit code", v.ExitCode)
	fmt.Println(v.Text)
	for _, row := range r.Rows() {
		fmt.Println(row.E.Host, row.Q.Level, row.Q.ID, row.Outcome, row.Line())
	}
	// Output:
	// exit code 1
	// 1 broken requirement at 1 endpoint
	// kms.cn-beijing.aliyuncs.com MUST KMS-TLS-02 fail expected SSLv3 refused, got SSLv3 accepted with token=REDACTED
}

func ExampleCompare() {
	for _, c := range report.Compare(exampleRun(report.Pass), exampleRun(report.Inconclusive), nil).Changes {
		fmt.Println(c.Kind, c.Endpoint, c.Requirement)
	}
	// Output:
	// newly-inconclusive kms/cn-beijing/public KMS-TLS-02
}
