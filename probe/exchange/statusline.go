package exchange

import (
	"bytes"
	"fmt"

	"prober/probe/reason"
)

// startsAsHTTP looks whether a reply, or another one after an informational one, begins with
// "HTTP/", and no further than its first byte that is wrong: what is no HTTP may never send a
// whole line.
func (x *exchange) startsAsHTTP(again bool) bool {
	const prefix = "HTTP/"
	for n := 1; n <= len(prefix); n++ {
		got, err := x.in.Peek(n)
		if err != nil {
			x.broken(err)
			return false
		}
		if upper(got[n-1]) != prefix[n-1] {
			all, _ := x.in.Peek(x.in.Buffered())
			what := "the reply is "
			if again {
				what = "what follows an informational reply is "
			}
			x.reply.note(reason.HeadersProtocol, what+guessProtocol(all))
			return false
		}
	}
	return true
}

// guessProtocol names what start may be the start of, and quotes at most 24 bytes of it.
func guessProtocol(start []byte) string {
	if known := Foreign(start); known != "" {
		return known
	}
	quoted := quotedStart(start)
	switch {
	case len(start) >= 3 && start[0] >= 0x14 && start[0] <= 0x17 && start[1] == 3:
		return "a TLS record: " + quoted
	case bytes.HasPrefix(start, []byte("<")):
		return "text without a status line, as in HTTP/0.9: " + quoted
	default:
		return "no HTTP: " + quoted
	}
}

func quotedStart(start []byte) string { return fmt.Sprintf("%q", start[:min(len(start), 24)]) }

// Foreign names the protocol, neither HTTP/1.1 nor TLS, that the first bytes from a server show, and
// quotes at most 24 of them; empty where they show none that is known here.
func Foreign(start []byte) string {
	quoted := quotedStart(start)
	has := func(prefix string) bool { return bytes.HasPrefix(start, []byte(prefix)) }
	onStream0 := len(start) >= 9 && start[4]&^1 == 0 && start[5]|start[6]|start[7]|start[8] == 0
	switch {
	case has("SSH-"):
		return "an SSH banner: " + quoted
	case has("ICY "):
		return "a SHOUTcast (ICY) status line: " + quoted
	case has("PRI * HTTP/2"):
		return "the client's preface of HTTP/2: " + quoted
	// RFC 9113, section 3.4: a server begins with SETTINGS (type 4) on stream 0, whose entries have six
	// bytes; some only say GOAWAY (type 7) to what is no HTTP/2.
	case onStream0 && start[3] == 4 && start[4] == 0 && start[0] == 0 && (int(start[1])<<8|int(start[2]))%6 == 0:
		return "an HTTP/2 SETTINGS frame: " + quoted
	case onStream0 && start[3] == 7 && start[4] == 0 && start[0] == 0 && int(start[1])<<8|int(start[2]) >= 8:
		return "an HTTP/2 GOAWAY frame: " + quoted
	case has("220 "), has("220-"):
		return "an SMTP or FTP greeting: " + quoted
	case has("AMQP"):
		return "an AMQP header: " + quoted
	case has("RFB 0"):
		return "a VNC greeting: " + quoted
	case len(start) > 5 && start[2] == 0 && start[3] == 0 && start[4] == 10 && isDigit(start[5]):
		return "a greeting of MySQL: " + quoted
	}
	return ""
}

// judgeStatusLine reads "HTTP/1.1 200 OK" (RFC 9112, section 4) into the reply and
// returns the status. It reports whether the header section can be read on.
func (x *exchange) judgeStatusLine(line []byte) (int, bool) {
	proto, rest, hasStatus := bytes.Cut(line, []byte(" "))
	name, ok := protoName(proto)
	switch {
	case !ok:
		x.reply.note(reason.HeadersMalformed, fmt.Sprintf("the status line begins with %q, which is no version such as HTTP/1.1", proto[:min(len(proto), 24)]))
		return 0, false
	case name != "HTTP/1.1" && name != "HTTP/1.0":
		x.reply.note(reason.HeadersProtocol, fmt.Sprintf("the status line says %s, not HTTP/1.1", name))
		return 0, false
	case name != string(proto):
		x.lax(fmt.Sprintf("the status line says %q in place of %s", proto, name))
	}
	x.reply.Proto = name
	if spaced := bytes.TrimLeft(rest, " "); len(spaced) < len(rest) {
		x.lax("more than one space in front of the status code")
		rest = spaced
	}
	digits, phrase, _ := bytes.Cut(rest, []byte(" "))
	status, ok := threeDigits(digits)
	if !hasStatus || !ok {
		x.reply.note(reason.HeadersBadStatus, fmt.Sprintf("the status code is %q, not three digits", digits[:min(len(digits), 12)]))
		return 0, false
	}
	if at := badFieldByte(string(phrase)); at >= 0 {
		x.lapsed(lapse{fmt.Sprintf("byte %#02x in the reason phrase", phrase[at]), bytes.IndexByte(phrase, 0) >= 0}, reason.HeadersMalformed)
	}
	if status < 100 || status > 599 {
		x.reply.note(reason.HeadersBadStatus, fmt.Sprintf("status %03d is in no class that RFC 9110 defines", status))
	}
	if status < 100 || status > 199 {
		x.reply.Status, x.reply.Reason = status, string(phrase)
	}
	return status, true
}

// protoName returns the version of a status line in capitals; of those without a minor number
// too, as "HTTP/2". It reports false for what is none.
func protoName(proto []byte) (string, bool) {
	switch string(proto) { // without an allocation for the usual ones
	case "HTTP/1.1":
		return "HTTP/1.1", true
	case "HTTP/1.0":
		return "HTTP/1.0", true
	}
	const form = "HTTP/d.d"
	n := len(proto)
	whole, short := n == len(form) && proto[6] == '.' && isDigit(proto[7]), n == len("HTTP/d")
	if !whole && !short || !isDigit(proto[5]) {
		return "", false
	}
	return string(bytes.ToUpper(proto)), true
}

func upper(b byte) byte {
	if 'a' <= b && b <= 'z' {
		return b - 'a' + 'A'
	}
	return b
}

func threeDigits(b []byte) (int, bool) {
	if len(b) != 3 || !isDigit(b[0]) || !isDigit(b[1]) || !isDigit(b[2]) {
		return 0, false
	}
	return int(b[0]-'0')*100 + int(b[1]-'0')*10 + int(b[2]-'0'), true
}
