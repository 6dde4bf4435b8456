package kms_test

import (
	"flag"
	"testing"

	"github.com/onsi/ginkgo/v2"

	"prober/suites/kms"
	"prober/suites/run"
)

var door = run.Bind(flag.CommandLine, "KMS", kms.Suite())

// What "ginkgo outline" and "ginkgo labels" can see: the specs in it are those of the selected
// endpoints.
var _ = ginkgo.Describe("KMS", ginkgo.Label("product:kms"), door.Specs)

// TestKMS runs the suite under "go test" and the ginkgo command.
func TestKMS(t *testing.T) { door.Test(t, ginkgo.RunSpecs) }
