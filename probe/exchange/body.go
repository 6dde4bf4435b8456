package exchange

import (
	"fmt"
	"io"

	"prober/probe/reason"
)

// readBody reads the body and reports whether it came whole.
func (x *exchange) readBody(how framing) bool {
	var whole bool
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
	x.reply.BodyBytes = int64(len(x.reply.Body))
	return whole
}

// readLength reads a body of n bytes. Of one that is announced as too large, only what
// came along with the header section is kept.
func (x *exchange) readLength(n int64) bool {
	if n > x.opt.Limits.BodyBytes {
		x.reply.note(reason.BodyTooLarge, fmt.Sprintf("a body of %d bytes is announced, more than %d", n, x.opt.Limits.BodyBytes))
		start, _ := x.in.Peek(int(min(int64(x.in.Buffered()), x.opt.Limits.BodyBytes)))
		x.reply.Body = append(x.reply.Body, start...)
		return false
	}
	body := make([]byte, n)
	got, err := io.ReadFull(x.in, body)
	x.reply.Body = body[:got]
	if err != nil {
		why, what := x.failure(err)
		x.reply.note(why, fmt.Sprintf("%s after %d of %d bytes of the body", what, got, n))
		return false
	}
	return true
}

// readUntilClose reads a body that ends with the stream. Over TLS this end may be
// forged: crypto/tls reports a FIN between two records like a close_notify.
func (x *exchange) readUntilClose() bool {
	limit := x.opt.Limits.BodyBytes
	body, err := io.ReadAll(io.LimitReader(x.in, limit+1))
	x.reply.Body = body
	switch {
	case int64(len(body)) > limit:
		x.reply.Body = body[:limit]
		x.bodyTooLarge()
		return false
	case err != nil:
		x.broken(err)
		return false
	}
	return true
}

func (x *exchange) bodyTooLarge() {
	x.reply.note(reason.BodyTooLarge, fmt.Sprintf("the body is larger than %d bytes", x.opt.Limits.BodyBytes))
}
