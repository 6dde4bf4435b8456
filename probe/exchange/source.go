package exchange

import "net"

// readSize is the size of the read buffer: most replies fit, and a TLS record is at most
// four of them.
const readSize = 4 << 10

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
