package dns

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"prober/limit"
	"prober/plain"
	"prober/probe/reason"
)

const (
	// questionRoom is enough for a header, the longest name and an OPT record.
	questionRoom = headerSize + 255 + 4 + 11
	// datagramRoom is more than was announced, for servers that do not keep to it.
	datagramRoom = 2048
)

// Query asks resolver for the records of type t of name, which is absolute with or without
// its final dot. It never returns a Go error: the answer's Reason is None if there are such
// records, and says why not otherwise. Of the reasons of the prober's own phase it uses
// resolver_unavailable (nothing there, or no way there), fd_exhausted, ports_exhausted,
// canceled and internal (name cannot be asked, or a panic, which must not end a program that
// probes others meanwhile).
func (c *Client) Query(ctx context.Context, resolver netip.AddrPort, name string, t Type) Answer {
	return c.query(ctx, resolver, name, t, isASCII)
}

// QueryTCP is [Client.Query] over TCP from the beginning, which is otherwise for what was truncated.
func (c *Client) QueryTCP(ctx context.Context, resolver netip.AddrPort, name string, t Type) Answer {
	over := *c
	over.overTCP = true
	return over.Query(ctx, resolver, name, t)
}

// query is [Client.Query] of a name that check lets pass: one from the wire may hold any byte.
func (c *Client) query(ctx context.Context, resolver netip.AddrPort, name string, t Type, check func(string) error) (answer Answer) {
	q := question{client: c, deadline: c.deadline(ctx)}
	defer func() {
		if p := recover(); p != nil {
			q.fail(reason.ProberInternal, fmt.Sprintf("panic: %v", p))
			answer = q.answer
		}
	}()
	start := c.now()
	wire, folded, err := wireName(name)
	if err == nil {
		err = check(name)
	}
	q.answer = Answer{Resolver: resolver, Name: presentation(folded), Type: t}
	if err != nil {
		q.fail(reason.ProberInternal, err.Error())
		return q.answer
	}
	q.wire, q.name = wire, folded
	q.ask(ctx)
	q.answer.Strays = q.strays.total()
	q.answer.Duration = reason.Seconds(c.now().Sub(start))
	return q.answer
}

// question is the state of one Query.
type question struct {
	client   *Client
	wire     dnsmessage.Name
	name     string // in the package's inner form
	deadline time.Time
	strays   strays
	answer   Answer
}

// badVersion refuses the version of EDNS (RFC 6891 section 9).
const badVersion dnsmessage.RCode = 16

// ask asks with EDNS, and once more without if the server may not understand that (RFC 6891
// section 7). What it said stands if it says nothing the second time.
func (q *question) ask(ctx context.Context) {
	r, ok := q.attempt(ctx, true)
	if ok && r.worthAsking() {
		q.answer.PlainRetry = true
		first := q.answer
		switch again, answered := q.attempt(ctx, false); {
		case !answered:
			q.answer.Reason, q.answer.Detail = first.Reason, first.Detail
		case again.rcode != r.rcode || again.rcode == dnsmessage.RCodeSuccess: // else it said more with EDNS
			r = again
		}
	}
	if ok {
		q.answer.judge(&r, q.name)
	}
}

// worthAsking reports whether the same question without EDNS may be answered better. Some servers
// and filters say that they do not know it by the code that is meant for it, some by any refusal,
// some by an answer without anything in it. A resolver that failed once may also just have been
// late with what it was about to learn.
func (r *reading) worthAsking() bool {
	if r.admits != admitsNothing {
		return false
	}
	switch r.rcode {
	case dnsmessage.RCodeFormatError, dnsmessage.RCodeNotImplemented, badVersion, dnsmessage.RCodeServerFailure, dnsmessage.RCodeRefused:
		return true
	case dnsmessage.RCodeSuccess:
		return !r.edns && !r.hasSOA && !r.hasNS && len(r.links) == 0 && len(r.records) == 0
	}
	return false
}

