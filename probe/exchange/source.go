package exchange

import (
	"net"
	"time"
)

// readSize is the size of the read buffer: most replies fit, and a TLS record is at most
// four of them.
const readSize = 4 << 10

// source reads from the connection, and notes when the first byte came and how many did.
type source struct {
	conn  net.Conn
	now   func() time.Time
	sent  bool // the request was written whole
	first time.Time
	bytes int64
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.conn.Read(p)
	if n > 0 {
		if s.bytes == 0 {
			s.first = s.now()
		}
		s.bytes += int64(n)
	}
	return n, err
}
