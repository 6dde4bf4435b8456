package gaap_test

import (
	"flag"
	"testing"

	"github.com/onsi/ginkgo/v2"

	"prober/suites/gaap"
	"prober/suites/run"
)

var door = run.Bind(flag.CommandLine, "GAAP", gaap.Suite())

// What "ginkgo outline" and "ginkgo labels" can see: the specs in it are those of the selected
// endpoints.
var _ = ginkgo.Describe("GAAP", ginkgo.Label("product:gaap"), door.Specs)

// TestGAAP runs the suite under "go test" and the ginkgo command.
func TestGAAP(t *testing.T) { door.Test(t, ginkgo.RunSpecs) }
