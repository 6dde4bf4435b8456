package exchange

import (
	"bufio"
	"fmt"
	"net"
	"sync"

	"prober/limit"
)

// readSize is the size of the read buffer: most replies fit, and a TLS record is at most
// four of them.
const readSize = 4 << 10

// Readers lends out readers, whose buffers are a twelfth of what a probe allocates. The zero value
// is ready; it is safe for concurrent use.
type Readers struct{ idle sync.Pool }

// lend returns a reader of s, and what gives it back: nothing that it read may be used after that.
func (r *Readers) lend(s *source) (in *bufio.Reader, back func()) {
	if r == nil {
		return bufio.NewReaderSize(s, readSize), func() {}
	}
	in, _ = r.idle.Get().(*bufio.Reader)
	if in == nil {
		in = bufio.NewReaderSize(s, readSize)
	} else {
		in.Reset(s)
	}
	return in, func() {
		in.Reset(nil)
		r.idle.Put(in)
	}
}

// What costs more to read than its bytes tell is not read to its end.
var (
	errPieces    = fmt.Errorf("the body comes in more than %d pieces, which are all that are read,", limit.BodyPieces)
	errNoContent = fmt.Errorf("TLS sends more than the %d bytes beside the content that are read,", limit.RecordsBeside)
)

// source reads from the connection, counts what came and keeps its beginning.
type source struct {
	conn   net.Conn
	below  func() int64 // what came below TLS since the handshake; nil where nobody counts it
	bytes  int64
	pieces int   // of the body that may still come: of a byte each, 9 MiB take seconds
	inBody bool  // other parts of a reply have bounds so low that pieces do not matter
	err    error // the last of reading
	kept   *kept // nil: nothing is
}

// newSource returns a source of what comes on conn, and asks the connections below it for one that
// counts.
func newSource(conn net.Conn) source {
	s := source{conn: conn, pieces: limit.BodyPieces}
	if c, ok := beneath[interface{ Came() int64 }](conn); ok {
		s.below = c.Came
	}
	return s
}

func (s *source) Read(p []byte) (int, error) {
	switch {
	case s.inBody && s.pieces == 0:
		return 0, errPieces
	case s.below != nil && s.below()-s.bytes > limit.RecordsBeside:
		return 0, errNoContent
	}
	if s.inBody {
		s.pieces--
	}
	n, err := s.conn.Read(p)
	s.bytes, s.err = s.bytes+int64(n), err
	if k := s.kept; k != nil {
		k.start = append(k.start, p[:min(n, k.most-len(k.start))]...)
	}
	return n, err
}
