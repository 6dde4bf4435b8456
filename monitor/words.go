package monitor

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// inWords writes a duration as people say it, as exactly as matters at its length: "42 s", "1 min 30 s", "25 min", "3 h 5 min",
// "12 d 4 h".
func inWords(d time.Duration) string {
	d = max(d, 0).Round(time.Second)
	switch {
	case d < 10*time.Minute:
	case d < day:
		d = d.Truncate(time.Minute)
	default:
		d = d.Truncate(time.Hour)
	}
	return intervalInWords(d)
}

// intervalInWords writes a duration exactly, in the same form.
func intervalInWords(d time.Duration) string {
	if d != 0 && d%time.Second != 0 {
		return inMillis(d.Seconds())
	}
	var parts []string
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{day, "d"}, {time.Hour, "h"}, {time.Minute, "min"}, {time.Second, "s"}} {
		if n := d / u.unit; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, u.name))
			d %= u.unit
		}
	}
	if len(parts) == 0 {
		return "0 s"
	}
	return strings.Join(parts, " ")
}

// ago says how long ago something was.
func ago(d time.Duration) string {
	if d < time.Second {
		return "just now"
	}
	return inWords(d) + " ago"
}

// inMillis writes a latency with as many digits as mean something.
func inMillis(seconds float64) string {
	switch {
	case seconds < 0.010:
		return fmt.Sprintf("%.1f ms", seconds*1e3)
	case seconds < 1:
		return fmt.Sprintf("%.0f ms", seconds*1e3)
	case seconds < 60:
		return fmt.Sprintf("%.1f s", seconds)
	default:
		return inWords(time.Duration(seconds * float64(time.Second)))
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
