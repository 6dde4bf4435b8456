package hello_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"prober/probe/hello"
)

// listen serves each connection with serve on a free loopback port until the test ends.
func listen(t testing.TB, serve func(net.Conn)) netip.AddrPort {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	group.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			group.Go(func() {
				defer func() { _ = c.Close() }()
				serve(c)
			})
		}
	})
	t.Cleanup(func() { _ = l.Close(); group.Wait() })
	return l.Addr().(*net.TCPAddr).AddrPort()
}

// readHello reads what a prober sends in one piece.
func readHello(c net.Conn) (parsedHello, error) {
	b := make([]byte, 4096)
	n, err := c.Read(b)
	if err != nil {
		return parsedHello{}, err
	}
	return parseHello(b[:n])
}

// TestZeroScanner scans a server over TCP with a Scanner that was told nothing.
func TestZeroScanner(t *testing.T) {
	addr := listen(t, func(c net.Conn) {
		p, err := readHello(c)
		if err != nil {
			t.Error(err)
			return
		}
		if p.version == hello.TLS12 {
			_, _ = c.Write(choose(hello.TLS12).send().data)
		} else {
			_, _ = c.Write(alert(2, 70))
		}
		_, _ = io.Copy(io.Discard, c)
	})
	var s hello.Scanner
	table := s.Scan(context.Background(), addr, "kms.example.com")
	if got := verdicts(table); got != "RRRRAR" {
		t.Errorf("verdicts are %s:%s", got, describe(table))
	}
	if r := table[hello.TLS12]; r.RTT <= 0 || r.Suite != "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" || r.Tries != 1 {
		t.Errorf("%+v", r)
	}
}

// TestResetAfterServerHello checks that a reset right behind the ServerHello, which can
// overtake it in the prober's kernel, does not hide it.
func TestResetAfterServerHello(t *testing.T) {
	addr := listen(t, func(c net.Conn) {
		if p, err := readHello(c); err == nil && p.version == hello.TLS12 {
			_, _ = c.Write(choose(hello.TLS12).send().data)
		}
		_ = c.(*net.TCPConn).SetLinger(0)
	})
	s := hello.Scanner{Sleep: func(context.Context, time.Duration) error { return nil }}
	if table := s.Scan(context.Background(), addr, "kms.example.com"); verdicts(table) != "RRRRAR" {
		t.Errorf("verdicts are %s:%s", verdicts(table), describe(table))
	}
}

