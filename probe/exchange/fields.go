package exchange

import (
	"fmt"
	"net/http"
	"net/textproto"
	"strings"

	"prober/probe/reason"
)

// judgeFields parses the field lines of a header section (RFC 9112, section 5). section
// ends with the empty line. A line that breaks the grammar is found as
// headers/malformed and left out; a continuation line too, but it is joined to the value
// it continues, as section 5.2 asks of a client.
func (x *exchange) judgeFields(section string) http.Header {
	lines := strings.Count(section, "\n")
	header := make(http.Header, lines)
	values := make([]string, 0, lines) // one array for the values of all names
	last := ""                         // the name that a continuation line continues
	for number := 2; section != ""; number++ {
		line, rest, _ := strings.Cut(section, "\n")
		line, section = strings.TrimSuffix(line, "\r"), rest
		if line == "" {
			break
		}
		if line[0] == ' ' || line[0] == '\t' {
			x.malformedField(number, "a line folded onto the next (obs-fold)")
			if v := header[last]; len(v) > 0 {
				v[len(v)-1] = trimOWS(v[len(v)-1] + " " + trimOWS(line))
			}
			continue
		}
		name, value, why := splitField(line)
		if why != "" {
			x.malformedField(number, why)
			last = ""
			continue
		}
		name = textproto.CanonicalMIMEHeaderKey(name)
		last = name
		if existing, ok := header[name]; ok {
			header[name] = append(existing, value)
			continue
		}
		values = append(values, value)
		header[name] = values[len(values)-1 : len(values) : len(values)]
	}
	return header
}

func (x *exchange) malformedField(line int, why string) {
	x.reply.note(reason.HeadersMalformed, fmt.Sprintf("line %d: %s", line, why))
}

// splitField takes "name: value" apart; why says what is wrong with it. The value may be
// a secret that the server repeats, so why never quotes it.
func splitField(line string) (name, value, why string) {
	name, value, ok := strings.Cut(line, ":")
	if !ok {
		return "", "", "no colon"
	}
	if name == "" {
		return "", "", "empty field name"
	}
	for i := range len(name) {
		switch {
		case isTokenByte(name[i]):
		case i == len(strings.TrimRight(name, " \t")):
			return "", "", "white space before the colon"
		default:
			return "", "", fmt.Sprintf("byte %#02x in the field name", name[i])
		}
	}
	value = trimOWS(value)
	if at := badFieldByte(value); at >= 0 {
		return "", "", fmt.Sprintf("byte %#02x in the value of %s", value[at], name[:min(len(name), 40)])
	}
	return name, value, ""
}

// trimOWS removes optional white space (RFC 9110, section 5.6.3).
func trimOWS(s string) string { return strings.Trim(s, " \t") }

// badFieldByte returns the offset of the first byte that may not stand in a field value
// or reason phrase: a control character other than HTAB (RFC 9110, section 5.5); -1 if
// there is none. Bytes from 0x80 are obs-text and allowed.
func badFieldByte(s string) int {
	for i := range len(s) {
		if b := s[i]; b < ' ' && b != '\t' || b == 0x7f {
			return i
		}
	}
	return -1
}

// isTokenByte reports whether b may stand in a token (RFC 9110, section 5.6.2), as
// field names are.
func isTokenByte(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || isDigit(b) || strings.IndexByte("!#$%&'*+-.^_`|~", b) >= 0
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }
