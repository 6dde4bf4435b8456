package sandbox

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"prober/catalog"
)

// Bounds of a request, in bytes: above every limit that an API documents, so that the
// API gets to refuse what is too large.
const (
	maxRequestHead = 1 << 20
	maxRequestBody = 12 << 20
)

// exchange is one request and what is said to it.
type exchange struct {
	c     *connection
	conn  net.Conn // TLS or TCP
	req   *http.Request
	body  []byte
	reply *reply
	b     behaviour
}

// serveHTTP answers the requests of a connection, one after another.
func (c *connection) serveHTTP(conn net.Conn) {
	limited := &io.LimitedReader{R: conn}
	in := bufio.NewReader(limited)
	for first := true; ; first = false {
		_ = conn.SetDeadline(time.Now().Add(helloTimeout))
		limited.N = maxRequestHead
		req, err := http.ReadRequest(in)
		if err != nil {
			if limited.N <= 0 {
				c.refuse(conn, http.StatusRequestHeaderFieldsTooLarge)
			} else if isNoRequest(err) {
				c.refuse(conn, http.StatusBadRequest)
			}
			return
		}
		if !first {
			c.record = c.e.s.log.again(c.e.s.cfg.Now(), c.record)
		}
		limited.N = maxRequestBody
		body, err := readBody(conn, req)
		c.record.asked(req, len(body))
		if err != nil {
			if limited.N <= 0 {
				c.refuse(conn, http.StatusRequestEntityTooLarge)
			}
			return
		}
		x := &exchange{c: c, conn: conn, req: req, body: body, b: c.e.behaviour()}
		if !x.answer() {
			return
		}
	}
}

// refuse answers what cannot be taken for a request, as a web server does before any API.
func (c *connection) refuse(conn net.Conn, status int) {
	_, _ = io.WriteString(conn, page(status, http.StatusText(status)).whole()) // the client may be gone
	c.drain()
}

// isNoRequest tells a text that is no request from a client that went away.
func isNoRequest(err error) bool {
	var network net.Error
	return !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.As(err, &network)
}

// readBody reads the body of a request whole, asking for it if the client waits to be
// asked (RFC 9110, section 10.1.1).
func readBody(conn io.Writer, req *http.Request) ([]byte, error) {
	if strings.EqualFold(req.Header.Get("Expect"), "100-continue") {
		if _, err := io.WriteString(conn, "HTTP/1.1 100 Continue\r\n\r\n"); err != nil {
			return nil, err
		}
	}
	return io.ReadAll(req.Body)
}

// answer replies to the request; false means that the connection is to be closed.
func (x *exchange) answer() bool {
	if x.b.only != nil && !x.b.only(x) {
		x.b.mangle, x.b.plainServed = nil, false
	}
	if x.c.scheme == catalog.HTTP && x.c.e.plain != plainServed && !x.b.plainServed {
		x.b = behaviour{} // faults are about the API, which is not served here
	}
	if x.b.request != nil {
		x.b.request(x)
		return false
	}
	if x.c.scheme == catalog.HTTP && !x.b.plainServed {
		x.reply = x.servePlain()
	} else {
		x.reply = x.serve()
	}
	if x.reply == nil {
		return false
	}
	if x.b.edit != nil {
		x.b.edit(x)
	}
	x.c.record.answered(x.reply.Status)
	latency := x.c.e.s.cfg.Latency.plus(x.b.delay)
	if !x.c.pause(latency.FirstByte) {
		return false
	}
	if x.b.wire != nil {
		x.b.wire(x)
		return false
	}
	closing := x.req.Close || !x.req.ProtoAtLeast(1, 1)
	head, body := x.reply.head(closing), string(x.reply.Body)
	if x.req.Method == http.MethodHead {
		body = ""
	}
	if latency.Body > 0 {
		return x.say(head) && x.c.pause(latency.Body) && x.say(body) && !closing
	}
	return x.say(head+body) && !closing
}

// say sends a part of a reply in one write; false means that the client is gone.
func (x *exchange) say(text string) bool {
	_, err := io.WriteString(x.conn, text)
	return err == nil
}
