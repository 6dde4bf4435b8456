package webport

import (
	"net"
	"sync"
	"time"
)

// Listener takes connections up to a number. When one more comes, the one that is least missed is
// closed for it. See [Server] for how a connection is told to be busy.
type Listener struct {
	net.Listener
	most int

	mu    sync.Mutex
	conns map[*conn]struct{}
}

// Listen puts the bound in front of l: at most most connections are open at once.
func Listen(l net.Listener, most int) *Listener {
	return &Listener{Listener: l, most: max(most, 1), conns: map[*conn]struct{}{}}
}

// sendBuffer bounds what the kernel keeps of a reply that is not read, for each connection. Without
// it that grows to megabytes.
const sendBuffer = 256 << 10

// Accept returns the next connection, and makes room for it first.
func (l *Listener) Accept() (net.Conn, error) {
	raw, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	if tcp, ok := raw.(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(sendBuffer) // the system's own will do
	}
	c := &conn{Conn: raw, port: l, standing: arriving, since: time.Now()}
	l.mu.Lock()
	var worst *conn
	if len(l.conns) >= l.most {
		for other := range l.conns {
			if worst == nil || other.lessMissed(worst) {
				worst = other
			}
		}
		delete(l.conns, worst)
	}
	l.conns[c] = struct{}{}
	l.mu.Unlock()
	if worst != nil {
		worst.cut()
	}
	return c, nil
}

// Open returns how many connections are open.
func (l *Listener) Open() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.conns)
}

// standing is what a connection is at; those with a lower one are missed less.
type standing uint8

const (
	idle     standing = iota // between two requests
	arriving                 // has not sent the whole header of a request
	asking                   // a request is being answered
	vital                    // one that must be answered is
)

// conn is one connection. The lock of its port is over its standing.
type conn struct {
	net.Conn
	port *Listener

	standing standing
	since    time.Time
	requests int // being answered: HTTP/2 has several
}

// lessMissed orders connections by what they are at, and then the one that is at it longest first.
func (c *conn) lessMissed(other *conn) bool {
	if c.standing != other.standing {
		return c.standing < other.standing
	}
	return c.since.Before(other.since)
}

// begin marks that a request is being answered, until end is called.
func (c *conn) begin(s standing) (end func()) {
	c.port.mu.Lock()
	defer c.port.mu.Unlock()
	c.requests++
	if c.requests == 1 || s > c.standing {
		c.standing, c.since = s, time.Now()
	}
	return func() {
		c.port.mu.Lock()
		defer c.port.mu.Unlock()
		if c.requests--; c.requests == 0 {
			c.standing, c.since = idle, time.Now()
		}
	}
}

// wake marks that bytes of the next request have come.
func (c *conn) wake() {
	c.port.mu.Lock()
	defer c.port.mu.Unlock()
	if c.standing == idle {
		c.standing, c.since = arriving, time.Now()
	}
}

// Close closes the connection and gives its place back.
func (c *conn) Close() error {
	c.port.mu.Lock()
	delete(c.port.conns, c)
	c.port.mu.Unlock()
	return c.Conn.Close()
}

// cut closes the connection at once: what the other side has not read is dropped, so that the
// kernel does not keep it either.
func (c *conn) cut() {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.Conn.Close()
}