// attempt sends the question under a new id from a new port, and over TCP if the answer is
// truncated. It reports whether there is an answer to judge; if not, the verdict is given.
func (q *question) attempt(ctx context.Context, edns bool) (reading, bool) {
	buffer := make([]byte, questionRoom+datagramRoom+1) // a byte more, to see that there are more
	message, questionEnd, err := q.message(buffer[:0:questionRoom], edns)
	if err != nil {
		return q.fail(reason.ProberInternal, err.Error())
	}
	e := exchange{
		resolver: q.answer.Resolver, deadline: q.deadline,
		message: message, questionEnd: questionEnd,
		buffer: buffer[questionRoom:], strays: &q.strays,
	}
	if edns {
		e.plain = func() ([]byte, error) {
			message, _, err := q.message(nil, false)
			return message, err
		}
	}
	var received []byte
	retransmitted := false
	if q.client.overTCP {
		received, err = e.tcp(ctx, q.client)
	} else {
		received, retransmitted, err = e.udp(ctx, q.client)
	}
	if retransmitted {
		q.answer.Retransmitted = true
		q.answer.PlainRetry = q.answer.PlainRetry || edns && e.plain == nil
	}
	if err != nil {
		return q.unanswered(ctx, err)
	}
	if received[2]&0x02 != 0 && !q.client.overTCP { // TC; what stands in the message may be cut anywhere
		q.answer.Truncated = true
		q.answer.TCPFallback = true
		if received, err = e.tcp(ctx, q.client); err != nil {
			return q.truncated(ctx, err)
		}
	}
	if received[2]&0x02 != 0 {
		return q.fail(reason.ResolveTruncated, fmt.Sprintf("%s set the TC bit over TCP too", q.answer.Resolver))
	}
	r, err := read(received, q.name, q.answer.Type)
	if err != nil {
		if !q.answer.TCPFallback && !q.client.overTCP && len(received) > datagramRoom { // what was cut off is nobody's mistake but its size
			err = fmt.Errorf("more than %d bytes came, where %d are the most that were asked for", datagramRoom, udpPayload)
		}
		return q.fail(reason.ResolveMalformed, fmt.Sprintf("%s sent an answer to %s %s that cannot be parsed: %v",
			q.answer.Resolver, q.answer.Name, q.answer.Type, err))
	}
	return r, true
}

// message is the question under a new id, and where its question section ends.
func (q *question) message(room []byte, edns bool) (message []byte, questionEnd int, err error) {
	var id [2]byte
	if _, err := io.ReadFull(q.client.random(), id[:]); err != nil {
		return nil, 0, fmt.Errorf("no random message id: %w", err)
	}
	message, questionEnd, err = appendQuestion(room, binary.BigEndian.Uint16(id[:]), q.wire, q.answer.Type, edns)
	if err != nil {
		return nil, 0, fmt.Errorf("name %q: %w", q.answer.Name, err)
	}
	return message, questionEnd, nil
}

// unanswered gives the verdict when no answer came over UDP.
func (q *question) unanswered(ctx context.Context, err error) (reading, bool) {
	why := faultReason(ctx, err)
	if errors.Is(err, errTooManyStrays) {
		why = reason.ResolveMismatch
	}
	what := fmt.Sprintf("%s: %v", q.answer.Resolver, cause(err))
	if why == reason.ResolveTimeout {
		switch {
		case q.strays[wrongQuestion]+q.strays[noQuestion] > 0:
			why = reason.ResolveMismatch
		case q.strays[unparseable] > 0:
			why = reason.ResolveMalformed
		}
		what = fmt.Sprintf("%s gave no answer to %s %s in time", q.answer.Resolver, q.answer.Name, q.answer.Type)
	}
	if q.strays.total() > 0 {
		what += fmt.Sprintf("; ignored packets: %s", &q.strays)
	}
	return q.fail(why, what)
}

// truncated gives the verdict when the repeat over TCP failed: the prober's own faults are
// told apart, all others are the resolver's or the path's.
func (q *question) truncated(ctx context.Context, err error) (reading, bool) {
	why := faultReason(ctx, err)
	switch why {
	case reason.ProberCanceled, reason.ProberFDExhausted, reason.ProberPortsExhausted:
	default:
		why = reason.ResolveTruncated
	}
	return q.fail(why, fmt.Sprintf("%s truncated its answer to %s %s, and over TCP: %v",
		q.answer.Resolver, q.answer.Name, q.answer.Type, cause(err)))
}

// fail gives the verdict where there is no answer to judge.
func (q *question) fail(why reason.Reason, detail string) (reading, bool) {
	q.answer.Reason, q.answer.Detail = why, plain.Line(detail, limit.DetailBytes)
	return reading{}, false
}
