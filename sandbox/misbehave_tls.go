package sandbox

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"time"

	"prober/sandbox/clienthello"
)

// TLS record types and alert levels (RFC 8446, sections 5.1 and 6).
const (
	recordAlert     = 21
	recordHandshake = 22
	alertWarning    = 1
	alertFatal      = 2
)

// tlsRecord puts a payload into one record of a version.
func tlsRecord(kind byte, v clienthello.Version, payload []byte) []byte {
	return append([]byte{kind, byte(v >> 8), byte(v), byte(len(payload) >> 8), byte(len(payload))}, payload...)
}

// send writes bytes below TLS. The client may be gone; then there is nobody to tell.
func (c *connection) send(p []byte) { _, _ = c.tcp.Write(p) }

// fatalAlert answers with a fatal alert and closes.
func fatalAlert(description byte) func(*connection, clienthello.Hello) bool {
	return sendRecord(recordAlert, []byte{alertFatal, description})
}

// onlyHTTP2 refuses clients that offer protocols by ALPN and not HTTP/2 (RFC 7301, section 3.2).
func onlyHTTP2(c *connection, hello clienthello.Hello) bool {
	const noApplicationProtocol = 120
	if len(hello.ALPN) == 0 || slices.Contains(hello.ALPN, "h2") {
		return false
	}
	return fatalAlert(noApplicationProtocol)(c, hello)
}

// sendRecord answers with one record and closes.
func sendRecord(kind byte, payload []byte) func(*connection, clienthello.Hello) bool {
	return func(c *connection, _ clienthello.Hello) bool {
		c.send(tlsRecord(kind, clienthello.TLS12, payload))
		c.drain()
		return true
	}
}

// thenHello ends the connection after the ClientHello.
func thenHello(end func(*connection)) func(*connection, clienthello.Hello) bool {
	return func(c *connection, _ clienthello.Hello) bool {
		end(c)
		return true
	}
}

func plainReply(c *connection) { c.refuse(c.tcp, http.StatusBadRequest) }

func banner(c *connection) {
	c.send([]byte("220 mail.sandbox.test ESMTP\r\n"))
	c.drain()
}

// brokenServerHello is a ServerHello whose session id is longer than the message.
func brokenServerHello() []byte {
	body := make([]byte, 2+32+1+2+1)
	body[0], body[1], body[34] = 3, 3, 0xff
	return append([]byte{2, 0, 0, byte(len(body))}, body...)
}

func oversizeRecord(c *connection, _ clienthello.Hello) bool {
	c.send(append([]byte{recordHandshake, 3, 3, 0xff, 0xff}, make([]byte, 0xffff)...))
	c.drain()
	return true
}

func warningFlood(c *connection, _ clienthello.Hello) bool {
	const most = 10_000 // clients give up after some dozens
	warning := tlsRecord(recordAlert, clienthello.TLS12, []byte{alertWarning, 90})
	for range most {
		if _, err := c.tcp.Write(warning); err != nil {
			break
		}
	}
	c.drain()
	return true
}

// warnFirst sends a warning that the name is not known, which RFC 6066, section 3,
// advises against, and goes on.
func warnFirst(c *connection, _ clienthello.Hello) bool {
	c.send(tlsRecord(recordAlert, clienthello.TLS10, []byte{alertWarning, 112}))
	return false
}

// intolerant closes on what old middleboxes choke on.
func intolerant(c *connection, h clienthello.Hello) bool {
	const largest = 230
	if h.Size <= largest && !h.Offers(clienthello.TLS13) {
		return false
	}
	c.drain()
	return true
}

// filtered is a connection whose writes go through a function.
type filtered struct {
	net.Conn
	write func(p []byte) (int, error)
}

func (f *filtered) Write(p []byte) (int, error) { return f.write(p) }

// endAfter lets n bytes of the server's through and ends the connection; where end is nil,
// what follows is lost.
func endAfter(n int, end func(*connection)) func(*connection, net.Conn) net.Conn {
	return func(c *connection, under net.Conn) net.Conn {
		left := n
		return &filtered{under, func(p []byte) (int, error) {
			pass := min(left, len(p))
			left -= pass
			if _, err := under.Write(p[:pass]); err != nil {
				return 0, err
			}
			if left == 0 && end != nil {
				end(c)
				return pass, io.ErrClosedPipe
			}
			return len(p), nil
		}}
	}
}

// dripping sends a byte at a time.
func dripping(every time.Duration) func(*connection, net.Conn) net.Conn {
	return func(c *connection, under net.Conn) net.Conn {
		return &filtered{under, func(p []byte) (int, error) {
			_ = c.tcp.SetDeadline(time.Now().Add(holdTimeout))
			if !c.drip(under, p, every) {
				return 0, io.ErrClosedPipe
			}
			return len(p), nil
		}}
	}
}

// inSegments sends each write in pieces of n bytes, which the kernel does not join.
func inSegments(n int) func(*connection, net.Conn) net.Conn {
	return func(c *connection, under net.Conn) net.Conn {
		_ = c.tcp.SetNoDelay(true) // the default already; the behaviour rests on it
		return &filtered{under, func(p []byte) (int, error) {
			for sent := 0; sent < len(p); sent += n {
				if _, err := under.Write(p[sent:min(sent+n, len(p))]); err != nil {
					return sent, err
				}
			}
			return len(p), nil
		}}
	}
}

// refragmented rewrites the plaintext handshake records of the server: joined into as
// few records as possible, or split into records of at most n bytes (RFC 8446, section
// 5.1, allows both). n is 0 for joining.
func refragmented(n int) func(*connection, net.Conn) net.Conn {
	return func(_ *connection, under net.Conn) net.Conn {
		encrypted := false
		return &filtered{under, func(p []byte) (int, error) {
			if encrypted {
				return under.Write(p)
			}
			out, done, err := refragment(p, n)
			encrypted = done
			if err != nil {
				return 0, err
			}
			if _, err := under.Write(out); err != nil {
				return 0, err
			}
			return len(p), nil
		}}
	}
}

// refragment rewrites the whole records in p up to the first that is not a handshake
// record; done tells that there was one.
func refragment(p []byte, n int) (out []byte, done bool, err error) {
	var messages []byte
	var version clienthello.Version
	for len(p) > 0 && p[0] == recordHandshake {
		if len(p) < 5 || len(p) < 5+(int(p[3])<<8|int(p[4])) {
			return nil, false, fmt.Errorf("a write of %d bytes ends inside a record", len(p))
		}
		length := int(p[3])<<8 | int(p[4])
		version = clienthello.Version(p[1])<<8 | clienthello.Version(p[2])
		messages = append(messages, p[5:5+length]...)
		p = p[5+length:]
	}
	if n == 0 {
		n = 1 << 14
	}
	for len(messages) > 0 {
		size := min(n, len(messages))
		out = append(out, tlsRecord(recordHandshake, version, messages[:size])...)
		messages = messages[size:]
	}
	return append(out, p...), len(p) > 0, nil
}
