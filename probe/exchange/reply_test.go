package exchange

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"prober/limit"
	"prober/probe/reason"
)

func TestReplyKeepsTheEvidence(t *testing.T) {
	head := "HTTP/1.1 400 Bad  Request\r\nDate: today\r\nset-cookie: a\r\nSet-Cookie:  b\r\nbad line\r\nContent-Encoding: gzip\r\nContent-Length: 29\r\n\r\n"
	body := gzipped("hello")
	wire := "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + head + body
	r := Do(t.Context(), &script{pieces: []string{wire}, end: stalled}, newRequest(t, ""), Options{})
	wantReasons(t, r.Findings, "headers/malformed")
	if string(r.Head) != head {
		t.Errorf("head %q, want that of the final reply, %q", r.Head, head)
	}
	if r.Proto != "HTTP/1.1" || r.Status != 400 || r.Reason != "Bad  Request" {
		t.Errorf("status line read as %q %d %q", r.Proto, r.Status, r.Reason)
	}
	want := http.Header{"Date": {"today"}, "Set-Cookie": {"a", "b"}, "Content-Encoding": {"gzip"}, "Content-Length": {"29"}}
	if !maps.EqualFunc(r.Header, want, slices.Equal) {
		t.Errorf("header %v, want %v", r.Header, want)
	}
	if string(r.Body) != "hello" || r.BodyBytes != int64(len(body)) || len(body) != 29 {
		t.Errorf("body %q of %d bytes as sent, want %q of %d", r.Body, r.BodyBytes, "hello", len(body))
	}
}

// A value is kept in an array that all names share; adding to one must not touch the next.
func TestRepeatedFieldsDoNotOverwriteOthers(t *testing.T) {
	wire := ok200 + "A: 1\r\nB: 2\r\nA: 3\r\nContent-Length: 0\r\n\r\n"
	r := Do(t.Context(), &script{pieces: []string{wire}, end: stalled}, newRequest(t, ""), Options{})
	if got := r.Header.Values("A"); !slices.Equal(got, []string{"1", "3"}) {
		t.Errorf("A is %q", got)
	}
	if got := r.Header.Values("B"); !slices.Equal(got, []string{"2"}) {
		t.Errorf("B is %q", got)
	}
}

// What continues a line that was left out belongs to no field.
func TestFoldedBadLineIsLeftOut(t *testing.T) {
	wire := ok200 + "A: 1\r\nbad\r\n 2\r\nContent-Length: 0\r\n\r\n"
	r := Do(t.Context(), &script{pieces: []string{wire}, end: stalled}, newRequest(t, ""), Options{})
	if got := r.Header.Get("A"); got != "1" {
		t.Errorf("A is %q, want %q", got, "1")
	}
}

func TestFoldedValueIsJoined(t *testing.T) {
	wire := ok200 + "A: 1\r\n\t 2\r\nContent-Length: 0\r\n\r\n"
	r := Do(t.Context(), &script{pieces: []string{wire}, end: stalled}, newRequest(t, ""), Options{})
	if got := r.Header.Get("A"); got != "1 2" {
		t.Errorf("A is %q, want %q", got, "1 2")
	}
}

func TestAnnouncedBodyTooLargeIsNotRead(t *testing.T) {
	wire := ok200 + "Content-Length: 9437185\r\n\r\nstart"
	conn := &script{pieces: []string{wire, "more"}, end: stalled}
	r := Do(t.Context(), conn, newRequest(t, ""), Options{})
	wantReasons(t, r.Findings, "prober/limit")
	if string(r.Body) != "start" || r.BodyBytes != 5 {
		t.Errorf("body %q, want what came with the header", r.Body)
	}
	if conn.taken != len(wire) {
		t.Errorf("%d bytes were read of a body that is refused", conn.taken-len(wire))
	}
}

// A server that announces much and sends little must not fill the memory.
func TestWhatIsAnnouncedTakesNoRoom(t *testing.T) {
	for _, start := range []string{"Content-Length: 1048576\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n100000\r\n"} {
		r := Do(t.Context(), &script{pieces: []string{ok200 + start + "hello"}, end: stalled}, newRequest(t, ""), Options{})
		if wantReasons(t, r.Findings, "body/timeout"); string(r.Body) != "hello" || cap(r.Body) > 2*readSize {
			t.Errorf("body %q in room for %d bytes", r.Body, cap(r.Body))
		}
	}
}

