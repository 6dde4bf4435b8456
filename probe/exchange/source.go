package exchange

import "net"

// readSize is the size of the read buffer: most replies fit, and a TLS record is at most
// four of them.
const readSize = 4 << 10

// source reads from the connection and counts what came.
type source struct {
	conn  net.Conn
	bytes int64
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.conn.Read(p)
	s.bytes += int64(n)
	return n, err
}
