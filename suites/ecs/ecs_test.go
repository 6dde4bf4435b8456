package ecs_test

import (
	"flag"
	"testing"

	"github.com/onsi/ginkgo/v2"

	"prober/suites/ecs"
	"prober/suites/run"
)

var door = run.Bind(flag.CommandLine, "ECS", ecs.Suite())

// What "ginkgo outline" and "ginkgo labels" can see: the specs in it are those of the selected
// endpoints.
var _ = ginkgo.Describe("ECS", ginkgo.Label("product:ecs"), door.Specs)

// TestECS runs the suite under "go test" and the ginkgo command.
func TestECS(t *testing.T) { door.Test(t, ginkgo.RunSpecs) }
