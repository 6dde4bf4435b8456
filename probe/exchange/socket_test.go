package exchange

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// serve answers one connection on loopback with serve and returns a client's end of it.
func serve(t *testing.T, answer func(*net.TCPConn)) net.Conn {
	t.Helper()
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := l.AcceptTCP()
		if err != nil {
			return
		}
		defer hangUp(conn)
		answer(conn)
	}()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		hangUp(conn)
		hangUp(l)
		<-done
	})
	return conn
}

// readRequest reads the request as a server does; a test that goes on after it knows
// that the client has sent everything.
func readRequest(conn net.Conn) {
	if req, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
		_, _ = io.Copy(io.Discard, req.Body)
	}
}

func send(conn net.Conn, s string) { _, _ = io.WriteString(conn, s) }

// hangUp closes; an error would change nothing for a test.
func hangUp(c io.Closer) { _ = c.Close() }

// waitForEnd keeps the connection open until the client closes it.
func waitForEnd(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }

func reset(conn *net.TCPConn) {
	_ = conn.SetLinger(0)
	hangUp(conn)
}

// How real sockets end is what the rows of TestReplies rely on.
func TestSocketEndings(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer func(*net.TCPConn)
		want   string
	}{
		{"closed at once", func(c *net.TCPConn) { _ = c.CloseWrite(); readRequest(c) }, "request/eof"},
		{"closed after the request", func(c *net.TCPConn) { readRequest(c) }, "request/eof"},
		{"reset after the request", func(c *net.TCPConn) { readRequest(c); reset(c) }, "request/reset"},
		{"closed in the header", func(c *net.TCPConn) { readRequest(c); send(c, "HTTP/1.1 2") }, "headers/eof"},
		{"closed in the body", func(c *net.TCPConn) { readRequest(c); send(c, ok200+"Content-Length: 9\r\n\r\nhello") }, "body/truncated"},
		{"whole and closed", func(c *net.TCPConn) { readRequest(c); send(c, ok200+"Content-Length: 5\r\n\r\nhello") }, ""},
		{"whole and left open", func(c *net.TCPConn) {
			readRequest(c)
			send(c, ok200+"Content-Length: 5\r\n\r\nhello")
			waitForEnd(c)
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Do(t.Context(), serve(t, c.answer), newRequest(t, ""), Options{})
			wantReasons(t, r.Findings, strings.Fields(c.want)...)
		})
	}
}

func TestStalledServerMeetsTheDeadline(t *testing.T) {
	for _, c := range []struct{ name, wire, want string }{
		{"before the reply", "", "request/timeout"},
		{"in the header", "HTTP/1.1 200", "headers/timeout"},
		{"in the body", ok200 + "Content-Length: 9\r\n\r\nhello", "body/timeout"},
	} {
		answer := func(conn *net.TCPConn) { send(conn, c.wire); waitForEnd(conn) }
		t.Run(c.name+", deadline of the options", func(t *testing.T) {
			wantWithin(t, c.want, func(d time.Duration) *Reply {
				return Do(context.Background(), serve(t, answer), newRequest(t, ""), Options{Deadline: time.Now().Add(d)})
			})
		})
		t.Run(c.name+", earlier deadline of the context", func(t *testing.T) {
			wantWithin(t, c.want, func(d time.Duration) *Reply {
				conn := serve(t, answer)
				ctx, cancel := context.WithTimeout(context.Background(), d)
				defer cancel()
				return Do(ctx, conn, newRequest(t, ""), Options{Deadline: time.Now().Add(time.Hour)})
			})
		})
	}
}

// wantWithin wants an exchange to end with a finding at its deadline: a near one, or one so far
// that a busy machine comes as far as the silence before it.
func wantWithin(t *testing.T, want string, do func(time.Duration) *Reply) {
	t.Helper()
	wantFrom(t, 50*time.Millisecond, want, do)
}

// wantFrom is wantWithin with the nearest deadline.
func wantFrom(t *testing.T, d time.Duration, want string, do func(time.Duration) *Reply) {
	t.Helper()
	for ; ; d *= 4 {
		r := do(d)
		if got := r.Findings; d > 10*time.Second || len(got) == 1 && got[0].Reason.String() == want {
			wantReasons(t, got, want)
			return
		}
	}
}

func TestCancelEndsTheExchange(t *testing.T) {
	for _, c := range []struct{ name, wire string }{
		{"before the reply", ""},
		{"in the header", "HTTP/1.1 200"},
		{"in the body", ok200 + "Content-Length: 9\r\n\r\nhello"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			conn := serve(t, func(conn *net.TCPConn) {
				readRequest(conn)
				send(conn, c.wire)
				cancel()
				waitForEnd(conn)
			})
			r := Do(ctx, conn, newRequest(t, ""), Options{Deadline: time.Now().Add(time.Hour)})
			wantReasons(t, r.Findings, "prober/canceled")
		})
	}
}

// net.Pipe has no buffer: a peer that never reads stops the first byte.
func TestServerThatNeverReads(t *testing.T) {
	wantWithin(t, "request/write_timeout", func(d time.Duration) *Reply {
		client, server := net.Pipe()
		defer hangUp(client)
		defer hangUp(server)
		return Do(t.Context(), client, newRequest(t, ""), Options{Deadline: time.Now().Add(d)})
	})
}

// What was sent together with the reply must be found every time and without waiting,
// also where the read buffer ends exactly between the two.
func TestSurplusInTheSameWrite(t *testing.T) {
	for _, size := range []int{0, 5, readSize, 60_000} {
		body := strings.Repeat("b", size)
		answer := func(conn *net.TCPConn) {
			readRequest(conn)
			head := ok200 + "Content-Length: " + itoa(size) + "\r\nX: "
			pad := strings.Repeat("p", max(1, readSize-len(head)-4)) // the header fills the first buffer
			send(conn, head+pad+"\r\n\r\n"+body+"surplus")
			waitForEnd(conn)
		}
		t.Run(itoa(size), func(t *testing.T) {
			for range 20 {
				r := Do(t.Context(), serve(t, answer), newRequest(t, ""), Options{})
				wantReasons(t, r.Findings, "verify/surplus_bytes")
				if string(r.Surplus) != "surplus" || string(r.Body) != body {
					t.Fatalf("surplus %q, body of %d bytes", r.Surplus, len(r.Body))
				}
			}
		})
	}
}

func TestBytesWaiting(t *testing.T) {
	sent := make(chan struct{})
	conn := serve(t, func(c *net.TCPConn) { send(c, "x"); close(sent); waitForEnd(c) })
	<-sent
	for range 2 {
		if !bytesWaiting(conn) {
			t.Error("a byte waits, and looking must not take it")
		}
	}
	if _, err := conn.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	if bytesWaiting(conn) {
		t.Error("no byte is left")
	}
	ended := serve(t, func(*net.TCPConn) {})
	if _, err := ended.Read(make([]byte, 1)); err != io.EOF {
		t.Fatal(err)
	}
	if bytesWaiting(ended) {
		t.Error("the end of the stream is no byte")
	}
	hangUp(conn)
	if bytesWaiting(conn) {
		t.Error("a closed socket has none")
	}
	pipe, other := net.Pipe()
	defer hangUp(other)
	if bytesWaiting(pipe) {
		t.Error("of a connection without a socket nothing is known")
	}
}
