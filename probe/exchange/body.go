package exchange

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"

	"prober/probe/reason"
)

// readBody reads the body and reports whether it came whole.
func (x *exchange) readBody(how framing) bool {
	var whole bool
	x.source.inBody = true
	defer func() { x.source.inBody = false }()
	switch how.kind {
	case byLength:
		whole = x.readLength(how.length)
	case byChunks:
		x.reply.chunked = true
		whole = x.readChunks()
	case untilClose:
		whole = x.readUntilClose()
	default:
		whole = true
	}
	x.reply.BodyBytes = int64(len(x.reply.Body)) + x.discarded
	if x.reply.Status == http.StatusResetContent && x.reply.BodyBytes > 0 {
		x.lax("a body in a reply of status 205, which may have none (RFC 9110, section 15.3.6)")
	}
	return whole
}

// readLength reads a body of n bytes. Of one that is announced as more than is followed,
// only what came along with the header section is kept.
func (x *exchange) readLength(n int64) bool {
	limits := x.opt.Limits
	if n > limits.ReplyBytes {
		start, _ := x.in.Peek(int(min(int64(x.in.Buffered()), limits.BodyBytes)))
		x.reply.Body = append(x.reply.Body, start...)
		x.limit(fmt.Sprintf("a body of %d bytes is announced, of which %d are read", n, limits.BodyBytes))
		return false
	}
	got, err := x.fill(int(min(n, limits.BodyBytes)))
	if err == nil {
		x.beyond = true
		err = x.discard(n - int64(got))
	}
	if err != nil {
		why, what := x.failure(err)
		x.explain(err, why, fmt.Sprintf("%s after %d of %d bytes of the body", what, int64(got)+x.discarded, n))
		return false
	}
	return x.kept()
}

// fill appends n bytes to the body, and returns how many came. It makes room as they come: what is
// announced costs nothing.
func (x *exchange) fill(n int) (int, error) {
	begin := len(x.reply.Body)
	for end := begin + n; len(x.reply.Body) < end; {
		at := len(x.reply.Body)
		next := min(end, max(2*at, at+readSize))
		body := slices.Grow(x.reply.Body, next-at)
		got, err := io.ReadFull(x.in, body[at:next])
		if x.reply.Body = body[:at+got]; err != nil {
			return at + got - begin, err
		}
	}
	return n, nil
}

// readUntilClose reads a body that ends with the stream. Over TLS nothing but a close_notify
// tells that end from one that was forged, or from a crash (RFC 9112, section 9.8).
func (x *exchange) readUntilClose() bool {
	body, err := io.ReadAll(io.LimitReader(x.in, x.opt.Limits.BodyBytes))
	x.reply.Body = body
	if err == nil {
		if _, end := x.in.Peek(1); end == nil {
			err = x.discard(x.opt.Limits.ReplyBytes - int64(len(body)) + 1)
		} else {
			err = end
		}
	}
	switch {
	case err == nil:
		x.endless()
		return false
	case !errors.Is(err, io.EOF):
		x.broken(err)
		return false
	case endedBelow(x.conn):
		x.reply.note(reason.BodyTruncated, fmt.Sprintf("the connection ended without close_notify after %d bytes of a body whose length was not announced", int64(len(body))+x.discarded))
		return false
	}
	return x.kept()
}

// endedBelow reports whether conn, or one that it stands upon, says that the stream ended
// below TLS. crypto/tls itself reports a FIN between two records like a close_notify.
func endedBelow(conn net.Conn) bool {
	c, ok := beneath[interface{ Ended() bool }](conn)
	return ok && c.Ended()
}

// beneath returns conn, or the first that it stands upon, which is a T.
func beneath[T any](conn net.Conn) (T, bool) {
	for {
		if c, ok := conn.(T); ok {
			return c, true
		}
		outer, ok := conn.(interface{ NetConn() net.Conn })
		if !ok {
			var none T
			return none, false
		}
		conn = outer.NetConn()
	}
}

// discard reads n bytes of the body beyond those that are kept, to see it end.
func (x *exchange) discard(n int64) error {
	got, err := x.in.Discard(int(n)) // at most what is read of a reply
	x.discarded += int64(got)
	return err
}

// kept reports whether all of a body that has ended was kept.
func (x *exchange) kept() bool {
	if x.discarded > 0 {
		x.limit(fmt.Sprintf("the body has %d bytes, of which %d are read", int64(len(x.reply.Body))+x.discarded, len(x.reply.Body)))
	}
	return x.discarded == 0
}

// limit notes that a bound of the prober's is in the way of what may be a good reply.
func (x *exchange) limit(detail string) { x.reply.note(reason.ProberLimit, detail) }

func (x *exchange) endless() {
	if x.opt.Limits.OthersReadOn {
		x.limit(fmt.Sprintf("no end is announced, and none came within the %d bytes that are read", x.opt.Limits.ReplyBytes))
		return
	}
	x.reply.note(reason.BodyTooLarge, fmt.Sprintf("no end is announced, and none came within %d bytes", x.opt.Limits.ReplyBytes))
}
