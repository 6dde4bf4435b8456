package gaap_test

import (
	"flag"
	"testing"

	"github.com/onsi/ginkgo/v2"

	"prober/suites/gaap"
	"prober/suites/run"
)

var options = run.Bind(flag.CommandLine)

// TestGAAP is the door to the suite for "go test" and the ginkgo command.
func TestGAAP(t *testing.T) { run.Door(t, options, "GAAP", gaap.Suite(), ginkgo.RunSpecs) }
