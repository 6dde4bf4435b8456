package serving

import (
	"compress/gzip"
	"errors"
	"io"
)

// piece is how much of a body is written at once.
const piece = 64 << 10

// pieces are the bytes of a body. They are kept as they are written: one long buffer would be
// copied again and again while it grows.
type pieces [][]byte

// Write implements io.Writer.
func (p *pieces) Write(b []byte) (int, error) {
	n := len(b)
	for len(b) > 0 {
		last := len(*p) - 1
		if last < 0 || len((*p)[last]) == piece {
			*p = append(*p, make([]byte, 0, min(len(*p), 1)*piece)) // the only one of a short body grows as it must
			last++
		}
		k := min(len(b), piece-len((*p)[last]))
		(*p)[last] = append((*p)[last], b[:k]...)
		b = b[k:]
	}
	return n, nil
}

// size is the number of bytes.
func (p pieces) size() int {
	if len(p) == 0 {
		return 0
	}
	return (len(p)-1)*piece + len(p[len(p)-1])
}

// written returns what write writes, compressed if zip says so.
func written(zip bool, write func(io.Writer) error) (pieces, error) {
	var p pieces
	if !zip {
		err := write(&p)
		return p, err
	}
	z, err := gzip.NewWriterLevel(&p, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	err = errors.Join(write(z), z.Close())
	return p, err
}
