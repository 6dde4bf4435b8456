package phrase

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

const oneDay = 24 * time.Hour

// Duration writes a duration as people say it, as exactly as matters at its length: "42 s", "1 min 30 s", "25 min", "3 h 5 min",
// "12 d 4 h".
func Duration(d time.Duration) string {
	d = max(d, 0).Round(time.Second)
	switch {
	case d < 10*time.Minute:
	case d < oneDay:
		d = d.Truncate(time.Minute)
	default:
		d = d.Truncate(time.Hour)
	}
	return Exactly(d)
}

// Exactly writes a duration exactly, in the same form.
func Exactly(d time.Duration) string {
	if d != 0 && d%time.Second != 0 {
		return Latency(d.Seconds())
	}
	var parts []string
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{oneDay, "d"}, {time.Hour, "h"}, {time.Minute, "min"}, {time.Second, "s"}} {
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

// Ago says how long ago something was.
func Ago(d time.Duration) string {
	if d < time.Second {
		return "just now"
	}
	return Duration(d) + " ago"
}

// Latency writes a latency with as many digits as mean something.
func Latency(seconds float64) string {
	switch {
	case seconds < 0.010:
		return fmt.Sprintf("%.1f ms", seconds*1e3)
	case seconds < 1:
		return fmt.Sprintf("%.0f ms", seconds*1e3)
	case seconds < 60:
		return fmt.Sprintf("%.1f s", seconds)
	default:
		return Duration(time.Duration(seconds * float64(time.Second)))
	}
}

// Clock writes an instant for people.
func Clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// Upper makes s the beginning of a sentence.
func Upper(s string) string { return cased(s, unicode.ToUpper) }

// Lower makes s a part of a sentence.
func Lower(s string) string { return cased(s, unicode.ToLower) }

func cased(s string, to func(rune) rune) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(to(first)) + s[size:]
}

// Plural is the word for n of something.
func Plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// maxText bounds each text that comes from the wire, in bytes.
const maxText = 300

// Clean makes text from the wire fit for logs, pages and labels: valid UTF-8, on one
// line, without control characters, of bounded length.
func Clean(s string) string {
	if len(s) <= maxText && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
		return s // nearly always
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if len(s) <= maxText {
		return s
	}
	return strings.ToValidUTF8(s[:maxText-len("…")], "") + "…" // without part of a character
}

// Bare is a command without the prompt that it is remembered with.
func Bare(command string) string { return strings.TrimPrefix(command, "$ ") }
