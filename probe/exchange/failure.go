package exchange

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"

	"prober/errno"
	"prober/limit"
	"prober/probe/reason"
)

// broken records why the connection failed in the phase under way. The phase decides,
// not the error: the same bare io.EOF means request/eof, headers/eof or body/truncated.
func (x *exchange) broken(err error) {
	why, what := x.failure(err)
	detail := fmt.Sprintf("%s after %d bytes of the reply", what, x.source.bytes)
	if x.written > 0 && x.unsent > 0 {
		detail += fmt.Sprintf(" and %d of %d of the request", x.written, x.written+x.unsent)
	}
	x.explain(err, why, detail)
}

// explain records what an error of the connection was found to be, and of one that came with the end of the time what
// the kernel knows.
func (x *exchange) explain(err error, why reason.Reason, detail string) {
	found := why.Found(detail)
	if isTimeout(err) {
		found = DeliveryOf(x.conn).Explain(found)
	}
	x.reply.note(found.Reason, found.Detail)
}

// failure turns an error of the connection into a reason and a few words.
func (x *exchange) failure(err error) (reason.Reason, string) {
	words := failuresOf(x.reply.Reached)
	switch {
	case isTimeout(err) && errors.Is(x.ctx.Err(), context.Canceled):
		return reason.ProberCanceled, "canceled"
	case isTimeout(err) && x.writeErr != nil:
		return x.failure(x.writeErr)
	case isTimeout(err) && x.reply.Reached == reason.Request && x.unsent > 0:
		return reason.RequestWriteTimeout, "the request could not be written in time"
	case isTimeout(err) && x.beyond:
		return reason.ProberLimit, fmt.Sprintf("time was up beyond the first %d bytes, which are all that are read,", x.opt.Limits.BodyBytes)
	case isTimeout(err):
		return words.timeout, "time was up"
	case errors.Is(err, errPieces), errors.Is(err, errNoContent):
		return reason.ProberLimit, err.Error()
	case strings.Contains(err.Error(), "too many non-advancing records"): // other clients take more
		return reason.ProberLimit, fmt.Sprintf("TLS sends more than %d tickets or new keys without content between them, which are all that are read,", limit.MessagesBeside)
	case strings.Contains(err.Error(), "too many ignored records"):
		return reason.ProberLimit, fmt.Sprintf("TLS sends more than %d records without content in a row, which are all that are read,", limit.MessagesBeside)
	case strings.Contains(err.Error(), tls.AlertError(alertNoRenegotiation).Error()) && isLocal(err):
		return reason.ProberLimit, "TLS asks for a second renegotiation, and one is all that is made,"
	case renegotiates(x.conn) && (strings.Contains(err.Error(), "helloRequestMsg when waiting") || isLocal(err) && strings.HasSuffix(err.Error(), "unexpected message")):
		return reason.ProberLimit, "TLS asks for a renegotiation and goes on in the middle of it, which others read over,"
	case GoneBy(err) != 0:
		return words.reset, GoneBy(err).Error()
	case GoneBy(x.writeErr) != 0: // the kernel tells of a RST once, and of an end of the stream afterwards
		return words.reset, GoneBy(x.writeErr).Error()
	case errors.Is(x.source.err, io.ErrUnexpectedEOF): // io.ReadFull says so of every short read
		return words.eof, "end of the stream inside a TLS record"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errno.Is(err, syscall.EPIPE):
		return words.eof, "end of the stream"
	}
	why, what, ok := tlsFailure(err, x.opt.CertificateAsked)
	var number syscall.Errno
	switch _, secured := x.conn.(*tls.Conn); {
	case ok:
		return why, what
	case secured && !errors.As(err, &number) && !errors.Is(err, net.ErrClosed): // crypto/tls gives up on what the server sent
		return reason.TLSMalformed, TLSWords(err)
	}
	return reason.ProberInternal, fmt.Sprintf("unexpected error %q", err)
}

// renegotiates reports whether conn, or one that it stands upon, says that another handshake was begun.
func renegotiates(conn net.Conn) bool {
	c, ok := beneath[interface{ Renegotiates() bool }](conn)
	return ok && c.Renegotiates()
}

// failures are the reasons for a connection that fails in one phase.
type failures struct{ timeout, reset, eof reason.Reason }

func failuresOf(p reason.Phase) failures {
	switch p {
	case reason.Headers:
		return failures{reason.HeadersTimeout, reason.HeadersReset, reason.HeadersEOF}
	case reason.Body:
		return failures{reason.BodyTimeout, reason.BodyReset, reason.BodyTruncated}
	default:
		return failures{reason.RequestTimeout, reason.RequestReset, reason.RequestEOF}
	}
}

// isTimeout reports whether err is a deadline that passed, or the kernel giving up on
// retransmission (ETIMEDOUT).
func isTimeout(err error) bool {
	var ne net.Error
	return errors.As(err, &ne) && ne.Timeout()
}

// Alerts that are judged by their numbers (IANA, TLS Alerts).
const (
	alertNoRenegotiation     = 100
	alertCertificateRequired = 116
)

// MeansNoCertificate reports whether servers answer a client that has no certificate with an alert, where they asked for
// one: handshake_failure, most of them; no_certificate, bad_certificate and certificate_unknown; decode_error, GnuTLS up
// to TLS 1.2, to which no certificate is none that it can read; certificate_required, in TLS 1.3. There they come after
// the client has finished the handshake, on its first read (RFC 8446, sections 4.4.2.4 and 6.2).
func MeansNoCertificate(alert uint8) bool {
	switch alert {
	case 40, 41, 42, 46, 50, alertCertificateRequired:
		return true
	}
	return false
}

// tlsFailure recognises the errors of crypto/tls: alerts of the server, and records that
// cannot be accepted.
func tlsFailure(err error, asked func() bool) (reason.Reason, string, bool) {
	var op *net.OpError
	switch {
	case errors.As(err, new(tls.RecordHeaderError)):
		return reason.TLSMalformed, TLSWords(err), true
	case !errors.As(err, &op):
		return reason.None, "", false
	case isLocal(err): // an alert that crypto/tls sent because of what it read
		return reason.TLSMalformed, TLSWords(err), true
	case op.Op != "remote error":
		return reason.None, "", false
	}
	number, ok := alertNumber(op.Err)
	if !ok {
		return reason.None, "", false
	}
	what := fmt.Sprintf("alert %d (%s)", number, strings.TrimPrefix(op.Err.Error(), "tls: "))
	if strings.Contains(what, "(alert(") {
		what = fmt.Sprintf("alert %d, which no document defines,", number)
	}
	if number == alertCertificateRequired || asked != nil && asked() && MeansNoCertificate(number) {
		return reason.TLSClientCertRequired, what, true
	}
	return reason.TLSAlertOther, what, true
}

// isLocal reports whether an alert is one that crypto/tls sent.
func isLocal(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "local error"
}

// alertNumber finds the number of an alert that crypto/tls received. Its own type for it
// is not exported; the exported one has the same texts.
func alertNumber(err error) (uint8, bool) {
	for n := range 256 {
		if tls.AlertError(n).Error() == err.Error() {
			return uint8(n), true
		}
	}
	return 0, false
}
