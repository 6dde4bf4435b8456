package exchange

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"time"

	"prober/probe/reason"
)

// Do sends req on conn, reads the one reply and judges it. It always returns a reply;
// what went wrong stands in its findings. TLS must be established on conn before.
//
// Nothing takes longer than the deadline of opt, and canceling ctx ends the exchange at
// once with prober/canceled. Do sets the deadlines of conn and neither clears them nor
// closes conn: after one exchange it is of no further use, and the caller closes it.
func Do(ctx context.Context, conn net.Conn, req *http.Request, opt Options) *Reply {
	opt.Limits = opt.Limits.withDefaults()
	x := &exchange{
		ctx: ctx, conn: conn, method: req.Method, opt: opt, source: newSource(conn), now: opt.Now,
		reply: &Reply{Reached: reason.Request},
	}
	in, back := opt.Readers.lend(&x.source)
	defer back()
	x.in = in
	if x.now == nil {
		x.now = time.Now
	}
	x.since = x.now()
	defer x.end()
	if opt.Keep > 0 {
		x.reply.kept = &kept{most: opt.Keep}
		x.source.kept = x.reply.kept
		defer x.keepReceived()
	}

	wire, err := Write(req)
	if err != nil {
		x.reply.note(reason.ProberInternal, err.Error())
		return x.reply
	}
	deadline, ok := x.deadline()
	if !ok {
		return x.reply
	}
	if err := conn.SetDeadline(deadline); err != nil {
		x.reply.note(reason.ProberInternal, "setting the deadline: "+err.Error())
		return x.reply
	}
	if ctx.Done() != nil {
		stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
		defer stop()
	}
	if x.send(req, wire) && x.readHead() {
		if how, ok := x.framing(); ok && x.readBody(how) {
			x.end()
			x.reply.whole = true
			if how.kind != untilClose {
				x.lookForSurplus(deadline)
			}
			x.decode(req.Header)
		}
	}
	return x.reply
}

// exchange is the state of one call of Do.
type exchange struct {
	ctx    context.Context
	conn   net.Conn
	method string
	opt    Options // without a zero limit

	in       *bufio.Reader // over source
	source   source
	written  int   // bytes of the request
	unsent   int   // those that were not written
	writeErr error // why, if there may be a reply all the same
	reply    *Reply

	discarded int64 // bytes of the body that were read and not kept
	beyond    bool  // what is read now is announced, and beyond what is kept

	now   func() time.Time
	since time.Time // when the phase under way began
	ended bool
}

// enter ends the phase under way and begins the next.
func (x *exchange) enter(next reason.Phase) {
	x.settle()
	x.reply.Reached = next
}

// end ends the last phase; later calls change nothing.
func (x *exchange) end() {
	if !x.ended {
		x.ended = true
		x.settle()
	}
}

// settle charges the phase under way with the time since the last call.
func (x *exchange) settle() {
	at := x.now()
	took := at.Sub(x.since)
	x.since = at
	switch t := &x.reply.Timing; x.reply.Reached {
	case reason.Request:
		t.Request += took
	case reason.Headers:
		t.Headers += took
	case reason.Body:
		t.Body += took
	}
}

// deadline returns the instant at which the exchange must be over. It reports false,
// with a finding, when the time was up before anything was sent: what came before took
// all of it.
func (x *exchange) deadline() (time.Time, bool) {
	deadline := x.opt.Deadline
	if d, ok := x.ctx.Deadline(); ok && (deadline.IsZero() || d.Before(deadline)) {
		deadline = d
	}
	wall := time.Now() // net.Conn keeps its deadlines by this clock and no other
	if deadline.IsZero() {
		deadline = wall.Add(DefaultTimeout)
	}
	switch {
	case x.ctx.Err() == context.Canceled:
		x.reply.note(reason.ProberCanceled, "canceled before the request was sent")
		return deadline, false
	case !deadline.After(wall):
		x.reply.note(reason.RequestTimeout, "no time was left to send the request")
		return deadline, false
	}
	return deadline, true
}

// send writes the request and waits for the first byte of the reply. It reports whether
// there is one.
func (x *exchange) send(req *http.Request, wire []byte) bool {
	n, err := x.conn.Write(wire)
	x.written, x.unsent = n, len(wire)-n
	if x.opt.Keep > 0 {
		x.keepSent(req, wire)
	}
	if err != nil {
		if isTimeout(err) {
			x.broken(err)
			return false
		}
		// A server may answer before it has read everything and close; its reply, or a
		// TLS alert, can still be read.
		x.writeErr = err
	}
	if _, err := x.in.Peek(1); err != nil {
		x.broken(err)
		return false
	}
	x.enter(reason.Headers)
	return true
}
