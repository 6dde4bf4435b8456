package hello_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"prober/probe/hello"
)

// How a scripted answer ends. The zero value, nil, is silence.
var (
	endEOF     = io.EOF
	endReset   = &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	endSilence = &net.OpError{Op: "read", Net: "tcp", Err: os.ErrDeadlineExceeded}
)

// reply is what a scripted server does with one hello.
type reply struct {
	data  []byte
	chunk int   // bytes a read returns; 0 means all
	end   error // nil: silence
	dial  error // the connection is not even opened
}

// question is one hello as a scripted server meets it.
type question struct {
	parsedHello
	n     int // of the connection, from 1
	asked int // how often this version was asked about, from 1
}

// script answers each hello of a scan. It is called by one goroutine at a time.
type script func(question) reply

// fakeServer is a server in memory: what the prober writes is a question, and what it
// reads is the scripted reply.
type fakeServer struct {
	t      testing.TB
	script script

	mu     sync.Mutex
	n      int
	asked  map[hello.Version]int
	asks   []question
	sleeps []time.Duration
}

// scan runs a whole scan against s.
func scan(t testing.TB, s script) (hello.Table, *fakeServer) {
	t.Helper()
	return scanName(t, "kms.example.com", s)
}

func scanName(t testing.TB, name string, s script) (hello.Table, *fakeServer) {
	t.Helper()
	server := &fakeServer{t: t, script: s, asked: map[hello.Version]int{}}
	scanner := server.scanner()
	return scanner.Scan(context.Background(), anyAddress, name), server
}

var anyAddress = netip.MustParseAddrPort("127.0.0.1:443")

func (s *fakeServer) scanner() *hello.Scanner {
	return &hello.Scanner{
		Dial:   func(context.Context, netip.AddrPort) (net.Conn, error) { return s.dial() },
		Random: rand.New(rand.NewSource(1)),
		Sleep: func(_ context.Context, d time.Duration) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.sleeps = append(s.sleeps, d)
			return nil
		},
	}
}

// dial opens a connection unless the script refuses, which it must do without having seen
// the hello: it is asked with an empty question first.
func (s *fakeServer) dial() (net.Conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	if r := s.script(question{n: s.n}); r.dial != nil {
		return nil, r.dial
	}
	return &fakeConn{server: s, n: s.n}, nil
}

type fakeConn struct {
	server *fakeServer
	n      int
	wrote  bool
	reply  reply
	rest   *bytes.Reader
}

func (c *fakeConn) Write(b []byte) (int, error) {
	if c.wrote {
		c.server.t.Error("a hello was written in pieces")
	}
	c.wrote = true
	p, err := parseHello(b)
	if err != nil {
		c.server.t.Errorf("bad hello % x: %v", b, err)
	}
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	c.server.asked[p.version]++
	q := question{parsedHello: p, n: c.n, asked: c.server.asked[p.version]}
	c.server.asks = append(c.server.asks, q)
	c.reply = c.server.script(q)
	c.rest = bytes.NewReader(c.reply.data)
	return len(b), nil
}

func (c *fakeConn) Read(b []byte) (int, error) {
	if c.reply.chunk > 0 {
		b = b[:min(len(b), c.reply.chunk)]
	}
	if n, err := c.rest.Read(b); err == nil {
		return n, nil
	}
	if c.reply.end == nil {
		return 0, endSilence
	}
	return 0, c.reply.end
}

func (c *fakeConn) Close() error                     { return nil }
func (c *fakeConn) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (c *fakeConn) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (c *fakeConn) SetDeadline(time.Time) error      { return nil }
func (c *fakeConn) SetReadDeadline(time.Time) error  { return nil }
func (c *fakeConn) SetWriteDeadline(time.Time) error { return nil }

// accepting is a server that accepts these versions and refuses the others with a fatal
// protocol_version alert.
func accepting(versions ...hello.Version) script {
	return func(q question) reply {
		switch {
		case q.asked == 0: // the connection is being opened
			return reply{}
		case !slices.Contains(versions, q.version):
			return fatal(70)
		case q.version == hello.SSLv2:
			return reply{data: serverHelloSSLv2(0x010080)}
		}
		f := choose(q.version)
		if !slices.Contains(q.suites, f.suite) {
			return fatal(40)
		}
		return f.send()
	}
}

// modern accepts TLS 1.2 and 1.3.
func modern() script { return accepting(hello.TLS12, hello.TLS13) }

// but answers questions about v with other, and the rest as s does.
func (s script) but(v hello.Version, other func(question) reply) script {
	return func(q question) reply {
		if q.asked > 0 && q.version == v {
			return other(q)
		}
		return s(q)
	}
}

// always answers every question alike.
func always(r reply) func(question) reply { return func(question) reply { return r } }

// answering is a script for questions alone, not for connections.
type answering func(question) reply

// sequence answers the first question with the first reply and so on; the last repeats.
func sequence(replies ...reply) answering {
	return func(q question) reply { return replies[min(q.asked, len(replies))-1] }
}

// verdicts writes a table as six letters, SSLv2 first: A accepted, R rejected, I inconclusive.
func verdicts(t hello.Table) string {
	var b strings.Builder
	for _, v := range hello.Versions() {
		b.WriteByte(strings.ToUpper(t[v].Verdict.String())[0])
	}
	return b.String()
}

// describe shows a table for a failing test.
func describe(t hello.Table) string {
	var b strings.Builder
	for _, v := range hello.Versions() {
		r := t[v]
		b.WriteString("\n  " + v.String() + " " + r.Verdict.String() + ": " + r.Evidence)
		if r.Note != "" {
			b.WriteString("\n    note: " + r.Note)
		}
		if r.WithoutSNI != "" {
			b.WriteString("\n    without SNI: " + r.WithoutSNI)
		}
	}
	return b.String()
}

var errRefused = &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}

// errReset comes of a server that resets faster than the prober's kernel reports that the
// connection stands.
var errReset = &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNRESET)}

var errTooManyFiles = &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("socket", syscall.EMFILE)}

var errOdd = errors.New("something\n else")
