package report_test

import (
	"fmt"
	"os"
	"strings"
	"time"

	"prober/catalog"
	"prober/report"
	"prober/report/render"
)

// exampleRun is a run of one requirement at one endpoint.
func exampleRun(outcome report.Outcome, redact report.Redactor) (*report.Report, error) {
	day := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	rec := report.NewRecorder(report.Report{
		Tool:        report.Tool{Name: "prober", Version: "1.2.3"},
		Environment: report.Environment{Mode: report.Live},
		Catalogue:   report.Catalogue{File: "endpoints.json", Digest: "9f86d081884c7d65", Endpoints: 85},
		Suite:       report.Suite{Name: "conformance", Version: "1.2.3"},
		AsOf:        day, Started: day,
		Requirements: []report.Requirement{{ID: "KMS-TLS-02", Level: report.Must, Group: "tls", Text: "SSLv3 is refused."}},
		Endpoints: []report.Endpoint{{
			ID: "kms/cn-beijing/public", Product: "kms", Region: "cn-beijing", Network: catalog.Public, Host: "kms.cn-beijing.aliyuncs.com", Line: 160,
		}},
	}, redact)
	rec.Add(report.Result{
		Endpoint: "kms/cn-beijing/public", Requirement: "KMS-TLS-02", Outcome: outcome,
		Expected: "SSLv3 refused", Got: "SSLv3 accepted with token=hunter2",
	})
	return rec.Report(day.Add(time.Minute))
}

// A run that fails: its verdict, and what GitHub shows on the line of the endpoint.
func Example() {
	r, err := exampleRun(report.Fail, func(s string) string { return strings.ReplaceAll(s, "hunter2", "REDACTED") })
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := r.Judge(report.Policy{FailOn: report.Must})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("exit code", v.ExitCode)
	fmt.Println(v.Text)
	if err := render.Write(os.Stdout, r, render.Annotations); err != nil {
		fmt.Println(err)
	}
	// Output:
	// exit code 1
	// 1 broken requirement at 1 endpoint
	// ::error file=endpoints.json,line=160,title=kms/cn-beijing/public%3A 1 requirement broken::KMS-TLS-02 fail: expected SSLv3 refused, got SSLv3 accepted with token=REDACTED
}

func ExampleCompare() {
	before, err := exampleRun(report.Pass, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	after, err := exampleRun(report.Inconclusive, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range report.Compare(before, after).Changes {
		fmt.Println(c.Kind, c.Endpoint, c.Requirement)
	}
	// Output:
	// newly-inconclusive kms/cn-beijing/public KMS-TLS-02
}
