package run_test

import (
	"context"
	"flag"
	"fmt"
	"io"

	endpoints "prober"
	"prober/report"
	"prober/session"
	"prober/suites/run"
)

// A program judges endpoints by their documented rules without Ginkgo's command.
func ExampleConformance() {
	var o run.ConformanceOptions
	flags := flag.NewFlagSet("judge", flag.ContinueOnError)
	o.BindConformance(flags)
	_ = flags.Parse([]string{"--sandbox", "--region", "cn-hangzhou", "--requirement", "KMS-TLS-02", "--fault", "kms/cn-hangzhou/vpc=version_accepted"})
	done, err := run.Conformance(context.Background(), &o, run.Environment{
		Environment: session.Environment{Embedded: endpoints.Endpoints()}, Talk: io.Discard, Tool: report.Tool{Name: "judge", Version: "1"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range done.Results {
		fmt.Println(r.Endpoint, r.Requirement, r.Outcome)
	}
	// Output:
	// kms/cn-hangzhou/public KMS-TLS-02 pass
	// kms/cn-hangzhou/vpc KMS-TLS-02 fail
}
