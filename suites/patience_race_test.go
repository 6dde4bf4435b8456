//go:build race

package suites_test

import "time"

// patience is how long a phase may take: the race detector slows everything down.
const patience = 6 * time.Second
