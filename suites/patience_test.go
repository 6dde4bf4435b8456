//go:build !race

package suites_test

import "time"

// patience is how long a phase may take.
const patience = 500 * time.Millisecond
