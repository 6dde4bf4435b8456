package dns

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"slices"
	"time"

	"prober/limit"
)

// panicked is what a panic while answers were awaited comes to: hostile bytes must not end a program
// that probes others meanwhile.
type panicked struct{ cause any }

func (p panicked) Error() string { return fmt.Sprintf("panic: %v", p.cause) }

// socket is one datagram socket, and the questions that were sent from it.
type socket struct {
	client  *Client
	conn    net.Conn
	asked   []*exchange
	waiting int
	early   func(*exchange) // see [Client.udp]
	copies  int             // of answers that had come

	alone     chan *exchange // what becomes of a question that was also sent by itself; nil: none was
	stopAlone func()
}

// udp sends questions to their one resolver as datagrams from one new socket and waits until each is
// decided. Half way to the deadline what is not answered is sent once more, because datagrams get lost
// (RFC 1035 section 4.2.1). If nothing at all has come by then the plain question goes with it,
// because some filters drop what they do not know. Each but the last to be decided is handed to early
// at once, so that it need not wait for the others; the last is returned.
func (c *Client) udp(ctx context.Context, asked []*exchange, early func(*exchange)) (last *exchange) {
	s := &socket{client: c, asked: asked, waiting: len(asked), early: early}
	defer func() {
		if p := recover(); p != nil {
			last = s.giveUp(panicked{p})
		}
	}()
	conn, err := c.dial(ctx, "udp", asked[0].resolver, asked[0].deadline)
	if err != nil {
		return s.giveUp(err)
	}
	s.conn = conn
	defer closeQuietly(conn)
	defer func() {
		if s.stopAlone != nil {
			s.stopAlone()
		}
	}()
	defer closeOnCancel(ctx, conn)()

	deadline := asked[0].deadline
	if err := conn.SetWriteDeadline(deadline); err != nil {
		return s.giveUp(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(time.Until(deadline) / 2)); err != nil {
		return s.giveUp(err)
	}
	for _, e := range asked {
		if _, err := conn.Write(e.message); err != nil {
			return s.giveUp(err)
		}
	}
	buffer := c.buffer()
	defer c.buffers.Put(buffer)
	for again := false; ; {
		n, err := conn.Read(buffer[:])
		switch {
		case err == nil:
			if last := s.take(buffer[:n]); last != nil {
				return last
			}
		case !again && isTimeout(err) && time.Until(deadline) > 0:
			again = true
			if err := s.repeat(ctx, deadline); err != nil {
				return s.giveUp(err)
			}
		default:
			return s.giveUp(err)
		}
	}
}

// end decides a question, and returns it if it was the last.
func (s *socket) end(e *exchange, answer []byte, err error) *exchange {
	e.decided, e.err, e.at = true, err, s.client.now()
	e.answer = slices.Clone(answer) // the buffer is for others
	if s.waiting--; s.waiting == 0 {
		return e
	}
	s.early(e)
	return nil
}

// giveUp decides all that is not yet decided by an error, but for what was answered elsewhere.
func (s *socket) giveUp(err error) (last *exchange) {
	for _, e := range s.asked {
		if e.decided {
			continue
		}
		if s.alone != nil {
			if other := <-s.alone; other.err == nil {
				e.message, e.plain = other.message, other.plain
				return s.end(e, other.answer, nil)
			}
		}
		last = s.end(e, nil, err)
	}
	return last
}

// repeat sends what is not answered once more, and waits until the deadline.
func (s *socket) repeat(ctx context.Context, deadline time.Time) error {
	if err := s.conn.SetReadDeadline(deadline); err != nil {
		return err
	}
	for _, e := range s.asked {
		if e.decided {
			continue
		}
		e.retransmitted = true
		if s.waiting < len(s.asked) {
			s.askAlone(ctx, e)
		}
		if _, err := s.conn.Write(e.message); err != nil {
			return err
		}
		if e.plain == nil || e.strays.total() > 0 {
			continue
		}
		var err error
		if e.plainMessage, err = e.plain(); err != nil {
			return err
		}
		if _, err := s.conn.Write(e.plainMessage); err != nil {
			return err
		}
	}
	return nil
}

// askAlone sends a question from a port of its own as well, where another one from the same port was
// answered: there are resolvers and firewalls that take only one from each. It must be the last that
// waits.
func (s *socket) askAlone(ctx context.Context, e *exchange) {
	own := *e
	own.strays = new(strays)
	s.alone = make(chan *exchange, 1)
	ctx, s.stopAlone = context.WithCancel(ctx)
	go func() {
		s.client.udp(ctx, []*exchange{&own}, nil)
		if own.err == nil {
			_ = s.conn.SetReadDeadline(time.Unix(1, 0)) // whoever reads there need not any more
		}
		s.alone <- &own
	}()
}

// take looks what a datagram answers. It returns the last question if that is decided now.
func (s *socket) take(received []byte) *exchange {
	for _, e := range s.asked {
		p, toPlain := e.classify(received)
		switch {
		case p != reply:
			continue
		case e.decided:
			if s.copies++; s.copies >= limit.Strays {
				return s.giveUp(errTooManyStrays)
			}
			return nil
		case toPlain:
			e.message, e.plain = e.plainMessage, nil
		}
		return s.end(e, received, nil)
	}
	var last *exchange
	known := slices.ContainsFunc(s.asked, func(e *exchange) bool { return e.concerns(received) })
	for _, e := range s.asked {
		if e.decided || known && !e.concerns(received) {
			continue
		}
		p, _ := e.classify(received)
		if e.strays[p]++; e.strays.total() >= limit.Strays {
			last = s.end(e, nil, errTooManyStrays)
		}
	}
	return last
}

// classify says what a datagram is to the question, and whether to the plain form of it.
func (e *exchange) classify(received []byte) (p packet, toPlain bool) {
	p = classify(received, e.message, e.questionEnd)
	if p == wrongID && e.plainMessage != nil {
		p = classify(received, e.plainMessage, e.questionEnd)
		return p, true
	}
	return p, false
}

// concerns reports whether a datagram that is no answer shows by its id or its question that it is
// about this question and not another one of the same socket.
func (e *exchange) concerns(received []byte) bool {
	if len(received) < headerSize {
		return false
	}
	if bytes.Equal(received[:2], e.message[:2]) || e.plainMessage != nil && bytes.Equal(received[:2], e.plainMessage[:2]) {
		return true
	}
	return len(received) >= e.questionEnd && sameQuestion(received[headerSize:e.questionEnd], e.message[headerSize:e.questionEnd])
}

// showsNoEDNS reports whether the answer to a question with EDNS has records and does not speak of
// EDNS: who sent it does not know it, and answers as if it were not there.
func (e *exchange) showsNoEDNS() bool {
	a := e.answer
	const truncated, code = 0x0200, 0x000f
	if e.plain == nil || len(a) < headerSize || binary.BigEndian.Uint16(a[2:])&(truncated|code) != 0 {
		return false
	}
	answers, additionals := binary.BigEndian.Uint16(a[6:]), binary.BigEndian.Uint16(a[10:])
	return answers > 0 && additionals == 0
}
