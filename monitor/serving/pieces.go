package serving

import (
	"compress/gzip"
	"errors"
	"io"

	"github.com/klauspost/compress/s2"
)

// piece is how much of a body is written at once.
const piece = 64 << 10

// plainPieces is how many pieces of a body are kept as they are. What comes behind them is packed: the
// metrics of a hundred thousand endpoints are 90 MB of text that packs to a tenth, and who reads it takes one
// piece at a time.
const plainPieces = 4

// pieces are the bytes of a body. They are kept as they are written: one long buffer would be
// copied again and again while it grows. The zero value is empty.
type pieces struct {
	full  [][]byte // of a piece each; those from plainPieces on are packed, if they are so smaller
	last  []byte   // shorter, unless it is the only one
	bytes int      // that are kept
	zip   bool     // they are packed already

	packing []byte // room for what is being packed
}

// Write implements io.Writer.
func (p *pieces) Write(b []byte) (int, error) {
	n := len(b)
	for len(b) > 0 {
		if len(p.last) == piece {
			p.shelve()
		}
		k := min(len(b), piece-len(p.last))
		p.last = append(p.last, b[:k]...)
		p.bytes += k
		b = b[k:]
	}
	return n, nil
}

// shelve puts the last piece, which is full, with the others.
func (p *pieces) shelve() {
	if len(p.full) < plainPieces || p.zip {
		p.full = append(p.full, p.last)
		p.last = make([]byte, 0, piece) // the only one of a short body grows as it must
		return
	}
	if p.packing == nil {
		p.packing = make([]byte, s2.MaxEncodedLen(piece))
	}
	packed := s2.Encode(p.packing, p.last)
	kept := append(make([]byte, 0, len(packed)), packed...)
	p.full = append(p.full, kept)
	p.bytes += len(kept) - piece
	p.last = p.last[:0]
}

// count is the number of pieces.
func (p *pieces) count() int { return len(p.full) + min(len(p.last), 1) }

// size is the number of bytes of the body.
func (p *pieces) size() int { return len(p.full)*piece + len(p.last) }

// at returns a piece. It may lie in room, which has the bytes of a piece then.
func (p *pieces) at(i int, room *[]byte) ([]byte, error) {
	switch {
	case i == len(p.full):
		return p.last, nil
	case i < plainPieces || p.zip:
		return p.full[i], nil
	}
	if *room == nil {
		*room = make([]byte, piece)
	}
	return s2.Decode(*room, p.full[i])
}

// written returns what write writes, compressed if zip says so.
func written(zip bool, write func(io.Writer) error) (pieces, error) {
	p := pieces{zip: zip}
	if !zip {
		err := write(&p)
		p.packing = nil
		return p, err
	}
	z, err := gzip.NewWriterLevel(&p, gzip.BestSpeed)
	if err != nil {
		return p, err
	}
	err = errors.Join(write(z), z.Close())
	return p, err
}
