package probe

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"syscall"

	"prober/errno"
	"prober/limit"
	"prober/plain"
	"prober/probe/exchange"
	"prober/probe/reason"
)

// talk connects to r's address, sends what the list has to be sent and reads as many bytes as it expects.
func (p *Prober) talk(ctx context.Context, t Target, r *AddressResult) verdict {
	l, v := p.connect(ctx, t, r)
	if l.conn == nil {
		return v
	}
	defer l.close()
	send, _ := t.Own.TCP.Send.Bytes() // validation saw to both
	want, _ := t.Own.TCP.Expect.Bytes()
	r.Phases.Reached = reason.Request
	_ = l.conn.SetDeadline(l.deadline)
	if len(send) > 0 {
		if _, err := l.conn.Write(send); err != nil {
			r.Phases.Request = p.cfg.Clock.Now().Sub(l.connected)
			return verdict{Finding: brokenOff(ctx, l.conn, err, nil, reason.RequestWriteTimeout)}
		}
	}
	const beyond = 60 // bytes, to show whoever speaks otherwise
	got := make([]byte, 0, len(want)+beyond)
	var err error
	for err == nil && len(got) < len(want) && bytes.HasPrefix(want, got) {
		var n int
		n, err = l.conn.Read(got[len(got):cap(got)])
		if len(got) == 0 {
			r.Phases.Request = p.cfg.Clock.Now().Sub(l.connected)
		}
		got = got[:len(got)+n]
	}
	r.Phases.Headers = p.cfg.Clock.Now().Sub(l.connected) - r.Phases.Request
	if len(got) > 0 {
		r.Phases.Reached = reason.Headers
		p.reach.heard(p.cfg.Clock.Now())
	}
	switch {
	case bytes.HasPrefix(got, want):
		return verdict{}
	case !bytes.HasPrefix(want, got):
		return only(reason.VerifyUnexpectedBytes, fmt.Sprintf("%s came, where %s is expected", p.shownBytes(got), p.shownBytes(want)))
	}
	return verdict{Finding: brokenOff(ctx, l.conn, err, got, reason.RequestTimeout)}
}

// shownBytes are the first bytes of a server as they can be shown.
func (p *Prober) shownBytes(b []byte) string {
	return plain.Line(strconv.Quote(p.redact(string(b))), limit.FactBytes)
}

// brokenOff says why no more came than got, or why nothing could be written.
func brokenOff(ctx context.Context, conn net.Conn, err error, got []byte, silence reason.Reason) reason.Finding {
	after := ""
	if len(got) > 0 {
		after = fmt.Sprintf(" after %d bytes", len(got))
	}
	switch {
	case canceled(ctx):
		return reason.ProberCanceled.Found("the probe was cut short")
	case errno.Is(err, syscall.ECONNRESET), errno.Is(err, syscall.EPIPE):
		return reason.RequestReset.Found("the connection was reset" + after)
	case exchange.GoneBy(err) != 0:
		return reason.ConnectUnreachable.Found("the connection broke: " + errnoText(err))
	case errors.Is(err, io.EOF) && len(got) > 0:
		return reason.VerifyUnexpectedBytes.Found("the server closed the connection" + after + ", and more are expected")
	case errors.Is(err, io.EOF):
		return reason.RequestEOF.Found("the server closed the connection before a byte came")
	case errors.Is(err, os.ErrDeadlineExceeded), isTimeout(err):
		return exchange.DeliveryOf(conn).Explain(silence.Found(fmt.Sprintf("%s sent nothing more%s in time", conn.RemoteAddr(), after)))
	}
	return reason.ProberInternal.Found("talking to " + conn.RemoteAddr().String() + ": " + errnoText(err))
}
