package prose

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// hidden reports whether r is a character that a terminal obeys, that has no shape of its own, or
// that turns the text after it around: shown as it is, a name or a command would read as another
// one. They are the control characters, the format characters (the overrides and isolates of
// bidirectional text, zero-width characters and tags among them), the separators of lines and
// paragraphs, and what else Unicode lets a renderer ignore. Of the selectors of variants nothing
// can be made but another form of the character before them.
func hidden(r rune) bool {
	switch {
	case r < 0xad:
		return r < ' ' || r >= 0x7f && r < 0xa0
	case unicode.Is(unicode.Variation_Selector, r):
		return false
	}
	return unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point)
}

// escape appends r as text that anybody can read, such as \u202e. JSON reads the same in it, for
// which a character beyond U+FFFF is written as two.
func escape(b []byte, r rune, asJSON bool) []byte {
	switch {
	case r <= 0xffff:
		return fmt.Appendf(b, `\u%04x`, r)
	case asJSON:
		const high, low, beyond = 0xd800, 0xdc00, 0x10000
		return fmt.Appendf(b, `\u%04x\u%04x`, high+(r-beyond)>>10, low+(r-beyond)&0x3ff)
	}
	return fmt.Appendf(b, `\U%08x`, r)
}

// Visible is s with its hidden characters as escapes, but for tabs and line ends, and with U+FFFD
// for what is no UTF-8. A carriage return is none of them unless a line feed follows, and goes
// then.
func Visible(s string) string {
	if plain(s) {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return shown(s, func(r rune) bool { return hidden(r) && r != '\n' && r != '\t' })
}

// Line is [Visible] of text that is to stay on one line as it is, such as a command: line ends and
// tabs are escapes too.
func Line(s string) string { return shown(s, hidden) }

// plain reports whether s is nothing but printable ASCII and line feeds, as nearly all text is.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\n' || c >= 0x7f {
			return false
		}
	}
	return true
}

func shown(s string, hide func(rune) bool) string {
	if utf8.ValidString(s) && strings.IndexFunc(s, hide) < 0 {
		return s
	}
	b := make([]byte, 0, len(s)+16)
	for _, r := range s { // what is no UTF-8 comes as U+FFFD
		if hide(r) {
			b = escape(b, r, false)
		} else {
			b = utf8.AppendRune(b, r)
		}
	}
	return string(b)
}

// JSON writes the hidden characters of a JSON text as escapes, which say the same to whoever
// decodes it. Those outside strings, which lay it out, stay.
func JSON(text []byte) []byte {
	hide := func(r rune) bool { return r >= 0x7f && hidden(r) } // JSON itself escapes the others
	if bytes.IndexFunc(text, hide) < 0 {
		return text
	}
	b := make([]byte, 0, len(text)+64)
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if hide(r) {
			b = escape(b, r, true)
		} else {
			b = append(b, text[:size]...)
		}
		text = text[size:]
	}
	return b
}

// Printable replaces what a terminal or a page would not show as text by U+FFFD. Tabs and
// line ends stay. It is for evidence, whose bytes stand beside it; elsewhere see [Visible].
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

// Guard returns a writer to a terminal, or to whatever may end up on one: all that goes through it
// comes out [Visible], so that nothing that a server, a resolver or a file says reaches the
// terminal by a way that nobody thought of. A character may come in several writes.
func Guard(w io.Writer) io.Writer { return &guard{to: w} }

type guard struct {
	to   io.Writer
	part []byte // the beginning of a character whose end is still to come
}

// Write implements io.Writer.
func (g *guard) Write(p []byte) (int, error) {
	text := slices.Concat(g.part, p)
	end := len(text)
	for i := max(0, end-utf8.UTFMax+1); i < end; i++ {
		if utf8.RuneStart(text[i]) && !utf8.FullRune(text[i:]) {
			end = i
		}
	}
	g.part = bytes.Clone(text[end:])
	if _, err := io.WriteString(g.to, Visible(string(text[:end]))); err != nil {
		return 0, err
	}
	return len(p), nil
}
