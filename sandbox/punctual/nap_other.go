//go:build !linux

package punctual

import "time"

func nap(d time.Duration) { time.Sleep(d) }
