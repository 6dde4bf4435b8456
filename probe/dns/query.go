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
	return c.query(ctx, resolver, name, t, isASCII, false)
}

// QueryTCP is [Client.Query] over TCP from the beginning, which is otherwise for what was truncated.
func (c *Client) QueryTCP(ctx context.Context, resolver netip.AddrPort, name string, t Type) Answer {
	return c.query(ctx, resolver, name, t, isASCII, true)
}

// query is [Client.Query] of a name that check lets pass: one from the wire may hold any byte.
func (c *Client) query(ctx context.Context, resolver netip.AddrPort, name string, t Type, check func(string) error, overTCP bool) Answer {
	start := c.now()
	q := c.question(ctx, resolver, name, t, check)
	q.overTCP = overTCP
	return q.finish(start, func() time.Time {
		if q.answer.Reason != reason.None {
			return c.now()
		}
		e, ok := q.exchange(true)
		if !ok {
			return c.now()
		}
		q.send(ctx, e)
		return q.conclude(ctx, e, false)
	})
}

// question returns the state in which a Query begins. A name that cannot be asked for has its
// verdict already.
func (c *Client) question(ctx context.Context, resolver netip.AddrPort, name string, t Type, check func(string) error) *question {
	q := &question{client: c, deadline: c.deadline(ctx)}
	wire, folded, err := wireName(name)
	if err == nil {
		err = check(name)
	}
	q.answer = Answer{Resolver: resolver, Name: presentation(folded), Type: t}
	if err != nil {
		q.fail(reason.ProberInternal, err.Error())
	}
	q.wire, q.name = wire, folded
	return q
}

// finish lets work bring about the answer to a question that was asked at start; it returns when
// that was there, or given up.
func (q *question) finish(start time.Time, work func() time.Time) (answer Answer) {
	defer func() {
		if p := recover(); p != nil {
			q.fail(reason.ProberInternal, fmt.Sprintf("panic: %v", p))
			answer = q.answer
		}
	}()
	end := work()
	q.answer.Strays = q.strays.total()
	q.answer.Duration = reason.Seconds(end.Sub(start))
	return q.answer
}

// question is the state of one Query.
type question struct {
	client   *Client
	wire     dnsmessage.Name
	name     string // in the package's inner form
	deadline time.Time
	overTCP  bool // from the beginning
	texts    bool // of the records are wanted
	records  []string
	strays   strays
	answer   Answer
}

// badVersion refuses the version of EDNS (RFC 6891 section 9). It is the first response code that does not fit into
// the header alone.
const badVersion dnsmessage.RCode = 16

// conclude judges what became of the question as it was asked with EDNS, and asks once more without
// if the server may not understand that (RFC 6891 section 7). What it said stands if it says nothing
// the second time. ignoresEDNS tells that the resolver is known to answer such questions as if they
// were without. It returns when there was nothing more to come.
func (q *question) conclude(ctx context.Context, e *exchange, ignoresEDNS bool) time.Time {
	r, ok := q.arrived(ctx, e, true)
	end := e.at
	if q.answer.TCPFallback {
		end = q.client.now()
	}
	if ok && r.worthAsking(ignoresEDNS) {
		q.answer.PlainRetry = true
		first := q.answer
		switch again, answered := q.attempt(ctx, false); {
		case !answered:
			q.answer.Reason, q.answer.Detail = first.Reason, first.Detail
		case again.rcode != r.rcode || again.rcode == dnsmessage.RCodeSuccess: // else it said more with EDNS
			r = again
		}
		end = q.client.now()
	}
	if ok {
		unchecked := q.answersUnchecked(ctx, &r)
		if q.answer.judge(&r, q.name); unchecked && q.answer.Reason == reason.ResolveServFail {
			q.answer.Detail += "; asked not to check signatures (the CD bit) it answers: with DNSSEC the answer does not validate there"
		}
		q.records = r.textsOf(q.name)
	}
	return end
}

// worthAsking reports whether the same question without EDNS may be answered better. Some servers
// and filters say that they do not know it by the code that is meant for it, some by any refusal,
// some by an answer without anything in it. A resolver that failed once may also just have been
// late with what it was about to learn.
func (r *reading) worthAsking(ignoresEDNS bool) bool {
	if r.admits != admitsNothing {
		return false
	}
	switch {
	case r.rcode >= badVersion: // such as BADCOOKIE: it takes an OPT record to say so
		return true
	case r.rcode == dnsmessage.RCodeFormatError, r.rcode == dnsmessage.RCodeNotImplemented, r.rcode == dnsmessage.RCodeServerFailure, r.rcode == dnsmessage.RCodeRefused:
		return true
	case r.rcode == dnsmessage.RCodeSuccess:
		return !ignoresEDNS && !r.edns && !r.hasSOA && !r.hasNS && len(r.links) == 0 && len(r.records) == 0
	}
	return false
}

// attempt sends the question under a new id from a new port, and over TCP if the answer is
// truncated. It reports whether there is an answer to judge; if not, the verdict is given.
func (q *question) attempt(ctx context.Context, edns bool) (reading, bool) {
	e, ok := q.exchange(edns)
	if !ok {
		return reading{}, false
	}
	q.send(ctx, e)
	return q.arrived(ctx, e, edns)
}

// exchange is the question as it is to be sent, under a new id; false with a verdict if it cannot be.
func (q *question) exchange(edns bool) (*exchange, bool) {
	message, questionEnd, err := q.message(make([]byte, 0, questionRoom), edns)
	if err != nil {
		_, ok := q.fail(reason.ProberInternal, err.Error())
		return nil, ok
	}
	e := &exchange{resolver: q.answer.Resolver, deadline: q.deadline, message: message, questionEnd: questionEnd, strays: &q.strays}
	if edns {
		e.plain = func() ([]byte, error) {
			message, _, err := q.message(nil, false)
			return message, err
		}
	}
	return e, true
}

// send sends the question by itself and waits for its answer.
func (q *question) send(ctx context.Context, e *exchange) {
	if q.overTCP {
		e.answer, e.err = e.tcp(ctx, q.client)
		e.at = q.client.now()
		return
	}
	q.client.udp(ctx, []*exchange{e}, nil)
}

// arrived takes in what became of an exchange; the question goes over TCP if the answer is truncated.
// It reports whether there is an answer to judge; if not, the verdict is given.
func (q *question) arrived(ctx context.Context, e *exchange, edns bool) (reading, bool) {
	received, err := e.answer, e.err
	if e.retransmitted {
		q.answer.Retransmitted = true
		q.answer.PlainRetry = q.answer.PlainRetry || edns && e.plain == nil
	}
	if err != nil {
		return q.unanswered(ctx, err)
	}
	if received[2]&0x02 != 0 && !q.overTCP { // TC; what stands in the message may be cut anywhere
		q.answer.Truncated = true
		q.answer.TCPFallback = true
		if received, err = e.tcp(ctx, q.client); err != nil {
			return q.truncated(ctx, err)
		}
	}
	if received[2]&0x02 != 0 {
		return q.fail(reason.ResolveTruncated, fmt.Sprintf("%s set the TC bit over TCP too", q.answer.Resolver))
	}
	r, err := read(received, q.name, q.answer.Type, q.texts)
	if err != nil {
		if !q.answer.TCPFallback && !q.overTCP && len(received) > datagramRoom { // what was cut off is nobody's mistake but its size
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
	switch {
	case errors.Is(err, errTooManyStrays):
		why = reason.ResolveMismatch
	case errors.As(err, new(panicked)):
		return q.fail(reason.ProberInternal, err.Error())
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