// Whatever a server sends, no more of it is read than the limits allow, and one buffer.
func TestEndlessRepliesAreBounded(t *testing.T) {
	limits := Limits{HeaderBytes: 10_000, BodyBytes: 5_000, ReplyBytes: 10_000}
	for name, start := range map[string]string{
		"status line":   "HTTP/1.1 200 ",
		"fields":        ok200 + "X: ",
		"until close":   ok200 + "\r\n",
		"informational": "HTTP/1.1 103 Hints\r\nX: ",
		"one chunk":     ok200 + "Transfer-Encoding: chunked\r\n\r\nffffff\r\n",
		"chunk line":    ok200 + "Transfer-Encoding: chunked\r\n\r\n",
		"trailers":      ok200 + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: ",
	} {
		t.Run(name, func(t *testing.T) {
			conn := &script{pieces: []string{start, strings.Repeat("a", 1<<20)}, end: stalled}
			r := Do(t.Context(), conn, newRequest(t, ""), Options{Limits: limits})
			if reason.Worst(r.Findings...).Reason.Outcome() != reason.Fail {
				t.Errorf("findings %v", r.Findings)
			}
			if most := 20_000 + readSize; conn.taken > most {
				t.Errorf("%d bytes were read, at most %d are allowed", conn.taken, most)
			}
		})
	}
}

// A gzip file may have several members, which curl does not know.
func TestBytesBehindGzipAreCounted(t *testing.T) {
	two := ok200 + "Content-Encoding: gzip\r\n\r\n" + gzipped("hel") + gzipped("lo")
	whole := Do(t.Context(), &script{pieces: []string{two}, end: io.EOF}, newRequest(t, ""), Options{})
	if wantReasons(t, whole.Findings); string(whole.Body) != "hello" {
		t.Errorf("body %q of two members", whole.Body)
	}
	wire := ok200 + "Content-Encoding: gzip\r\n\r\n" + gzipped("hello") + "junk"
	r := Do(t.Context(), &script{pieces: []string{wire}, end: io.EOF}, newRequest(t, ""), Options{})
	wantReasons(t, r.Findings, "body/bad_encoding")
	if want := `labelled "gzip": 4 bytes follow the end of the compressed data`; r.Findings[0].Detail != want {
		t.Errorf("detail %q, want %q", r.Findings[0].Detail, want)
	}
}

func TestSurplusIsBounded(t *testing.T) {
	conn := &script{pieces: []string{ok200 + "Content-Length: 0\r\n\r\n" + strings.Repeat("x", 1000)}, end: io.EOF}
	r := Do(t.Context(), conn, newRequest(t, ""), Options{})
	if len(r.Surplus) != limit.SurplusBytes {
		t.Errorf("%d bytes kept", len(r.Surplus))
	}
	if want := "256 bytes or more behind the end of the reply"; len(r.Findings) != 1 || !strings.HasPrefix(r.Findings[0].Detail, want) {
		t.Errorf("findings %v, want one that begins %q", r.Findings, want)
	}
}

// A server that answers early and closes leaves a broken write behind, and a good reply.
func TestReplyIsReadAfterAFailedWrite(t *testing.T) {
	conn := &script{writeErr: syscall.EPIPE, pieces: []string{"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"}, end: io.EOF}
	r := Do(t.Context(), conn, newRequest(t, ""), Options{})
	wantReasons(t, r.Findings)
	if r.Status != 413 {
		t.Errorf("status %d", r.Status)
	}
}

func TestFailedWriteWithoutReply(t *testing.T) {
	for _, c := range []struct {
		name     string
		write    error
		read     error
		expected string
	}{
		{"reset, then the kernel says end", syscall.ECONNRESET, io.EOF, "request/reset"},
		{"closed before the request", syscall.EPIPE, io.EOF, "request/eof"},
		{"closed, then reset", syscall.EPIPE, syscall.ECONNRESET, "request/reset"},
		{"no time to write", stalled, stalled, "request/write_timeout"},
		{"closed, then silence", syscall.EPIPE, stalled, "request/eof"},
		{"reset, then silence", syscall.ECONNRESET, stalled, "request/reset"},
		{"strange", errors.New("strange"), stalled, "prober/internal"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Do(t.Context(), &script{writeErr: c.write, end: c.read}, newRequest(t, ""), Options{})
			wantReasons(t, r.Findings, c.expected)
			wantReached(t, r, reason.Request)
		})
	}
}

