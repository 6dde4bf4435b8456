package dns

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"net/netip"
	"sync"
	"time"

	"prober/limit"
)

// DefaultTimeout is how long one question to one resolver may take if [Client.Timeout]
// is zero.
const DefaultTimeout = limit.Timeout

var errNoResolver = errors.New("the resolver has no address")

// Client asks questions. The zero value works; it may be used by several goroutines at
// once and must not be changed while in use.
type Client struct {
	// Dial opens the connection to a resolver; network is "udp" or "tcp". A datagram
	// connection must be connected and must keep message boundaries. Nil: [net.Dialer].
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Now is the clock that durations are measured with. Deadlines are the operating
	// system's and follow its clock. Nil: [time.Now].
	Now func() time.Time
	// Random gives the message ids, two bytes a question. It is read from several
	// goroutines at once. Nil: [crypto/rand.Reader].
	Random io.Reader
	// Timeout bounds one question to one resolver: the datagram, its repetition, the plain
	// repeat without EDNS and the repeat over TCP together. Zero: [DefaultTimeout].
	Timeout time.Duration

	buffers sync.Pool // of *[datagramRoom + 1]byte, for what one socket receives: a byte more, to see that there are more
}

func (c *Client) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}

// buffer lends out a buffer for datagrams; put it back into c.buffers.
func (c *Client) buffer() *[datagramRoom + 1]byte {
	if b, ok := c.buffers.Get().(*[datagramRoom + 1]byte); ok {
		return b
	}
	return new([datagramRoom + 1]byte)
}

func (c *Client) random() io.Reader {
	if c.Random != nil {
		return c.Random
	}
	return rand.Reader
}

// deadline is the end of a question asked now: the timeout, or the context's own end if
// that comes first.
func (c *Client) deadline(ctx context.Context) time.Time {
	end := time.Now().Add(cmp.Or(c.Timeout, DefaultTimeout))
	if ctxEnd, ok := ctx.Deadline(); ok && ctxEnd.Before(end) {
		return ctxEnd
	}
	return end
}

func (c *Client) dial(ctx context.Context, network string, resolver netip.AddrPort, deadline time.Time) (net.Conn, error) {
	if !resolver.IsValid() {
		return nil, errNoResolver
	}
	if c.Dial != nil {
		ctx, cancel := context.WithDeadline(ctx, deadline)
		defer cancel()
		return c.Dial(ctx, network, resolver.String())
	}
	if network == "tcp" {
		dialer := net.Dialer{Deadline: deadline, KeepAlive: -1}
		return dialer.DialContext(ctx, network, resolver.String())
	}
	// Connecting a datagram socket sends nothing and never waits.
	conn, err := net.DialUDP(network, nil, net.UDPAddrFromAddrPort(resolver))
	if err != nil {
		return nil, err // a nil *net.UDPConn in a net.Conn would not be nil
	}
	return conn, nil
}
