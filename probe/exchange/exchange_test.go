package exchange

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"

	"prober/limit"
	"prober/probe/reason"
)

// row is one reply of a server and what must be made of it.
type row struct {
	name   string
	method string // GET if empty
	wire   string
	end    error // behind wire; nil: nothing more comes, and reading on would stall
	limits Limits

	reasons string // separated by spaces
	doubt   string // why it is a failure although curl reads it
	status  int
	body    string
	reached reason.Phase // Body if zero
}

const ok200 = "HTTP/1.1 200 OK\r\n"

func TestReplies(t *testing.T) {
	for _, row := range allRows() {
		t.Run(strings.ReplaceAll(row.name, " ", "_"), func(t *testing.T) {
			// The verdict must not hang on how the network cuts the bytes.
			for _, size := range []int{0, 1, 7} {
				t.Run(fmt.Sprintf("pieces_of_%d", size), func(t *testing.T) { row.check(t, size) })
			}
		})
	}
}

func allRows() []row {
	return slices.Concat(goodRows(), requestRows(), statusRows(), fieldRows(), framingRows(), chunkedRows(), bodyRows(), laxRows(), goodExtensions())
}

func (w row) check(t *testing.T, pieceSize int) {
	end := w.end
	if end == nil {
		end = stalled
	}
	conn := &script{pieces: pieces(w.wire, pieceSize), end: end}
	r := Do(context.Background(), conn, newRequest(t, w.method), Options{Limits: w.limits})
	wantReasons(t, r.Findings, strings.Fields(w.reasons)...)
	if r.Status != w.status {
		t.Errorf("status %d, want %d", r.Status, w.status)
	}
	if string(r.Body) != w.body {
		t.Errorf("body %q, want %q", r.Body, w.body)
	}
	reached := w.reached
	if reached == reason.NoPhase {
		reached = reason.Body
	}
	wantReached(t, r, reached)
}

// though gives the row its doubt.
func (w row) though(doubt string) row {
	w.doubt = doubt
	return w
}

