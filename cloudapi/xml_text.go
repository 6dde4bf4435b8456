package cloudapi

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

func isXMLChar(r rune) bool {
	return r >= ' ' && (r < 0xd800 || r > 0xdfff) && r != 0xfffe && r != 0xffff || r == '\t' || r == '\n' || r == '\r'
}

// newlines makes each end of a line LF alone (XML 1.0, section 2.11).
func newlines(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

// characters reads text with its references.
func (x *xmlReader) characters() (xmlToken, error) {
	begin := x.at
	text, err := x.upTo("<", "element "+x.element())
	if err != nil {
		return xmlToken{}, err
	}
	x.at = begin
	if i := strings.Index(text, "]]>"); i >= 0 {
		x.at += i
		return x.bad("]]> outside a CDATA section")
	}
	text, err = x.resolved(text)
	return xmlToken{xmlText, text}, err
}

func (x *xmlReader) cdata() (xmlToken, error) {
	x.took("<![CDATA[")
	text, err := x.upTo("]]>", "a CDATA section")
	return xmlToken{xmlText, newlines(text)}, err
}

// resolved passes over text and returns it with its references replaced.
func (x *xmlReader) resolved(text string) (string, error) {
	end := x.at + len(text)
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(text, "&")
		b.WriteString(newlines(before))
		if !ok {
			x.at = end
			return b.String(), nil
		}
		x.at = end - len(after) - 1
		reference, rest, ok := strings.Cut(after, ";")
		r := referenced(reference)
		if !ok || r == 0 {
			_, err := x.bad("a reference to nothing that is defined")
			return "", err
		}
		b.WriteRune(r)
		text = rest
	}
}

// referenced is the character that a reference stands for; 0 where it stands for none.
func referenced(name string) rune {
	switch name {
	case "amp":
		return '&'
	case "lt":
		return '<'
	case "gt":
		return '>'
	case "quot":
		return '"'
	case "apos":
		return '\''
	}
	digits, isNumber := strings.CutPrefix(name, "#")
	base := 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	code, err := strconv.ParseUint(digits, base, 21) // which takes no sign
	if r := rune(code); isNumber && err == nil && r <= utf8.MaxRune && isXMLChar(r) {
		return r
	}
	return 0
}
