// Package suites lists the suites of the project. Each product has one in a package of its
// own; kit is what they are made of, and run runs them.
package suites

import (
	"prober/suites/ecs"
	"prober/suites/gaap"
	"prober/suites/kit"
	"prober/suites/kms"
)

// All returns the suites, in the order of the catalogue.
func All() []kit.Suite { return []kit.Suite{ecs.Suite(), kms.Suite(), gaap.Suite()} }
