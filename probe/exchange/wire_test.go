package exchange

import (
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"prober/limit"
	"prober/probe/reason"
)

// openly is a redactor that knows no secret.
type openly struct{}

func (openly) Redact(text string) string    { return text }
func (openly) RedactCut(text string) string { return text }

func TestEvidenceIsWhatWasOnTheWire(t *testing.T) {
	zipped := gzipped("hello")
	chunked := ok200 + "Transfer-Encoding: chunked\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nX-T: v\r\n\r\n"
	for _, c := range []struct {
		name, reply, received, decoded string
		body                           int64
	}{
		{"plain", ok200 + "Content-Length: 5\r\n\r\nhello", "", "", 5},
		{"informational", "HTTP/1.1 103 Hints\r\n\r\n" + ok200 + "Content-Length: 0\r\n\r\n", "", "", 0},
		{"chunked", chunked, "", "hello", 5},
		{"gzip", ok200 + "Content-Encoding: gzip\r\n\r\n" + zipped, "", "hello", int64(len(zipped))},
		{"bare LF", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", "", "", 2},
		{"surplus", ok200 + "Content-Length: 2\r\n\r\nokMORE", "", "", 2},
		{"no HTTP", "SSH-2.0-x\r\n", "", "", 0},
		{"unknown coding", ok200 + "Content-Encoding: br\r\n\r\n\x8b\xff", ok200 + "Content-Encoding: br\r\n\r\n", "", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn := &script{pieces: []string{c.reply}, end: io.EOF}
			r := Do(t.Context(), conn, newRequest(t, ""), Options{Keep: 1 << 10})
			e := r.Evidence(openly{})
			if sent := conn.written.String(); e.Sent.Text != sent || e.Sent.Bytes != int64(len(sent)) || e.Sent.Cut() {
				t.Errorf("sent %+v, want %q", e.Sent, sent)
			}
			want := c.reply
			if c.received != "" {
				want = c.received
			}
			if e.Received.Text != want || e.Received.Shown != len(want) || e.Received.Bytes != int64(len(c.reply)) || e.Received.Body != c.body {
				t.Errorf("received %+v, want %q", e.Received, want)
			}
			if e.Decoded.Text != c.decoded || e.Decoded.Bytes != int64(len(c.decoded)) {
				t.Errorf("decoded %+v, want %q", e.Decoded, c.decoded)
			}
		})
	}
}

// What is too large to be searched for secrets is not shown in its coded form.
func TestLargeCodedBodyIsNotShown(t *testing.T) {
	for size, shown := range map[int]bool{limit.SearchedBytes: true, limit.SearchedBytes + 1: false} {
		wire := ok200 + "Content-Encoding: gzip\r\n\r\n" + gzipped(strings.Repeat("x", size))
		r := Do(t.Context(), &script{pieces: []string{wire}, end: io.EOF}, newRequest(t, ""), Options{Keep: 1 << 20})
		if e := r.Evidence(openly{}); (e.Received.Text == wire) != shown || e.Decoded.Shown != size {
			t.Errorf("%d bytes: shown %d of %d, decoded %d", size, e.Received.Shown, len(wire), e.Decoded.Shown)
		}
	}
}

// Nothing is kept unless asked for.
func TestNothingIsKept(t *testing.T) {
	r := Do(t.Context(), &script{pieces: []string{apiError()}, end: io.EOF}, newRequest(t, ""), Options{})
	if e := r.Evidence(openly{}); e != (Evidence{}) {
		t.Errorf("kept %+v", e)
	}
}

// A server that hangs up while it is sent a large request gets the blame with the number of
// bytes that were written.
func TestUnsentBytesAreCounted(t *testing.T) {
	req, err := http.NewRequest(http.MethodPost, "http://api.example/?a=b", strings.NewReader(strings.Repeat("x", 1000)))
	if err != nil {
		t.Fatal(err)
	}
	whole, err := Write(req)
	if err != nil {
		t.Fatal(err)
	}
	head := len(whole) - 1000
	for taken, want := range map[int]Wire{
		head + 100: {Text: string(whole[:200]), Shown: 200, Bytes: int64(head + 100), Unsent: 900, Body: 100, Query: 3},
		10:         {Text: "POST /?a=b", Shown: 10, Bytes: 10, Unsent: int64(len(whole) - 10)},
		0:          {Unsent: int64(len(whole))},
	} {
		conn := &hungUp{script{end: syscall.ECONNRESET}, taken}
		r := Do(t.Context(), conn, req, Options{Keep: 200})
		if sent := r.Evidence(openly{}).Sent; sent != want {
			t.Errorf("sent %+v, want %+v", sent, want)
		}
		detail := "connection reset by peer after 0 bytes of the reply"
		if taken > 0 {
			detail += " and " + itoa(taken) + " of " + itoa(len(whole)) + " of the request"
		}
		if f := reason.Worst(r.Findings...); f.Detail != detail {
			t.Errorf("%q, want %q", f.Detail, detail)
		}
	}
}

// hungUp takes so many bytes of a request.
type hungUp struct {
	script
	takes int
}

func (h *hungUp) Write([]byte) (int, error) { return h.takes, syscall.ECONNRESET }

// BenchmarkKeep is [BenchmarkDo] with the evidence kept.
func BenchmarkKeep(b *testing.B) {
	conn := &replay{wire: apiError(), script: script{end: stalled}}
	req := newRequest(b, "")
	b.ReportAllocs()
	for b.Loop() {
		conn.rewind()
		Do(b.Context(), conn, req, Options{Keep: 4 << 10})
	}
}

// BenchmarkLarge sends 10 MB: no copy is made of them for the evidence.
func BenchmarkLarge(b *testing.B) {
	body := strings.Repeat("x", 10<<20)
	conn := &replay{wire: apiError(), script: script{end: stalled}}
	for _, keep := range []int{0, 4 << 10} {
		b.Run(itoa(keep), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				conn.rewind()
				req, err := http.NewRequest(http.MethodPost, "http://api.example/", strings.NewReader(body))
				if err != nil {
					b.Fatal(err)
				}
				Do(b.Context(), conn, req, Options{Keep: keep})
			}
		})
	}
}
