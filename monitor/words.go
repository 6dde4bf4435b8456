package monitor

import (
	"fmt"
	"time"
)

// inWords writes a duration as people say it: "42 s", "3 h 5 min", "12 d 4 h".
func inWords(d time.Duration) string {
	d = max(d, 0)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%d min", d/time.Minute)
	case d < 24*time.Hour:
		return fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute)
	default:
		day := 24 * time.Hour
		return fmt.Sprintf("%d d %d h", d/day, d%day/time.Hour)
	}
}

// intervalInWords writes a duration exactly.
func intervalInWords(d time.Duration) string {
	if d%time.Minute == 0 {
		return fmt.Sprintf("%d min", d/time.Minute)
	}
	return d.String()
}

// inMillis writes a latency with as many digits as mean something.
func inMillis(seconds float64) string {
	switch {
	case seconds < 0.010:
		return fmt.Sprintf("%.1f ms", seconds*1e3)
	case seconds < 1:
		return fmt.Sprintf("%.0f ms", seconds*1e3)
	default:
		return fmt.Sprintf("%.1f s", seconds)
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
