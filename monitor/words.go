package monitor

import (
	"fmt"
	"time"
	"unicode"
	"unicode/utf8"
)

// inWords writes a duration as people say it: "42 s", "3 h 5 min", "12 d 4 h".
func inWords(d time.Duration) string {
	d = max(d, 0).Round(time.Second)
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
	switch {
	case d%time.Minute == 0:
		return fmt.Sprintf("%d min", d/time.Minute)
	case d < time.Minute && d%time.Second == 0:
		return fmt.Sprintf("%d s", d/time.Second)
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

// clockTime writes an instant for people.
func clockTime(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// upper makes s the beginning of a sentence, and lower a part of one.
func upper(s string) string { return cased(s, unicode.ToUpper) }

func lower(s string) string { return cased(s, unicode.ToLower) }

func cased(s string, to func(rune) rune) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(to(first)) + s[size:]
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
