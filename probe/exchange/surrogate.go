package exchange

import (
	"bytes"
	"fmt"
	"strconv"
	"unicode/utf16"
)

// loneJSONSurrogate returns the offset of the first \u escape in a JSON string that is
// half of a surrogate pair without the other half, and its name; -1 if there is none.
// RFC 8259, section 8.2, warns of it and RFC 7493, section 2.1, forbids it.
func loneJSONSurrogate(text []byte) (int, string) {
	inString := false
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '"':
			inString = !inString
		case text[i] != '\\' || !inString:
		default:
			unit, ok := jsonEscape(text[i:])
			if !ok {
				i++ // the escaped character, which may be a quote or a backslash
				continue
			}
			low, hasLow := jsonEscape(text[i+jsonEscapeLen:])
			paired := hasLow && utf16.DecodeRune(rune(unit), rune(low)) != '\uFFFD'
			switch {
			case paired:
				i += 2*jsonEscapeLen - 1
			case utf16.IsSurrogate(rune(unit)):
				return i, fmt.Sprintf("lone surrogate \\u%04x", unit)
			default:
				i += jsonEscapeLen - 1
			}
		}
	}
	return -1, ""
}

const jsonEscapeLen = len(`\u0000`)

// jsonEscape reads the \u escape of four digits at the start of text.
func jsonEscape(text []byte) (uint16, bool) {
	if len(text) < jsonEscapeLen || text[0] != '\\' || text[1] != 'u' || !isHex(text[2:jsonEscapeLen]) {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(text[2:jsonEscapeLen]), 16, 16)
	return uint16(unit), err == nil
}

// loneXMLSurrogate returns the offset of the first character reference of XML to a
// surrogate (&#xD800; or &#55296;), and its name; -1 if there is none. XML 1.0, section
// 4.1, allows no such reference, also not in pairs. Comments and CDATA sections hold no
// references.
func loneXMLSurrogate(text []byte) (int, string) {
	for i := 0; ; {
		next := bytes.IndexAny(text[i:], "<&")
		if next < 0 {
			return -1, ""
		}
		i += next
		switch rest := text[i:]; {
		case bytes.HasPrefix(rest, []byte("<!--")):
			i += spanTo(rest, "-->")
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			i += spanTo(rest, "]]>")
		default:
			if code, ok := xmlReference(rest); ok && utf16.IsSurrogate(code) {
				return i, fmt.Sprintf("character reference to the surrogate U+%04X", code)
			}
			i++
		}
	}
}

// spanTo returns the length of text up to and with end; all of it if end is missing.
func spanTo(text []byte, end string) int {
	if at := bytes.Index(text, []byte(end)); at >= 0 {
		return at + len(end)
	}
	return len(text)
}

// maxXMLReference bounds how far the semicolon of a character reference is looked for.
const maxXMLReference = 32

// xmlReference reads the &#D; or &#xH; at the start of text, if there is one.
func xmlReference(text []byte) (rune, bool) {
	body, ok := bytes.CutPrefix(text[:min(len(text), maxXMLReference)], []byte("&#"))
	if !ok {
		return 0, false
	}
	body, _, ok = bytes.Cut(body, []byte(";"))
	if !ok {
		return 0, false
	}
	base := 10
	if digits, isHex := bytes.CutPrefix(body, []byte("x")); isHex {
		body, base = digits, 16
	}
	code, err := strconv.ParseUint(string(body), base, 21)
	return rune(code), err == nil
}
