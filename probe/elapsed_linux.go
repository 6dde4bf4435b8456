package probe

import (
	"time"

	"golang.org/x/sys/unix"
)

// elapsing returns a clock that nobody sets and that goes on while the machine sleeps, which the
// one behind [time.Since] does not.
func elapsing() func() time.Duration {
	return func() time.Duration {
		var ts unix.Timespec
		if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &ts); err != nil {
			return 0 // which no kernel that Go runs on says; nothing is late then
		}
		return time.Duration(ts.Nano())
	}
}
