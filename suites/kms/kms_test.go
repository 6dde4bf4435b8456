package kms_test

import (
	"flag"
	"testing"

	"github.com/onsi/ginkgo/v2"

	"prober/suites/kms"
	"prober/suites/run"
)

var options = run.Bind(flag.CommandLine)

// TestKMS is the door to the suite for "go test" and the ginkgo command.
func TestKMS(t *testing.T) { run.Door(t, options, "KMS", kms.Suite(), ginkgo.RunSpecs) }
