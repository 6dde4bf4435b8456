package hello

import (
	"cmp"
	"context"
	"crypto/rand"
	"io"
	"net"
	"net/netip"
	"sync"
	"time"

	"prober/limit"
)

// DefaultTimeout is the time one hello may take, from dialling to the end of the answer,
// where a Scanner names none.
const DefaultTimeout = limit.Timeout

// Scanner asks servers which versions they accept. The zero value works. A Scanner may be
// used by several goroutines at once if what it is given may.
type Scanner struct {
	// Dial opens a connection; nil means a plain TCP connection. The connection's deadlines
	// must work, since they are what ends a read.
	Dial func(ctx context.Context, addr netip.AddrPort) (net.Conn, error)
	// Now tells the time, for measuring round trips; nil means time.Now.
	Now func() time.Time
	// Sleep waits before a version is asked about again; nil means a timer. It returns
	// early, with an error, when ctx ends.
	Sleep func(ctx context.Context, d time.Duration) error
	// Pace is called before each connection and may hold it back; release is called when
	// the connection is closed. nil means no pace.
	Pace func(ctx context.Context) (release func(), err error)
	// Timeout bounds one hello, from dialling to the end of the answer, however slowly
	// bytes trickle in; 0 means DefaultTimeout.
	Timeout time.Duration
	// Random fills the random fields of the hellos; nil means crypto/rand. It is read by
	// one goroutine at a time.
	Random io.Reader
	// Shaken is the version that a whole handshake with the server chose, which proves more than any answer to a
	// hello; the zero Version, which nobody shakes hands with, where there was none.
	Shaken Version

	randomLock sync.Mutex
}

// Ask sends one hello and returns the answer, without asking twice and without judging.
// It returns as soon as ctx ends.
func (s *Scanner) Ask(ctx context.Context, addr netip.AddrPort, serverName string, v Version, variant Variant) Answer {
	return s.on(ctx, addr, func(conn net.Conn) Answer { return s.exchange(conn, v, variant, serverName) })
}

// on opens a connection, in pace and within the time allowed, and hands it to exchange.
func (s *Scanner) on(ctx context.Context, addr netip.AddrPort, exchange func(net.Conn) Answer) Answer {
	if s.Pace != nil {
		release, err := s.Pace(ctx)
		if err != nil {
			return stopped(err)
		}
		if release != nil {
			defer release()
		}
	}
	if err := ctx.Err(); err != nil {
		return stopped(err)
	}
	bounded, cancel := context.WithTimeout(ctx, cmp.Or(s.Timeout, DefaultTimeout))
	defer cancel()
	conn, err := s.dial(bounded, addr)
	if err != nil {
		if ctx.Err() != nil {
			return stopped(ctx.Err())
		}
		return undialled(err)
	}
	defer closeAtOnce(conn)
	unwatch := context.AfterFunc(bounded, func() {
		// Ends the read and the write under way. If it cannot, the connection is of no use.
		if err := conn.SetDeadline(time.Unix(1, 0)); err != nil {
			_ = conn.Close()
		}
	})
	defer unwatch()

	a := exchange(conn)
	if ctx.Err() != nil && !a.ServerHello() && a.Kind != Alerted {
		return stopped(ctx.Err())
	}
	return a
}

// undialled says what an answer is where no connection was opened. A reset while it was
// opened comes from a server that accepted it: one that listens no more refuses it.
func undialled(err error) Answer {
	if kind, how := ending(err); kind == Reset {
		return Answer{Kind: Reset, Evidence: how + " before any byte"}
	}
	return Answer{Kind: NotReached, Evidence: "not reached: " + oneLine(err)}
}

// exchange writes one hello and reads the answer. A write that fails does not keep it
// from reading: a server that refuses at once may have said why.
func (s *Scanner) exchange(conn net.Conn, v Version, variant Variant, serverName string) Answer {
	message := s.hello(v, variant, serverName)
	now := s.Now
	if now == nil {
		now = time.Now
	}
	wrote := now()
	_, writeErr := conn.Write(message)
	timed := &timedReader{r: conn, now: now}
	a := Classify(v, Offered(v, variant), timed)
	a.late = timed.late
	if timed.any {
		a.RTT = max(0, timed.first.Sub(wrote))
	} else if writeErr != nil && a.Kind == Closed {
		kind, how := ending(writeErr)
		a = Answer{Kind: kind, Evidence: how + " before any byte"}
	}
	return a
}

func (s *Scanner) hello(v Version, variant Variant, serverName string) []byte {
	s.randomLock.Lock()
	defer s.randomLock.Unlock()
	random := s.Random
	if random == nil {
		random = rand.Reader
	}
	return Hello(v, variant, serverName, random)
}

func (s *Scanner) dial(ctx context.Context, addr netip.AddrPort) (net.Conn, error) {
	if s.Dial != nil {
		return s.Dial(ctx, addr)
	}
	var d net.Dialer
	return d.DialContext(ctx, "tcp", addr.String())
}

func (s *Scanner) sleep(ctx context.Context, d time.Duration) error {
	if s.Sleep != nil {
		return s.Sleep(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// closeAtOnce closes conn with a reset, where it can: a scan of many versions would
// otherwise leave as many sockets in TIME_WAIT.
func closeAtOnce(conn net.Conn) {
	if c, ok := conn.(interface{ SetLinger(sec int) error }); ok {
		_ = c.SetLinger(0)
	}
	_ = conn.Close()
}

func stopped(err error) Answer {
	return Answer{Kind: Stopped, Evidence: "stopped: " + oneLine(err)}
}

// timedReader notes when the first byte came, and whether the time ran out before the last.
type timedReader struct {
	r     io.Reader
	now   func() time.Time
	first time.Time
	any   bool
	late  bool
}

func (t *timedReader) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	if n > 0 && !t.any {
		t.any, t.first = true, t.now()
	}
	if err != nil {
		kind, _ := ending(err)
		t.late = kind == Silence
	}
	return n, err
}
