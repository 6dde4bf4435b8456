package exchange

import (
	"bufio"
	"net"
	"sync"
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

// source reads from the connection, counts what came and keeps its beginning.
type source struct {
	conn  net.Conn
	bytes int64
	err   error // the last of reading
	kept  *kept // nil: nothing is
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.conn.Read(p)
	s.bytes, s.err = s.bytes+int64(n), err
	if k := s.kept; k != nil {
		k.start = append(k.start, p[:min(n, k.most-len(k.start))]...)
	}
	return n, err
}
