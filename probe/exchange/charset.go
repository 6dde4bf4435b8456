package exchange

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"

	"prober/probe/reason"
)

// judgeLabel reports charset parameters of Content-Type (RFC 9110, section 8.3) that name
// another encoding than UTF-8.
func judgeLabel(r *Reply, header http.Header) {
	for _, contentType := range header["Content-Type"] {
		for _, label := range charsetParameters(contentType) {
			if !isUTF8Label(label) {
				r.note(reason.VerifyCharset, fmt.Sprintf("Content-Type says charset %q", shorten(label)))
			}
		}
	}
}

// judgeXMLDeclaration reports an XML declaration that names another encoding than UTF-8.
func judgeXMLDeclaration(r *Reply, text []byte) {
	if label, ok := xmlEncoding(text); ok && !isUTF8Label(label) {
		r.note(reason.VerifyCharset, fmt.Sprintf("the XML declaration says encoding %q", shorten(label)))
	}
}

// isUTF8Label reports whether a charset label means UTF-8. "utf8" is not registered but
// understood everywhere (Encoding Standard, section 4.2).
func isUTF8Label(label string) bool {
	return strings.EqualFold(label, "utf-8") || strings.EqualFold(label, "utf8")
}

// mediaType returns the type in front of the parameters, in lower case.
func mediaType(contentType string) string {
	name, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(trimOWS(name))
}

// charsetParameters returns every charset parameter of a Content-Type value, unquoted.
// package mime gives none when one parameter is broken or repeated, which is the very
// case to be seen.
func charsetParameters(contentType string) []string {
	var labels []string
	_, rest, more := strings.Cut(contentType, ";")
	for more {
		var parameter string
		parameter, rest, more = cutParameter(rest)
		name, value, ok := strings.Cut(parameter, "=")
		if ok && strings.EqualFold(trimOWS(name), "charset") {
			labels = append(labels, unquote(trimOWS(value)))
		}
	}
	return labels
}

// cutParameter cuts s at its first semicolon outside a quoted string.
func cutParameter(s string) (parameter, rest string, found bool) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case quoted && s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ';' && !quoted:
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}

// unquote removes the quotes of a quoted string (RFC 9110, section 5.6.4), and its
// backslashes.
func unquote(s string) string {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return s
	}
	var b strings.Builder
	for i := 1; i < len(s)-1; i++ {
		if s[i] == '\\' && i+1 < len(s)-1 {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// maxXMLDeclaration bounds how far the end of an XML declaration is looked for.
const maxXMLDeclaration = 1 << 10

// xmlEncoding returns the encoding that an XML declaration names (XML 1.0, section
// 4.3.3). It reports false when text has no declaration, or one that names none.
func xmlEncoding(text []byte) (string, bool) {
	declaration, ok := bytes.CutPrefix(text, []byte("<?xml"))
	if !ok || len(declaration) == 0 || !isXMLSpace(declaration[0]) {
		return "", false
	}
	declaration = declaration[:min(len(declaration), maxXMLDeclaration)]
	declaration, _, ok = bytes.Cut(declaration, []byte("?>"))
	if !ok {
		return "", false
	}
	for len(declaration) > 0 {
		name, rest, ok := bytes.Cut(declaration, []byte("="))
		if !ok {
			return "", false
		}
		rest = bytes.TrimLeft(rest, xmlSpace)
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			return "", false
		}
		value, after, ok := bytes.Cut(rest[1:], rest[:1])
		if !ok {
			return "", false
		}
		if string(bytes.Trim(name, xmlSpace)) == "encoding" {
			return string(value), true
		}
		declaration = after
	}
	return "", false
}

const xmlSpace = " \t\r\n"

func isXMLSpace(b byte) bool { return strings.IndexByte(xmlSpace, b) >= 0 }

// isXML reports whether a body is XML by its label, or without a label by its start.
func isXML(header http.Header, text []byte) bool {
	if contentType := header.Get("Content-Type"); contentType != "" {
		name := mediaType(contentType)
		return name == "application/xml" || name == "text/xml" || strings.HasSuffix(name, "+xml")
	}
	return bytes.HasPrefix(text, []byte("<?xml"))
}

// isJSON reports whether a body is JSON by its label, or else by its start: APIs label
// JSON as text/plain and text/html too.
func isJSON(header http.Header, text []byte) bool {
	name := mediaType(header.Get("Content-Type"))
	if name == "application/json" || strings.HasSuffix(name, "+json") {
		return true
	}
	text = bytes.TrimLeft(text, " \t\r\n")
	return len(text) > 0 && strings.IndexByte(`{["`, text[0]) >= 0
}
