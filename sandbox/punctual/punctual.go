// Package punctual ends a wait on time. The runtime's timers may be a millisecond late, which is what
// a measured delay is to be exact to: so the last stretch of a wait is slept by the system, whose timers are
// finer. It takes a thread for that long.
package punctual

import "time"

// Stretch is how long before its end a wait is handed to [Until].
const Stretch = 2 * time.Millisecond

// Early is how long to wait by a timer of the runtime for a wait of d that ends with [Until].
func Early(d time.Duration) time.Duration { return max(d-Stretch, 0) }

// Until returns at t, which is near, and never before.
func Until(t time.Time) {
	for d := time.Until(t); d > 0; d = time.Until(t) {
		nap(d)
	}
}
