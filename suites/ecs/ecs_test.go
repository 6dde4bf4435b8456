package ecs_test

import (
	"flag"
	"testing"

	"github.com/onsi/ginkgo/v2"

	"prober/suites/ecs"
	"prober/suites/run"
)

var options = run.Bind(flag.CommandLine)

// TestECS is the door to the suite for "go test" and the ginkgo command.
func TestECS(t *testing.T) { run.Door(t, options, "ECS", ecs.Suite(), ginkgo.RunSpecs) }
