package gaap_test

import (
	"flag"
	"testing"

	"github.com/onsi/ginkgo/v2"

	"prober/suites/gaap"
	"prober/suites/run"
)

var options = run.Bind(flag.CommandLine)

// TestGAAP runs the suite under "go test" and the ginkgo command.
func TestGAAP(t *testing.T) {
	run.Test(t, options, "GAAP", gaap.Suite(), ginkgo.RunSpecs, ginkgo.Label("product:gaap"))
}
