package exchange

import (
	"bytes"
	"io"
	"net"
	"os"
	"slices"
	"testing"
	"time"

	"prober/probe/reason"
)

// script is a connection that plays a reply, piece by piece, without a network. Each
// Read returns one piece, or as much of it as fits.
type script struct {
	net.Conn // nil: what is not replaced must not be called

	pieces []string
	end    error // what Read returns behind the pieces
	taken  int   // bytes read so far

	clock *clock
	waits []time.Duration // how long each piece lets the clock run before it comes
	write time.Duration   // how long writing takes

	writeErr error
	written  bytes.Buffer
	deadline time.Time // as it was set
}

func (s *script) Read(p []byte) (int, error) {
	if len(s.pieces) == 0 {
		return 0, s.end
	}
	if len(s.waits) > 0 {
		s.clock.advance(s.waits[0])
		s.waits = s.waits[1:]
	}
	n := copy(p, s.pieces[0])
	s.taken += n
	if s.pieces[0] = s.pieces[0][n:]; s.pieces[0] == "" {
		s.pieces = s.pieces[1:]
	}
	return n, nil
}

func (s *script) Write(p []byte) (int, error) {
	if s.clock != nil {
		s.clock.advance(s.write)
	}
	if s.writeErr != nil {
		return 0, s.writeErr
	}
	return s.written.Write(p)
}

func (s *script) SetDeadline(d time.Time) error { s.deadline = d; return nil }

func (s *script) SetReadDeadline(time.Time) error { return nil }

// stalled is what a read of a connection gives on which nothing comes any more.
var stalled = os.ErrDeadlineExceeded

// clock is a clock that only the test moves.
type clock struct{ now time.Time }

func (c *clock) advance(d time.Duration) { c.now = c.now.Add(d) }
func (c *clock) Now() time.Time          { return c.now }

// pieces cuts s into pieces of n bytes; n 0 leaves it whole.
func pieces(s string, n int) []string {
	if s == "" {
		return nil
	}
	if n == 0 {
		return []string{s}
	}
	var cut []string
	for part := range slices.Chunk([]byte(s), n) {
		cut = append(cut, string(part))
	}
	return cut
}

// reasons returns the reasons of findings as text.
func reasons(findings []reason.Finding) []string {
	var words []string
	for _, f := range findings {
		words = append(words, f.Reason.String())
	}
	return words
}

func wantReasons(t *testing.T, findings []reason.Finding, want ...string) {
	t.Helper()
	if got := reasons(findings); !slices.Equal(got, want) {
		t.Errorf("findings %v, want %v\nin full: %+v", got, want, findings)
	}
}

func wantReached(t *testing.T, r *Reply, want reason.Phase) {
	t.Helper()
	if r.Reached != want {
		t.Errorf("reached %v, want %v", r.Reached, want)
	}
}

var _ io.ReadWriter = (*script)(nil)
