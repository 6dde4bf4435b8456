// Package prose writes text for people, some of which came from the wire: on one line, of a
// bounded length, and without characters that hide, or that a terminal obeys.
package prose

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Printable replaces what a terminal or a page would not show as text by U+FFFD. Tabs and
// line ends stay.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return r
		case r < ' ' || r >= 0x7f && r < 0xa0:
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(s, string(utf8.RuneError)))
}

// Visible is [Printable] that also writes format characters as escapes, such as \u202e: they
// have no shape of their own, and some turn the text after them around, so that a name or a
// command would read as another one. Line and paragraph separators are among them.
func Visible(s string) string {
	s = Printable(s)
	if strings.IndexFunc(s, isFormat) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case !isFormat(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// The first of them is the soft hyphen, U+00AD.
func isFormat(r rune) bool {
	return r >= 0xad && unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
}

// Terminal replaces by "?" what a terminal would obey, or what turns text around. Every
// character stays one, so that columns do.
func Terminal(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError || unicode.Is(unicode.Bidi_Control, r) {
			return '?'
		}
		return r
	}, s)
}

// OneLine joins the words of a text, made [Visible], by single spaces.
func OneLine(s string) string { return strings.Join(strings.Fields(Visible(s)), " ") }

// Cut returns at most n bytes of s, not ending within a character.
func Cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// Ellipsis is [Cut] that shows that something is missing.
func Ellipsis(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.TrimSpace(Cut(s, n)) + "…"
}

// WholeLines is [Ellipsis] that ends with a whole line, or with a whole word where the first
// line is too long: half a command does something else than the whole one.
func WholeLines(s string, n int) string {
	if len(s) <= n {
		return s
	}
	s = Cut(s, n+1) // a line that ends just there is whole
	if i := strings.LastIndexByte(s, '\n'); i > 0 {
		return strings.TrimRight(s[:i], " \r\n") + "\n…"
	}
	if i := strings.LastIndexByte(s, ' '); i > 0 {
		return strings.TrimRight(s[:i], " ") + " …"
	}
	return Cut(s, n) + "…"
}

// OrNone returns s, or "none" for nothing.
func OrNone(s string) string { return cmp.Or(s, "none") }

// Plural counts things: "1 endpoint", "2 endpoints".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
