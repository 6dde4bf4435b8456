package sandbox

import (
	"io"
	"net"
	"time"

	"prober/catalog"
	"prober/sandbox/punctual"
)

// Bounds of what a client may keep a connection of the sandbox busy with.
const (
	helloTimeout = 30 * time.Second // for a ClientHello, a handshake or the next request
	holdTimeout  = 5 * time.Minute  // for which a fault that hangs holds a connection
)

// connection is one accepted connection.
type connection struct {
	tcp    *net.TCPConn
	e      *endpoint
	scheme catalog.Scheme
	record *record

	greeting []byte // the ClientHello as it came, in its records
}

// serve takes care of the connection until it ends.
func (c *connection) serve() {
	c.record = c.e.s.log.connected(c.e.s.cfg.Now(), c.e.ID, c.scheme, c.tcp)
	b := c.e.behaviour()
	switch {
	case c.scheme == catalog.HTTPS:
		c.serveTLS(b)
	case c.scheme == catalog.SchemeTCP:
		c.talk(b)
	case b.secured != nil && c.e.plain == plainServed:
		b.secured(c, c.tcp)
	default:
		c.serveHTTP(c.tcp)
	}
}

// close ends the connection in the ordinary way.
func (c *connection) close() { _ = c.tcp.Close() } // the peer may have ended it first

// reset ends the connection with RST.
func (c *connection) reset() {
	_ = c.tcp.SetLinger(0) // fails only on a connection that is closed already
	c.close()
}

// hold keeps the connection open and reads what comes, until the peer or the sandbox
// closes it.
func (c *connection) hold() {
	_ = c.tcp.SetDeadline(time.Now().Add(holdTimeout))
	_, _ = io.Copy(io.Discard, c.tcp)
}

// stall keeps the connection open without reading from it. That the peer has closed
// cannot be seen so; a minute is longer than any client waits.
func (c *connection) stall() { c.pause(time.Minute) }

// pause waits; false means that the sandbox is closing.
func (c *connection) pause(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	end := time.Now().Add(d)
	t := time.NewTimer(punctual.Early(d))
	defer t.Stop()
	select {
	case <-t.C:
		punctual.Until(end)
		return true
	case <-c.e.s.closing.Done():
		return false
	}
}

// drip writes p a byte at a time with pauses; false means that it was cut short.
func (c *connection) drip(w io.Writer, p []byte, every time.Duration) bool {
	for i := range p {
		if _, err := w.Write(p[i : i+1]); err != nil || !c.pause(every) {
			return false
		}
	}
	return true
}
