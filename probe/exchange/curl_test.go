package exchange

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"prober/needs"
)

// Exit statuses of curl, from its manual.
const (
	curlPartialFile = 18
	curlGotNothing  = 52
)

// TestCurlAgreesOnTheRows plays the rows to curl. It must take every reply without a finding,
// and each that breaks the grammar in a way said to be lax, with the same body; and break off
// where this package says that the reply is missing or cut off, or that its framing is a failure,
// but for the rows that say why curl goes on in doubt.
func TestCurlAgreesOnTheRows(t *testing.T) {
	needs.Program(t, "curl")
	const anyFailure = -1
	for _, row := range allRows() {
		if row.method == http.MethodConnect || row.limits != (Limits{}) || row.end != nil && !errors.Is(row.end, io.EOF) {
			continue // not to be had from curl, or not by a plain server
		}
		var want int
		switch first, _, _ := strings.Cut(row.reasons, " "); first {
		case "":
		case "verify/lax_syntax", "headers/bare_lf":
			if row.doubt != "" {
				continue
			}
		case "headers/malformed", "headers/protocol", "headers/bad_length", "headers/conflicting_length", "body/bad_chunking":
			want, row.end = anyFailure, io.EOF // curl would wait for more
			if row.doubt != "" || row.method == http.MethodHead {
				continue
			}
		case "request/eof":
			want = curlGotNothing
		case "body/truncated":
			want = curlPartialFile
		default:
			continue
		}
		if row.reasons != "" && !needs.All() {
			continue // a process each
		}
		t.Run(strings.ReplaceAll(row.name, " ", "_"), func(t *testing.T) { row.checkCurl(t, want) })
	}
}

func (w row) checkCurl(t *testing.T, want int) {
	method := w.method
	if method == "" {
		method = http.MethodGet
	}
	_, body, status := curl(t, serveWire(t, w), method, "/")
	if status != want && (want >= 0 || status == 0) {
		t.Errorf("curl exits with %d, want %d", status, want)
	}
	if want == 0 && body != w.body {
		t.Errorf("curl shows the body %q, want %q", body, w.body)
	}
}

// serveWire plays a row to one client and returns the address.
func serveWire(t *testing.T, w row) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer hangUp(conn)
		readRequest(conn)
		send(conn, w.wire)
		if w.end == nil {
			waitForEnd(conn)
		}
	}()
	t.Cleanup(func() {
		hangUp(l)
		<-done
	})
	return l.Addr().String()
}
