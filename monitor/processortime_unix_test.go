//go:build unix

package monitor

import (
	"syscall"
	"testing"
	"time"
)

// processorTime is what this process has used: on a machine that does other things too, the time
// that passes says little.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
