package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"

	"prober/catalog"
	"prober/probe/reason"
)

// writes counts what is written at once, over all connections of a dialer.
type writes struct {
	net.Conn
	n *atomic.Int32
}

func (c writes) Write(b []byte) (int, error) {
	c.n.Add(1)
	return c.Conn.Write(b)
}

// TestRequestGoesWithTheLastFlight: what ends our side of a handshake of TLS 1.3 leaves together with
// the request. In TLS 1.2 the server has the last word.
func TestRequestGoesWithTheLastFlight(t *testing.T) {
	p := newPKI()
	for version, want := range map[uint16]int32{tls.VersionTLS13: 2, tls.VersionTLS12: 3} {
		addr := serveTLS(t, &tls.Config{
			Certificates: []tls.Certificate{served(p.leaf, p.intermediate)}, MinVersion: version, MaxVersion: version,
		}, replying(okReply))
		var n atomic.Int32
		cfg := onLoopback(p)
		cfg.Dial = func(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
			c, err := dialTCP(ctx, to)
			return writes{c, &n}, err
		}
		o := New(cfg).Probe(t.Context(), at(goodHost, catalog.HTTPS, addr))
		if o.Outcome != reason.OK || n.Load() != want {
			t.Errorf("%s: %s %s, %d writes, want %d", tls.VersionName(version), o.Outcome, o.Reason, n.Load(), want)
		}
	}
}

// TestHandshakeWithoutRequest: a server to which nothing is said after the handshake sees it end all
// the same, also where there is a second one.
func TestHandshakeWithoutRequest(t *testing.T) {
	p := newPKI()
	ended := make(chan error, 2)
	addr := serve(t, func(c net.Conn) {
		ended <- tls.Server(c, &tls.Config{Certificates: []tls.Certificate{served(p.leaf, p.intermediate)}}).Handshake()
	})
	tg := at(goodHost, catalog.HTTPS, addr)
	tg.Until = reason.TLS
	prober := New(onLoopback(p))
	want(t, prober.Probe(t.Context(), tg), reason.OK, reason.None)
	prober.shakeAgain(t.Context(), tg, &AddressResult{Address: addr.Addr()}, prober.tls)
	for range 2 {
		if err := <-ended; err != nil {
			t.Errorf("the server: %v", err)
		}
	}
}

// short is a connection that takes so many bytes at most, and then fails.
type short struct {
	net.Conn
	room int
}

func (c *short) Write(b []byte) (int, error) {
	n := min(len(b), c.room)
	if c.room -= n; n < len(b) {
		return n, errors.New("no more room")
	}
	return n, nil
}

// TestHeldBytesAreNotTheCallers: how much was written is told of what was given, and nothing besides.
func TestHeldBytesAreNotTheCallers(t *testing.T) {
	for room, want := range map[int]int{0: 0, 3: 0, 4: 0, 6: 2, 9: 5} {
		r := &recorder{Conn: &short{room: room}, held: []byte("held")}
		n, err := r.Write([]byte("bytes"))
		if n != want || (err == nil) != (room == 9) || r.held != nil {
			t.Errorf("room for %d: %d, %v", room, n, err)
		}
	}
}

// TestWhatComesAfterTheHandshakeIsCounted: with the content it tells how much came beside it.
func TestWhatComesAfterTheHandshakeIsCounted(t *testing.T) {
	r := &recorder{Conn: giving{}, turn: func() (func(), error) { return func() {}, nil }}
	for _, want := range []int64{0, 4, 8} {
		if _, err := r.Read(make([]byte, 4)); err != nil || r.Came() != want {
			t.Errorf("%d bytes, %v; want %d", r.Came(), err, want)
		}
		r.handshaken()
	}
}

// giving fills whatever is read into.
type giving struct{ net.Conn }

func (giving) Read(b []byte) (int, error) { return len(b), nil }
