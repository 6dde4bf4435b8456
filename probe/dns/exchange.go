package dns

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"time"

	"prober/limit"
)

var errTooManyStrays = errors.New("too many packets that do not answer the question")

// strays counts the packets that were waited out, by what was wrong with them.
type strays [noQuestion + 1]int

func (s *strays) total() int { return s[unparseable] + s[wrongID] + s[wrongQuestion] + s[noQuestion] }

func (s *strays) String() string {
	text := fmt.Sprintf("%d not a DNS response, %d with a wrong id, %d to another question",
		s[unparseable], s[wrongID], s[wrongQuestion])
	if s[noQuestion] > 0 {
		text += fmt.Sprintf(", %d without the question, so that nothing shows what they answer", s[noQuestion])
	}
	return text
}

// exchange is one question on its way: what was sent, and where the answer goes.
type exchange struct {
	resolver    netip.AddrPort
	deadline    time.Time
	message     []byte                 // as sent; after udp the one that was answered
	plain       func() ([]byte, error) // the same question without EDNS, under an id of its own; nil where message is it
	questionEnd int                    // offset in message
	strays      *strays

	// What became of it over UDP.
	plainMessage  []byte // what plain gave, once it was sent too
	retransmitted bool
	decided       bool
	answer        []byte
	err           error // why there is no answer
	at            time.Time
}

// tcp asks the same question over a connection, with the length of each message before it
// (RFC 1035 section 4.2.2).
func (e *exchange) tcp(ctx context.Context, c *Client) ([]byte, error) {
	conn, err := c.dial(ctx, "tcp", e.resolver, e.deadline)
	if err != nil {
		return nil, err
	}
	defer closeQuietly(conn)
	defer closeOnCancel(ctx, conn)()

	if err := conn.SetDeadline(e.deadline); err != nil {
		return nil, err
	}
	// Length and message in one write: some servers read only the first segment.
	framed := binary.BigEndian.AppendUint16(make([]byte, 0, 2+len(e.message)), uint16(len(e.message)))
	if _, err := conn.Write(append(framed, e.message...)); err != nil {
		return nil, err
	}
	left := &io.LimitedReader{R: conn, N: limit.StrayBytes}
	in := bufio.NewReader(left)
	for {
		answer, err := readFramed(in)
		switch {
		case err != nil && left.N == 0:
			return nil, errTooManyStrays
		case err != nil:
			return nil, err
		}
		p := classify(answer, e.message, e.questionEnd)
		if p == reply {
			return answer, nil
		}
		if e.strays[p]++; e.strays.total() >= limit.Strays {
			return nil, errTooManyStrays
		}
	}
}

func readFramed(r io.Reader) ([]byte, error) {
	var size [2]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return nil, err
	}
	message := make([]byte, binary.BigEndian.Uint16(size[:]))
	if _, err := io.ReadFull(r, message); err != nil {
		return nil, err
	}
	return message, nil
}

// closeOnCancel closes conn when ctx ends, so that a blocked read returns and no later
// deadline can revive it. The function it returns lets go of ctx.
func closeOnCancel(ctx context.Context, conn net.Conn) func() {
	if ctx.Done() == nil {
		return func() {}
	}
	stop := context.AfterFunc(ctx, func() { closeQuietly(conn) })
	return func() { stop() }
}

// closeQuietly closes a connection whose work is done, or no longer wanted: there is
// nothing to do about an error.
func closeQuietly(conn net.Conn) { _ = conn.Close() }