func newRequest(t testing.TB, method string) *http.Request {
	t.Helper()
	if method == "" {
		method = http.MethodGet
	}
	req, err := http.NewRequest(method, "http://api.example/", nil)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func goodRows() []row {
	return []row{
		{name: "length", wire: ok200 + "Content-Length: 5\r\n\r\nhello", status: 200, body: "hello"},
		{name: "length zero", wire: ok200 + "Content-Length: 0\r\n\r\n", status: 200},
		{name: "until close", wire: ok200 + "\r\nhello", end: io.EOF, status: 200, body: "hello"},
		{name: "HTTP/1.0", wire: "HTTP/1.0 404 Not Found\r\n\r\nno", end: io.EOF, status: 404, body: "no"},
		{name: "no reason phrase", wire: "HTTP/1.1 503 \r\nContent-Length: 0\r\n\r\n", status: 503},
		{name: "no space before the missing reason phrase", wire: "HTTP/1.1 503\r\nContent-Length: 0\r\n\r\n", status: 503},
		{name: "obs-text in phrase and value", wire: "HTTP/1.1 400 d\xe9faut\r\nX: \xff\xfe\r\nContent-Length: 0\r\n\r\n", status: 400},
		{name: "empty value and tabs", wire: ok200 + "X:\r\nY:\t a\tb \t\r\nContent-Length: 0\r\n\r\n", status: 200},
		{name: "every token character", wire: ok200 + "!#$%&'*+-.^_`|~09azAZ: x\r\nContent-Length: 0\r\n\r\n", status: 200},
		{name: "informational replies are passed over", wire: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + ok200 + "Content-Length: 2\r\n\r\nok", status: 200, body: "ok"},
		{name: "HEAD has no body", method: "HEAD", wire: ok200 + "Content-Length: 5\r\n\r\n", status: 200},
		{name: "HEAD of a chunked resource", method: "HEAD", wire: ok200 + "Transfer-Encoding: chunked\r\n\r\n", status: 200},
		{name: "CONNECT has no body", method: "CONNECT", wire: ok200 + "\r\n", status: 200},
		{name: "204", wire: "HTTP/1.1 204 No Content\r\n\r\n", status: 204},
		{name: "304 with a length", wire: "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", status: 304},
		{name: "fields that say the same twice", wire: ok200 + "Content-Type: a/b\r\nContent-Type: a/b\r\nLocation: /\r\nlocation: /\r\nContent-Length: 0\r\n\r\n", status: 200},
		{name: "what two hops say each", wire: ok200 + "Date: Thu, 01 Oct 2026 00:00:00 GMT\r\nDate: Thu, 01 Oct 2026 00:00:01 GMT\r\nVary: a\r\nVary: b\r\nContent-Length: 0\r\n\r\n", status: 200},
		{name: "hints that differ", wire: "HTTP/1.1 103 Early Hints\r\nContent-Type: a/b\r\nContent-Type: c/d\r\n\r\n" + ok200 + "Content-Length: 0\r\n\r\n", status: 200},
		{name: "redirects are not followed", wire: "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", status: 302},
	}
}

// requestRows end before the first byte of a reply.
func requestRows() []row {
	return []row{
		{name: "silence", reasons: "request/timeout", reached: reason.Request},
		{name: "closed without a reply", end: io.EOF, reasons: "request/eof", reached: reason.Request},
		{name: "reset without a reply", end: syscall.ECONNRESET, reasons: "request/reset", reached: reason.Request},
		{name: "TCP gives up", end: syscall.ETIMEDOUT, reasons: "request/timeout", reached: reason.Request},
		{name: "router says unreachable", end: syscall.EHOSTUNREACH, reasons: "request/reset", reached: reason.Request},
		{name: "router says that the host is down", end: syscall.EHOSTDOWN, reasons: "request/reset", reached: reason.Request},
		{name: "end inside a TLS record", end: io.ErrUnexpectedEOF, reasons: "request/eof", reached: reason.Request},
		{name: "our own socket is broken", end: syscall.EBADF, reasons: "prober/internal", reached: reason.Request},
	}
}

func statusRows() []row {
	informational := "HTTP/1.1 102 Processing\r\n\r\n"
	return []row{
		{name: "status 000", wire: "HTTP/1.1 000 X\r\nContent-Length: 2\r\n\r\nhi", reasons: "headers/bad_status", status: 0, body: "hi"},
		{name: "status 099", wire: "HTTP/1.1 099 X\r\nContent-Length: 0\r\n\r\n", reasons: "headers/bad_status", status: 99},
		{name: "status 600", wire: "HTTP/1.1 600 X\r\nContent-Length: 0\r\n\r\n", reasons: "headers/bad_status", status: 600},
		{name: "status 999", wire: "HTTP/1.1 999 X\r\nContent-Length: 2\r\n\r\nhi", reasons: "headers/bad_status", status: 999, body: "hi"},
		{name: "two digits", wire: "HTTP/1.1 20 OK\r\n\r\n", reasons: "headers/bad_status", reached: reason.Headers},
		{name: "four digits", wire: "HTTP/1.1 2000 OK\r\n\r\n", reasons: "headers/bad_status", reached: reason.Headers},
		{name: "signed", wire: "HTTP/1.1 +20 OK\r\n\r\n", reasons: "headers/bad_status", reached: reason.Headers},
		{name: "word", wire: "HTTP/1.1 OK\r\n\r\n", reasons: "headers/bad_status", reached: reason.Headers},
		{name: "no status", wire: "HTTP/1.1\r\n\r\n", reasons: "headers/bad_status", reached: reason.Headers},
		{name: "101 unasked", wire: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", reasons: "headers/bad_status", reached: reason.Headers},
		{name: "a hundred informational replies", wire: strings.Repeat(informational, 100) + ok200 + "Content-Length: 0\r\n\r\n", status: 200},
		{name: "more informational replies", wire: strings.Repeat(informational, 101), reasons: "headers/too_many_informational", reached: reason.Headers},
		{name: "control byte in the phrase", wire: "HTTP/1.1 200 O\x00K\r\nContent-Length: 0\r\n\r\n", reasons: "headers/malformed", status: 200},
		{name: "version without a minor", wire: "HTTP/1 200 OK\r\n\r\n", reasons: "headers/protocol", reached: reason.Headers},
		{name: "version of words", wire: "HTTP/one 200 OK\r\n\r\n", reasons: "headers/malformed", doubt: "curl takes it for HTTP", reached: reason.Headers},
		{name: "HTTP/2 without a minor", wire: "HTTP/2 200 OK\r\n\r\n", reasons: "headers/protocol", doubt: "curl takes it for HTTP/2", reached: reason.Headers},
		{name: "HTTP/1.2", wire: "HTTP/1.2 200 OK\r\n\r\n", reasons: "headers/protocol", reached: reason.Headers},
		{name: "two digits in the version", wire: "HTTP/1.10 200 OK\r\n\r\n", reasons: "headers/malformed", reached: reason.Headers},
		{name: "tab in front of the status", wire: "HTTP/1.1\t200 OK\r\n\r\n", reasons: "headers/malformed", reached: reason.Headers},
		{name: "HTTP/2 in text", wire: "HTTP/2.0 200 OK\r\n\r\n", reasons: "headers/protocol", doubt: "curl takes it for HTTP/2", reached: reason.Headers},
		{name: "SSH banner", wire: "SSH-2.0-OpenSSH_9.2\r\n", reasons: "headers/protocol", reached: reason.Headers},
		{name: "banner without a line end", wire: "ICY 20", reasons: "headers/protocol", reached: reason.Headers},
		{name: "HTTP/2 frame", wire: "\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64", reasons: "headers/protocol", reached: reason.Headers},
		{name: "HTTP/0.9 text", wire: "<html>hello</html>", end: io.EOF, reasons: "headers/protocol", reached: reason.Headers},
		{name: "empty line first", wire: "\r\n" + ok200 + "\r\n", reasons: "headers/protocol", reached: reason.Headers},
		{name: "stall inside the prefix", wire: "HTT", reasons: "headers/timeout", reached: reason.Headers},
		{name: "end inside the status line", wire: "HTTP/1.1 20", end: io.EOF, reasons: "headers/eof", reached: reason.Headers},
		{name: "reset inside the status line", wire: "HTTP/1.1 20", end: syscall.ECONNRESET, reasons: "headers/reset", reached: reason.Headers},
	}
}

func fieldRows() []row {
	with := func(lines string) string { return ok200 + lines + "Content-Length: 2\r\n\r\nhi" }
	malformed := func(name, lines string) row {
		return row{name: name, wire: with(lines), reasons: "headers/malformed", status: 200, body: "hi"}
	}
	return []row{
		malformed("no colon", "Server\r\n"),
		malformed("NUL in the name", "Ser\x00ver: x\r\n"),
		malformed("NUL in the value", "Server: x\x00y\r\n"),
		{name: "folded Transfer-Encoding", wire: ok200 + "Transfer-Encoding:\r\n chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", reasons: "headers/malformed", doubt: "curl shows the chunks", status: 200, body: "hi"},
		malformed("folded first line", " y\r\n"),
		{name: "folded Content-Length", wire: ok200 + "Content-Length:\r\n 2\r\n\r\nhi", reasons: "headers/malformed", status: 200, body: "hi"},
		{name: "space before the colon of Content-Length", wire: ok200 + "Content-Length : 2\r\n\r\nhi", end: io.EOF, reasons: "headers/malformed", doubt: "curl reads on until the end", status: 200, body: "hi"},
		{name: "space before the colon of Transfer-Encoding", wire: ok200 + "Transfer-Encoding : chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", end: io.EOF, reasons: "headers/malformed", doubt: "curl shows the chunks", status: 200, body: "2\r\nhi\r\n0\r\n\r\n"},
		{name: "too many fields", wire: ok200 + strings.Repeat("X: y\r\n", limit.HeaderFields+1) + "\r\n", reasons: "prober/limit", status: 200, reached: reason.Headers},
		{name: "as many fields as are read", wire: ok200 + strings.Repeat("X: y\r\n", limit.HeaderFields-1) + "Content-Length: 2\r\n\r\nhi", status: 200, body: "hi"},
		malformed("ten bad lines are one finding", strings.Repeat("bad\r\n", 10)),
		{name: "bare LF", wire: "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", reasons: "headers/bare_lf", status: 200, body: "hi"},
		{name: "bare LF at the end only", wire: ok200 + "Content-Length: 2\r\n\nhi", reasons: "headers/bare_lf", status: 200, body: "hi"},
		{name: "stall", wire: ok200 + "Server: x\r\n", reasons: "headers/timeout", status: 200, reached: reason.Headers},
		{name: "end", wire: ok200 + "Server: x\r\n", end: io.EOF, reasons: "headers/eof", status: 200, reached: reason.Headers},
		{name: "end inside a line", wire: ok200 + "Serv", end: io.EOF, reasons: "headers/eof", status: 200, reached: reason.Headers},
		{name: "reset", wire: ok200 + "Serv", end: syscall.ECONNRESET, reasons: "headers/reset", status: 200, reached: reason.Headers},
		{name: "one long line", wire: ok200 + "X: " + strings.Repeat("y", limit.HeaderBytes), reasons: "headers/too_large", status: 200, reached: reason.Headers},
		{name: "endless line without a colon", wire: ok200 + strings.Repeat("y", limit.HeaderBytes), reasons: "headers/too_large", status: 200, reached: reason.Headers},
		{name: "30,000 fields", wire: ok200 + strings.Repeat("X-Some: x\r\n", 30000) + "\r\n", reasons: "headers/too_large", status: 200, reached: reason.Headers},
		{name: "just within a limit", limits: Limits{HeaderBytes: len(ok200) + 21}, wire: ok200 + "Content-Length: 2\r\n\r\nhi", status: 200, body: "hi"},
		{name: "just beyond a limit", limits: Limits{HeaderBytes: len(ok200) + 20}, wire: ok200 + "Content-Length: 2\r\n\r\nhi", reasons: "headers/too_large", status: 200, reached: reason.Headers},
		{name: "informational replies count", limits: Limits{HeaderBytes: 64}, wire: "HTTP/1.1 103 Hints\r\nLink: <https://x.example/style.css>\r\n\r\n" + ok200, reasons: "headers/too_large", reached: reason.Headers},
	}
}
