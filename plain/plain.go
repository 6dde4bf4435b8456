// Package plain makes text from the wire fit for a line that people read. It is the one place
// that says which characters a terminal would obey or hide, and it stands below everything that
// writes such lines, so that they are clean from where they are made.
package plain

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line returns s in one line of valid UTF-8, of at most so many bytes: ends of lines and tabs
// become spaces, and what a terminal obeys, or what turns the text around it, U+FFFD. A line that
// is cut ends in "…". Most lines are returned as they are, without an allocation.
func Line(s string, most int) string {
	cut := ""
	if len(s) > most {
		s, cut = whole(s[:max(0, most-len("…"))]), "…"
	}
	if strings.IndexFunc(s, hidden) < 0 {
		return s + cut
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case hidden(r):
			return utf8.RuneError
		}
		return r
	}, s)
	if len(s)+len(cut) > most { // U+FFFD is longer than what it stands for
		s, cut = whole(s[:max(0, most-len("…"))]), "…"
	}
	return s + cut
}

// whole returns s without the beginning of a character at its end.
func whole(s string) string {
	for n := 1; n < utf8.UTFMax && n <= len(s); n++ {
		if b := s[len(s)-n]; utf8.RuneStart(b) {
			if b >= utf8.RuneSelf && !utf8.FullRuneInString(s[len(s)-n:]) {
				return s[:len(s)-n]
			}
			break
		}
	}
	return s
}

// hidden reports whether a character has no place in a line: control characters (C0, DEL and
// C1), those that turn text around, separators of lines, and those without a width, of which
// names that look alike are made. Bytes that are no UTF-8 come as U+FFFD.
func hidden(r rune) bool {
	switch {
	case r < ' ', r >= 0x7f && r < 0xa0:
		return true
	case r < 0xa0:
		return false
	}
	return r == utf8.RuneError || r == 0x2028 || r == 0x2029 || r == 0x200b || r == 0x200c || r == 0x200d || r == 0xfeff || unicode.Is(unicode.Bidi_Control, r)
}
