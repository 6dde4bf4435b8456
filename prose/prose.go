// Package prose writes text for people, some of which came from the wire or from a file of
// somebody else: on one line, of a bounded length, and without characters that hide, or that a
// terminal obeys. [Guard] stands at the outputs; the other functions are for what is written
// between.
package prose

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"prober/limit"
)

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

// Middle is at most n bytes of s, and says how much it leaves out of its middle: what a message is
// about stands at its beginning, and what to do about it at its end.
func Middle(s string, n int) string {
	if len(s) <= n {
		return s
	}
	head := Cut(s, n*2/3)
	tail := s[len(s)-n/4:]
	for tail != "" && !utf8.RuneStart(tail[0]) {
		tail = tail[1:]
	}
	return fmt.Sprintf("%s … %d bytes … %s", head, len(s)-len(head)-len(tail), tail)
}

// Short is a word for a column of a table, on one line and at most [limit.ShownWord] bytes.
func Short(s string) string { return Ellipsis(OneLine(Cut(s, 2*limit.ShownWord)), limit.ShownWord) }

// Brief is a text of one line, of which [limit.ShownLine] bytes are shown.
func Brief(s string) string { return Middle(OneLine(Middle(s, 4*limit.ShownLine)), limit.ShownLine) }

// userinfo is what stands before the "@" of a URL, or of a host and port, where a password may be. What is no
// URL any more for what stands in it is one up to the last "@" of the word, and so is one with a slash too few or without its scheme.
// A quote may be part of it where it is escaped, as in a text that is quoted.
var userinfo = func() *regexp.Regexp {
	const (
		begin    = `((?:[A-Za-z][A-Za-z0-9+.-]*:/+|//))`
		ofURL    = begin + `(?:\\.|[^\s/?#"<>])*@`
		noURL    = begin + `[^\s/?#"'<>:@]*:(?:\\.|[^\s"<>])*@`
		bareHost = `(^|[\s"'=(,\[{])[^\s/:@"'=(,\[{]+:(?:\\.|[^\s/@"])(?:\\.|[^\s@"])*@`
	)
	return regexp.MustCompile(ofURL + "|" + noURL + "|" + bareHost)
}()

// NoUserinfo is a text without the names and passwords that stand in URLs in it, such as somebody has typed: "https://...@host/".
func NoUserinfo(s string) string {
	if !strings.Contains(s, "@") { // nearly always
		return s
	}
	return userinfo.ReplaceAllString(s, "$1$2$3...@")
}

// Command is a command line to copy, or a word on why none is shown: half a command does something
// else than the whole one.
func Command(s string) string {
	if len(s) > limit.ShownCommand {
		return fmt.Sprintf("(a command of %d bytes, too long to show)", len(s))
	}
	return "$ " + Line(s)
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