func TestNothingIsSentWithoutTime(t *testing.T) {
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range []struct {
		name     string
		ctx      context.Context
		deadline time.Time
		want     string
	}{
		{"canceled", canceled, time.Time{}, "prober/canceled"},
		{"deadline passed", context.Background(), time.Unix(1, 0), "request/timeout"},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn := &script{end: io.EOF}
			r := Do(c.ctx, conn, newRequest(t, ""), Options{Deadline: c.deadline})
			wantReasons(t, r.Findings, c.want)
			if conn.written.Len() > 0 {
				t.Errorf("%q was sent", conn.written.String())
			}
		})
	}
}

func TestEarlierDeadlineCounts(t *testing.T) {
	early, late := time.Now().Add(time.Hour), time.Now().Add(2*time.Hour)
	for _, c := range []struct {
		name             string
		options, context time.Time
	}{
		{"of the options", early, late},
		{"of the context", late, early},
		{"of the context alone", time.Time{}, early},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithDeadline(context.Background(), c.context)
			defer cancel()
			conn := &script{end: io.EOF}
			Do(ctx, conn, newRequest(t, ""), Options{Deadline: c.options})
			if !conn.deadline.Equal(early) {
				t.Errorf("deadline in %v, want in an hour", time.Until(conn.deadline))
			}
		})
	}
}

func TestThereIsAlwaysADeadline(t *testing.T) {
	conn := &script{end: io.EOF}
	before := time.Now()
	Do(context.Background(), conn, newRequest(t, ""), Options{})
	if earliest := before.Add(DefaultTimeout); conn.deadline.Before(earliest) || conn.deadline.After(time.Now().Add(DefaultTimeout)) {
		t.Errorf("deadline %v, want %v after the start", conn.deadline, DefaultTimeout)
	}
}

func TestAcceptEncodingIsHeldAgainstTheReply(t *testing.T) {
	for _, c := range []struct{ accept, coding, want string }{
		{"identity", "gzip", "body/bad_encoding"},
		{"", "gzip", "body/bad_encoding"},
		{"gzip", "gzip", ""},
		{"gzip", "x-gzip", ""},
		{"br, GZIP;q=0.5", "gzip", ""},
		{"gzip;q=0", "gzip", "body/bad_encoding"},
		{"gzip; q=0.000, *", "gzip", "body/bad_encoding"},
		{"*", "gzip", ""},
		{"*;q=0", "gzip", "body/bad_encoding"},
		{"deflate", "gzip", "body/bad_encoding"},
	} {
		t.Run(c.accept, func(t *testing.T) {
			req := newRequest(t, "")
			req.Header.Set("Accept-Encoding", c.accept)
			wire := ok200 + "Content-Encoding: " + c.coding + "\r\n\r\n" + gzipped("hello")
			r := Do(t.Context(), &script{pieces: []string{wire}, end: io.EOF}, req, Options{})
			wantReasons(t, r.Findings, strings.Fields(c.want)...)
			if string(r.Body) != "hello" {
				t.Errorf("body %q", r.Body)
			}
		})
	}
}

// Details go into logs and reports; a server can repeat the request's secrets in any value.
func TestDetailsQuoteNoFieldValues(t *testing.T) {
	const secret = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE"
	for _, wire := range []string{
		ok200 + "Location: " + secret + "\x00\r\n\r\n",
		ok200 + "X " + secret + ": x\r\n\r\n",
		ok200 + secret + "\r\n\r\n",
		ok200 + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: " + secret + "\x00\r\n\r\n",
	} {
		r := Do(t.Context(), &script{pieces: []string{wire}, end: io.EOF}, newRequest(t, ""), Options{})
		if len(r.Findings) == 0 {
			t.Errorf("nothing found in %q", wire)
		}
		for _, f := range r.Findings {
			if strings.Contains(f.Detail, secret[:8]) {
				t.Errorf("%v: %s", f.Reason, f.Detail)
			}
		}
	}
}
