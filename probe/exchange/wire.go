package exchange

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"unicode/utf8"

	"prober/limit"
)

// Wire is what went one way over a connection, inside TLS: how much, and how it began. The
// sizes are those of the bytes themselves, whatever was taken out of Text since.
type Wire struct {
	// Text stands for the first Shown bytes: head and body in a row, as they went.
	Text  string
	Shown int
	// Bytes is how many were written or read. Written ones may never have arrived.
	Bytes int64
	// Unsent is how many bytes of a request were not written because the connection broke.
	Unsent int64
	// Body is how many of Bytes are body: of a request that and nothing else, of a reply
	// without its framing.
	Body int64
	// Query is how many of the bytes of a request are its query, without the "?".
	Query int64
}

// Cut reports whether Text stands for less than there was.
func (w Wire) Cut() bool { return int64(w.Shown) < w.Bytes }

// Redactor takes secrets out of text.
type Redactor interface {
	Redact(text string) string
	// RedactCut is Redact for the beginning of a longer text: what may be the beginning of a
	// secret goes from its end too.
	RedactCut(text string) string
}

// Evidence is an exchange as it can be shown: what was on the wire, without secrets.
type Evidence struct {
	Sent, Received Wire
	// Decoded is the body of the reply without chunks and content codings, all of it body;
	// the zero Wire where that is what was received.
	Decoded Wire
}

// Evidence returns what went over the wire without secrets, as much of it as [Options].Keep
// asked for.
//
// A secret that chunks or a compression hide can be read by whoever undoes them: the bytes of
// such a body are not shown, nor of one that the prober cannot decode and others can.
func (r *Reply) Evidence(secrets Redactor) Evidence {
	clean := func(text string, whole bool) string {
		if whole {
			return secrets.Redact(text)
		}
		return secrets.RedactCut(text)
	}
	k := r.kept
	if k == nil {
		return Evidence{}
	}
	e := Evidence{Sent: k.sent, Received: k.received}
	if r.hides(clean) {
		e.Received.Shown = min(e.Received.Shown, k.headEnd)
		e.Received.Text = e.Received.Text[:e.Received.Shown]
	}
	if r.chunked || r.decoded {
		n := min(len(r.Body), k.most)
		e.Decoded = Wire{Text: string(r.Body[:n]), Shown: n, Bytes: int64(len(r.Body)), Body: int64(len(r.Body))}
	}
	e.Sent.Text = clean(e.Sent.Text, !e.Sent.Cut() && e.Sent.Unsent == 0)
	e.Received.Text = clean(e.Received.Text, !e.Received.Cut() && r.whole)
	e.Decoded.Text = clean(e.Decoded.Text, !e.Decoded.Cut() && r.whole)
	return e
}

// hides reports whether the body on the wire may hold a secret that only shows once chunks
// and codings are undone, as far as they can be.
func (r *Reply) hides(clean func(text string, whole bool) string) bool {
	if _, coded := r.Header["Transfer-Encoding"]; coded && !r.chunked {
		return true // a framing that was not read
	}
	codings := contentCodings(r.Header)
	if !r.chunked && len(codings) == 0 {
		return false
	}
	secret := func(body []byte, whole bool) bool {
		return len(body) > limit.SearchedBytes || clean(string(body), whole) != string(body)
	}
	if secret(r.Body, r.whole) {
		return true
	}
	if r.decoded {
		return !r.whole // what was not decoded may hold one
	}
	body := r.Body
	for _, coding := range slices.Backward(codings) {
		if coding != "gzip" && coding != "deflate" {
			return !utf8.Valid(body) // text under a wrong label hides nothing
		}
		decoded, err := undo(coding, body, limit.BodyBytes)
		if errors.Is(err, errDecodedTooLarge) || secret(decoded, err == nil) {
			return true
		}
		body = decoded
	}
	return false
}

// kept is what is kept of an exchange, secrets and all.
type kept struct {
	most           int // bytes of each way
	sent, received Wire
	start          []byte // of what is received
	headEnd        int    // how many bytes had come at the end of the head
}

// keepSent notes what went out of a request.
func (x *exchange) keepSent(req *http.Request, request []byte) {
	n := x.written
	w := Wire{Shown: min(n, x.opt.Keep), Bytes: int64(n), Unsent: int64(x.unsent)}
	w.Text = string(request[:w.Shown])
	if head := bytes.Index(request, []byte("\r\n\r\n")) + 4; n >= head {
		w.Body, w.Query = int64(n-head), int64(len(req.URL.RawQuery))
	}
	x.reply.kept.sent = w
}

// keepReceived notes what came.
func (x *exchange) keepReceived() {
	k := x.reply.kept
	k.received = Wire{Text: string(k.start), Shown: len(k.start), Bytes: x.source.bytes, Body: x.reply.BodyBytes}
}
