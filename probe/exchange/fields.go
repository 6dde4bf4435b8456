package exchange

import (
	"fmt"
	"net/http"
	"net/textproto"
	"strings"
	"unicode/utf8"

	"prober/probe/reason"
)

// judgeFields parses the field lines of a section (RFC 9112, section 5), which ends with the
// empty line: that in front of the body, or the trailer section. The first has this number.
// A line with a grave lapse is left out. One that continues another is joined to its value, as
// section 5.2 asks of a client.
func (x *exchange) judgeFields(section string, number int, of string, grave reason.Reason) http.Header {
	lines := strings.Count(section, "\n")
	header := make(http.Header, lines)
	values := make([]string, 0, lines) // one array for the values of all names
	last := ""                         // the name that a continuation line continues
	for ; section != ""; number++ {
		line, rest, _ := strings.Cut(section, "\n")
		line, section = strings.TrimSuffix(line, "\r"), rest
		if line == "" {
			break
		}
		lapsed := func(l lapse) {
			l.what = fmt.Sprintf("%sline %d: %s", of, number, l.what)
			x.lapsed(l, grave)
		}
		if line[0] == ' ' || line[0] == '\t' {
			v := header[last]
			lapsed(lapse{"begins with white space, as if it went on with the line before (obs-fold)", len(v) == 0 || framesBody(last)})
			if len(v) > 0 {
				v[len(v)-1] = trimOWS(v[len(v)-1] + " " + trimOWS(line))
			}
			continue
		}
		name, value, l := splitField(line)
		if l.what != "" {
			lapsed(l)
		}
		if last = textproto.CanonicalMIMEHeaderKey(name); l.grave || name == "" {
			last = ""
			continue
		}
		if existing, ok := header[last]; ok {
			header[last] = append(existing, value)
			continue
		}
		values = append(values, value)
		header[last] = values[len(values)-1 : len(values) : len(values)]
	}
	return header
}

// splitField takes "name: value" apart and says what is wrong with it. The value may be a
// secret that the server repeats, so that is never quoted.
func splitField(line string) (name, value string, l lapse) {
	name, value, ok := strings.Cut(line, ":")
	if !ok {
		return "", "", lapse{"no colon", true}
	}
	field := strings.TrimRight(name, " \t")
	value = trimOWS(value)
	at := strings.IndexFunc(field, func(r rune) bool { return r >= utf8.RuneSelf || !isTokenByte(byte(r)) })
	switch bad := badFieldByte(value); {
	case name == "":
		l.what = "empty field name"
	case at >= 0:
		l.what = fmt.Sprintf("byte %#02x in the field name", field[at])
	case len(field) < len(name):
		l.what = "white space before the colon"
	case bad >= 0:
		l.what = fmt.Sprintf("byte %#02x in the value of %s", value[bad], field[:min(len(field), 40)])
	}
	l.grave = l.what != "" && (framesBody(field) || strings.IndexByte(line, 0) >= 0)
	return field, value, l
}

// framesBody reports whether a field says where the body ends. Clients differ in whether they
// read one that breaks the grammar.
func framesBody(name string) bool {
	return strings.EqualFold(name, "Content-Length") || strings.EqualFold(name, "Transfer-Encoding")
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