// TestRealSilence checks that a server which accepts connections and says nothing is
// inconclusive, within the timeout, and so is one that trickles.
func TestRealSilence(t *testing.T) {
	silent := listen(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	trickles := listen(t, func(c net.Conn) {
		for _, err := c.Write([]byte{22}); err == nil; _, err = c.Write(alert(1, 90)) {
			if _, err = c.Read(make([]byte, 4096)); err != nil {
				return
			}
		}
	})
	s := hello.Scanner{Timeout: 50 * time.Millisecond}
	for name, addr := range map[string]netip.AddrPort{"silent": silent, "trickling": trickles} {
		if table := s.Scan(context.Background(), addr, ""); verdicts(table) != "IIIIII" {
			t.Errorf("%s: verdicts are %s:%s", name, verdicts(table), describe(table))
		}
	}
}

// TestConnectionRefused checks a port nobody listens on.
func TestConnectionRefused(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().(*net.TCPAddr).AddrPort()
	_ = l.Close()
	var s hello.Scanner
	a := s.Ask(context.Background(), addr, "", hello.TLS12, hello.Small)
	if a.Kind != hello.NotReached || a.ServerHello() {
		t.Errorf("%s: %s", a.Kind, a.Evidence)
	}
}

// TestCancel checks that a scan returns when its context ends, wherever it is: while it
// dials, waits its turn, reads, or sleeps.
func TestCancel(t *testing.T) {
	var reads sync.WaitGroup
	silent := listen(t, func(c net.Conn) {
		_, _ = readHello(c)
		reads.Done()
		_, _ = io.Copy(io.Discard, c)
	})
	resets := listen(t, func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0) })
	for name, start := range map[string]func(*hello.Scanner, context.CancelFunc) netip.AddrPort{
		"before it starts": func(_ *hello.Scanner, cancel context.CancelFunc) netip.AddrPort { cancel(); return silent },
		"while it reads": func(_ *hello.Scanner, cancel context.CancelFunc) netip.AddrPort {
			reads.Add(6)
			go func() { reads.Wait(); cancel() }()
			return silent
		},
		"while it dials": func(s *hello.Scanner, cancel context.CancelFunc) netip.AddrPort {
			s.Dial = func(ctx context.Context, _ netip.AddrPort) (net.Conn, error) {
				cancel()
				<-ctx.Done()
				return nil, ctx.Err()
			}
			return silent
		},
		"while it waits its turn": func(s *hello.Scanner, cancel context.CancelFunc) netip.AddrPort {
			s.Pace = func(ctx context.Context) (func(), error) { cancel(); <-ctx.Done(); return nil, ctx.Err() }
			return silent
		},
		"while it sleeps": func(s *hello.Scanner, cancel context.CancelFunc) netip.AddrPort {
			s.Sleep = func(ctx context.Context, _ time.Duration) error { cancel(); <-ctx.Done(); return ctx.Err() }
			return resets
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			s := hello.Scanner{Timeout: time.Hour}
			table := s.Scan(ctx, start(&s, cancel), "kms.example.com")
			if got := verdicts(table); got != "IIIIII" {
				t.Errorf("verdicts are %s:%s", got, describe(table))
			}
			if r := table[hello.TLS12]; !strings.HasPrefix(r.Evidence, "stopped: context canceled") {
				t.Errorf("evidence %q does not say that it was stopped", r.Evidence)
			} else if strings.Contains(name, "starts") && r.Tries != 0 {
				t.Errorf("%d tries, want none", r.Tries)
			}
		})
	}
}

// TestDefaultSleepEnds checks that the timer that is used by default gives way to the context.
func TestDefaultSleepEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	var dials atomic.Int32
	s := hello.Scanner{Dial: func(context.Context, netip.AddrPort) (net.Conn, error) {
		if dials.Add(1) == 6 {
			defer cancel()
		}
		return &endedConn{}, nil
	}}
	table := s.Scan(ctx, anyAddress, "")
	if dials.Load() != 6 {
		t.Errorf("%d connections, want 6: it went on after the context ended:%s", dials.Load(), describe(table))
	}
}

// endedConn is a connection that the server has closed.
type endedConn struct{ fakeConn }

func (*endedConn) Write(b []byte) (int, error) { return len(b), nil }
func (*endedConn) Read([]byte) (int, error)    { return 0, io.EOF }

// TestAllVersionsAtOnce checks that the six first hellos are under way together: each
// is answered only when all have come.
func TestAllVersionsAtOnce(t *testing.T) {
	var all sync.WaitGroup
	all.Add(6)
	addr := listen(t, func(c net.Conn) {
		if _, err := readHello(c); err == nil {
			all.Done()
			all.Wait()
			_, _ = c.Write(alert(2, 70))
		}
	})
	var s hello.Scanner
	if table := s.Scan(context.Background(), addr, ""); verdicts(table) != "RRRRRR" {
		t.Errorf("verdicts are %s:%s", verdicts(table), describe(table))
	}
}

// TestPace checks that each connection takes its turn and gives it back, also when the
// connection fails, and that a pace that refuses stops the scan.
func TestPace(t *testing.T) {
	var taken, released atomic.Int32
	server := &fakeServer{t: t, script: modern().but(hello.SSLv3, always(reply{end: endReset})), asked: map[hello.Version]int{}}
	s := server.scanner()
	s.Pace = func(context.Context) (func(), error) {
		taken.Add(1)
		return func() { released.Add(1) }, nil
	}
	s.Scan(context.Background(), anyAddress, "")
	if n := int32(server.n); taken.Load() != n || released.Load() != n {
		t.Errorf("%d connections, %d turns taken, %d given back", n, taken.Load(), released.Load())
	}
	s.Pace = func(context.Context) (func(), error) { return nil, errors.New("no more today") }
	before := server.n
	table := s.Scan(context.Background(), anyAddress, "")
	if got := verdicts(table); got != "IIIIII" || server.n != before {
		t.Errorf("verdicts are %s after %d connections:%s", got, server.n-before, describe(table))
	}
	s.Pace = func(context.Context) (func(), error) { return nil, nil }
	if got := verdicts(s.Scan(context.Background(), anyAddress, "")); got != "RRRRAA" {
		t.Errorf("with a pace that has nothing to release: %s", got)
	}
}

