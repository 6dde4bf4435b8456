package own_test

import (
	"flag"
	"testing"

	"github.com/onsi/ginkgo/v2"

	"prober/suites/run"
)

var door = run.BindOwn(flag.CommandLine, "OWN", "testdata/shop.yaml")

// What "ginkgo outline" and "ginkgo labels" can see: the specs in it are those of the selected
// endpoints.
var _ = ginkgo.Describe("OWN", door.Specs)

// TestOwn runs the suite under "go test" and the ginkgo command.
func TestOwn(t *testing.T) { door.Test(t, ginkgo.RunSpecs) }
