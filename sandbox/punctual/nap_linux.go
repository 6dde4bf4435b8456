package punctual

import (
	"time"

	"golang.org/x/sys/unix"
)

// nap sleeps for d, or less where a signal comes.
func nap(d time.Duration) {
	ts := unix.NsecToTimespec(int64(d))
	_ = unix.Nanosleep(&ts, nil) // who calls looks at the clock
}