// TestRTT checks that the round trip is measured on the scanner's clock, from the hello to
// the first byte.
func TestRTT(t *testing.T) {
	server := &fakeServer{t: t, script: modern(), asked: map[hello.Version]int{}}
	s := server.scanner()
	var ticks atomic.Int64
	s.Now = func() time.Time { return time.Unix(0, 0).Add(time.Duration(ticks.Add(1)) * time.Second) }
	if a := s.Ask(context.Background(), anyAddress, "", hello.TLS12, hello.Main); a.RTT != time.Second {
		t.Errorf("RTT is %s, want 1s", a.RTT)
	}
}

// lingerConn notes how it is closed.
type lingerConn struct {
	fakeConn
	calls []string
}

func (c *lingerConn) SetLinger(sec int) error {
	if sec == 0 {
		c.calls = append(c.calls, "linger 0")
	}
	return nil
}
func (c *lingerConn) Close() error { c.calls = append(c.calls, "close"); return nil }

// TestClosesAtOnce checks that a connection is closed with a reset, and closed in every case.
func TestClosesAtOnce(t *testing.T) {
	for name, script := range map[string]script{"answered": modern(), "silent": always(reply{})} {
		server := &fakeServer{t: t, script: script, asked: map[hello.Version]int{}}
		conn := &lingerConn{fakeConn: fakeConn{server: server}}
		s := server.scanner()
		s.Dial = func(context.Context, netip.AddrPort) (net.Conn, error) { return conn, nil }
		s.Pace = func(context.Context) (func(), error) {
			return func() { conn.calls = append(conn.calls, "turn given back") }, nil
		}
		s.Ask(context.Background(), anyAddress, "", hello.TLS12, hello.Main)
		if got := strings.Join(conn.calls, ", "); got != "linger 0, close, turn given back" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// writeFails is a connection on which nothing can be written.
type writeFails struct {
	fakeConn
	err error
}

func (c *writeFails) Write([]byte) (int, error) { return 0, c.err }

// TestWriteFails checks that what a server said before it refused the hello is still read,
// and that a write that fails otherwise counts as what it is.
func TestWriteFails(t *testing.T) {
	for _, c := range []struct {
		name string
		data []byte
		err  error
		want hello.Kind
	}{
		{"banner, then a reset", []byte("too many connections\n"), endReset, hello.NotTLS},
		{"reset", nil, endReset, hello.Reset},
		{"timeout", nil, os.ErrDeadlineExceeded, hello.Silence},
	} {
		s := hello.Scanner{Dial: func(context.Context, netip.AddrPort) (net.Conn, error) {
			return &writeFails{fakeConn: fakeConn{rest: bytes.NewReader(c.data), reply: reply{end: io.EOF}}, err: c.err}, nil
		}}
		if a := s.Ask(context.Background(), anyAddress, "", hello.TLS12, hello.Main); a.Kind != c.want {
			t.Errorf("%s: %s, %s, want %s", c.name, a.Kind, a.Evidence, c.want)
		}
	}
}

// TestSmallTellsIntolerance checks the use of the small hello: a middlebox that drops large
// hellos lets it through.
func TestSmallTellsIntolerance(t *testing.T) {
	server := &fakeServer{t: t, asked: map[hello.Version]int{}, script: func(q question) reply {
		if q.message > 400 {
			return reply{}
		}
		return modern()(q)
	}}
	s := server.scanner()
	ctx := context.Background()
	if a := s.Ask(ctx, anyAddress, "kms.example.com", hello.TLS12, hello.Main); a.Kind != hello.Silence {
		t.Errorf("main: %s", a.Evidence)
	}
	if a := s.Ask(ctx, anyAddress, "kms.example.com", hello.TLS12, hello.Small); !a.ServerHello() {
		t.Errorf("small: %s", a.Evidence)
	}
}
