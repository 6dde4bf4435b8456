package report

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// printable replaces what a terminal or a page would not show as text.
func printable(s string) string {
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

// visible is printable that also writes format characters as escapes, such as \u202e: they
// have no shape of their own, and some turn the text after them around, so that a name or a
// command would read as another one. Line and paragraph separators are among them.
func visible(s string) string {
	s = printable(s)
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

func isFormat(r rune) bool { return unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) }

// shown is r with every text visible, for the formats that people read.
func (r *Report) shown() (*Report, error) {
	out, err := rewritten(*r, visible)
	return &out, err
}

// withoutEvidence is r for formats that only refer to evidence.
func (r *Report) withoutEvidence() *Report {
	out := *r
	out.Evidence = nil
	return &out
}

// cut returns at most n bytes of s, not ending within a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// ellipsis is cut that shows that something is missing.
func ellipsis(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.TrimSpace(cut(s, n)) + "…"
}

// wholeLines is ellipsis that ends with a whole line, or with a whole word where the first
// line is too long: half a command does something else than the whole one.
func wholeLines(s string, n int) string {
	if len(s) <= n {
		return s
	}
	s = cut(s, n+1) // a line that ends just there is whole
	if i := strings.LastIndexByte(s, '\n'); i > 0 {
		return strings.TrimRight(s[:i], " \r\n") + "\n…"
	}
	if i := strings.LastIndexByte(s, ' '); i > 0 {
		return strings.TrimRight(s[:i], " ") + " …"
	}
	return cut(s, n) + "…"
}

// oneLine joins the words of a text by single spaces.
func oneLine(s string) string { return strings.Join(strings.Fields(visible(s)), " ") }

// isCommand reports whether a line of a detail is a command to run.
func isCommand(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "$ ") }

// story is the detail of a result without the commands in it, for views that show the
// command to run beside it. A detail that is nothing else stays.
func (res Result) story() string {
	return without(res.Detail, isCommand)
}

// detailBesideCommand is the detail without the command that the result has of its own:
// commands for other addresses stay.
func (res Result) detailBesideCommand() string { return without(res.Detail, res.isOwnCommand) }

// showsCommand reports whether the detail has the command of the result in it.
func (res Result) showsCommand() bool {
	return slices.ContainsFunc(strings.Split(res.Detail, "\n"), res.isOwnCommand)
}

func (res Result) isOwnCommand(line string) bool {
	return res.Reproduce != "" && strings.TrimSpace(line) == "$ "+strings.TrimSpace(res.Reproduce)
}

// without drops lines from a text, unless that leaves nothing.
func without(text string, drop func(line string) bool) string {
	var kept []string
	for line := range strings.SplitSeq(text, "\n") {
		if !drop(line) {
			kept = append(kept, line)
		}
	}
	if out := strings.Join(kept, "\n"); strings.TrimSpace(out) != "" {
		return out
	}
	return text
}

// line is what a result has to say, in one line.
func (res Result) line() string {
	text := res.story()
	if text == "" && res.Expected != "" {
		text = "expected " + res.Expected + ", got " + res.Got
	}
	return oneLine(text)
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
