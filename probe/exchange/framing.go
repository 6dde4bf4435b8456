package exchange

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"prober/probe/reason"
)

// kind is a way in which the end of a body is told.
type kind uint8

const (
	noBody     kind = iota // the status or the method excludes one
	byLength               // Content-Length
	byChunks               // Transfer-Encoding: chunked
	untilClose             // the end of the stream
)

// framing is how the body of a reply is framed.
type framing struct {
	kind   kind
	length int64 // of byLength
}

// framing decides where the body of the reply ends, by the rules of RFC 9112, section
// 6.3, and in their order. It reports false when that cannot be known.
func (x *exchange) framing() (framing, bool) {
	length := x.judgeLength()
	codings, coded := x.transferCodings()
	if coded && length.given {
		x.reply.note(reason.VerifySmugglingAmbiguous, "both Content-Length and Transfer-Encoding; the length does not count")
	}
	if coded && !length.given && !slices.ContainsFunc(codings, func(c string) bool { return !strings.EqualFold(c, identity) }) {
		x.lax("transfer coding \"identity\", which HTTP/1.1 no longer has (RFC 9112, section 7)")
		coded = false
	}
	understood := !coded || x.judgeTransferCoding(codings)
	x.judgeUnframed(x.reply.Status)
	x.reply.Length = -1
	switch {
	case bodyless(x.method, x.reply.Status):
		x.reply.Length = 0
		return framing{kind: noBody}, true
	case coded:
		return framing{kind: byChunks}, understood
	case !length.given:
		return framing{kind: untilClose}, true
	case !length.known:
		return framing{}, false
	default:
		x.reply.Length = length.value
		return framing{kind: byLength, length: length.value}, true
	}
}

// transferCodings returns what Transfer-Encoding lists, and whether that is anything. Empty
// elements count for nothing, though nobody may send them (RFC 9110, section 5.6.1).
func (x *exchange) transferCodings() ([]string, bool) {
	fields, given := x.reply.Header["Transfer-Encoding"]
	var codings []string
	for coding := range strings.SplitSeq(strings.Join(fields, ","), ",") {
		if coding = trimOWS(coding); coding != "" {
			codings = append(codings, coding)
		} else if given {
			x.lax("an empty element in Transfer-Encoding")
		}
	}
	return codings, len(codings) > 0
}

// judgeTransferCoding reports whether the body is chunked and nothing else. No other
// coding was offered (RFC 9112, section 7.4), and HTTP/1.0 knows none (section 6.1).
func (x *exchange) judgeTransferCoding(codings []string) bool {
	coding := strings.Join(codings, ", ")
	switch {
	case x.reply.Proto == "HTTP/1.0":
		x.reply.note(reason.HeadersProtocol, "Transfer-Encoding in an HTTP/1.0 reply")
	case !chunkedOnce(codings):
		x.reply.note(reason.HeadersProtocol, fmt.Sprintf("transfer coding %q, where chunked alone was asked for", coding[:min(len(coding), 40)]))
	case len(codings) > 1:
		x.lax(fmt.Sprintf("transfer coding %q, which curl reads as chunked", coding[:min(len(coding), 40)]))
		return true
	default:
		return true
	}
	return false
}

// chunkedOnce reports whether codings come to chunked, as the last of them, and nothing besides: hops that each add their own
// name it twice, and identity, which RFC 2616 had, is none.
func chunkedOnce(codings []string) bool {
	for _, c := range codings {
		if !strings.EqualFold(c, "chunked") && !strings.EqualFold(c, identity) {
			return false
		}
	}
	return strings.EqualFold(codings[len(codings)-1], "chunked")
}

// identity is the transfer coding that changes nothing.
const identity = "identity"

// judgeUnframed reports fields that frame a body where the status allows none (RFC 9110,
// section 8.6; RFC 9112, section 6.1).
func (x *exchange) judgeUnframed(status int) {
	if status != http.StatusNoContent && status/100 != 1 {
		return
	}
	for name := range x.reply.Header {
		if framesBody(name) {
			x.lax(fmt.Sprintf("%s in a reply of status %d, which has no body", name, status))
		}
	}
}

// bodyless reports whether a final reply has no body whatever its header says (RFC 9112,
// section 6.3, rules 1 and 2).
func bodyless(method string, status int) bool {
	return method == http.MethodHead || status == http.StatusNoContent || status == http.StatusNotModified ||
		method == http.MethodConnect && status/100 == 2
}

// contentLength is what the Content-Length fields of a reply come to.
type contentLength struct {
	given bool // there is at least one
	known bool // all are the same number
	value int64
}

// judgeLength reads the Content-Length fields (RFC 9110, section 8.6). Several that
// agree are still a lapse, for a proxy may have merged two replies.
func (x *exchange) judgeLength() contentLength {
	fields, given := x.reply.Header["Content-Length"]
	if !given {
		return contentLength{}
	}
	texts := fields
	if len(fields) > 1 || strings.Contains(fields[0], ",") {
		texts = strings.Split(strings.Join(fields, ","), ",")
	}
	length := contentLength{given: true, known: true}
	for i, text := range texts {
		n, ok := parseLength(trimOWS(text))
		switch {
		case !ok:
			x.reply.note(reason.HeadersBadLength, fmt.Sprintf("Content-Length is %q", text[:min(len(text), 24)]))
			length.known = false
		case i > 0 && n != length.value:
			length.known = false
		case i == 0:
			length.value = n
		}
	}
	switch several := len(texts) > 1; {
	case several && !length.known:
		x.reply.note(reason.HeadersConflictingLength, fmt.Sprintf("%d values of Content-Length, not the same", len(texts)))
	case several:
		x.lax(fmt.Sprintf("%d values of Content-Length, the same", len(texts)))
	}
	return length
}

// parseLength reads 1*DIGIT. strconv alone would take a sign.
func parseLength(s string) (int64, bool) {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}
