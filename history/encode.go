package history

import (
	"encoding/binary"
	"errors"
	"math"
	"time"

	"prober/probe/reason"
)

// A sum is kept, in memory and in a store, as numbers of variable length:
//
//	the counts ok, degraded, fail, unknown
//	which of the times follow: a bit each, the whole first, then the phases in the order of coded
//	for each of these its count and its sum in microseconds
//	where the whole is among them: its maximum, and its buckets, each as the distance of its index
//	from the one before, and its count
//
// What a file has stays readable: phases are only ever added at the end.

// coded are the phases, by the bits that stand for them.
var coded = [...]reason.Phase{reason.Resolve, reason.Connect, reason.TLS, reason.Request, reason.Headers, reason.Body}

// codedOutcomes are the outcomes, in their order.
var codedOutcomes = [numOutcomes]reason.Outcome{reason.OK, reason.Degraded, reason.Fail, reason.Unknown}

// append encodes s, without its phases where they are not kept.
func (s *Sums) append(b []byte, phases bool) []byte { return s.appendIn(time.Microsecond, b, phases) }

// appendIn is append with times in another unit.
func (s *Sums) appendIn(unit time.Duration, b []byte, phases bool) []byte {
	for _, o := range codedOutcomes {
		b = binary.AppendUvarint(b, s.Counts[o])
	}
	var present uint64
	if s.Total.Count > 0 {
		present = 1
	}
	for i, p := range coded {
		if phases && s.Phases[p].Count > 0 {
			present |= 2 << i
		}
	}
	b = binary.AppendUvarint(b, present)
	if present&1 != 0 {
		b = s.Total.appendIn(unit, b)
		b = binary.AppendUvarint(b, uint64(s.Total.Max/unit))
		b = binary.AppendUvarint(b, uint64(len(s.Total.buckets)))
		last := uint8(0)
		for _, x := range s.Total.buckets {
			b = binary.AppendUvarint(b, uint64(x.index-last))
			b = binary.AppendUvarint(b, x.count)
			last = x.index
		}
	}
	for i, p := range coded {
		if present&(2<<i) != 0 {
			b = s.Phases[p].appendIn(unit, b)
		}
	}
	return b
}

func (s Stat) appendIn(unit time.Duration, b []byte) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(b, s.Count), uint64(s.Sum/unit))
}

// errSums says that bytes are no encoded sums.
var errSums = errors.New("not what sums are written as")

// decodeSums reads what append wrote, to the end of b.
func decodeSums(b []byte) (Sums, error) {
	var s Sums
	if err := s.decode(*stored(b)); err != nil {
		return Sums{}, err
	}
	return s, nil
}

// decode reads into s, which has counted nothing yet.
func (s *Sums) decode(r numbers) error {
	for _, o := range codedOutcomes {
		s.Counts[o] = r.next()
	}
	present := r.next()
	if present&1 != 0 {
		s.Total.Stat = r.stat()
		s.Total.Max = r.time()
		n := r.next()
		if n > maxIndex+1 {
			return errSums
		}
		s.Total.buckets = make([]bucket, 0, n+1) // one more may follow
		index := uint64(0)
		for i := range n {
			distance := r.next()
			if index += distance; index > maxIndex || i > 0 && distance == 0 {
				return errSums
			}
			s.Total.buckets = append(s.Total.buckets, bucket{uint8(index), r.next()})
		}
	}
	for i, p := range coded {
		if present&(2<<i) != 0 {
			s.Phases[p] = r.stat()
		}
	}
	if r.bad || len(r.b) > 0 {
		return errSums
	}
	return nil
}

// numbers reads numbers of variable length. After the first that is none all are 0.
type numbers struct {
	b    []byte
	most uint64        // that any may be
	unit time.Duration // of times
	bad  bool
}

// stored are the numbers of bytes that a store may have had.
func stored(b []byte) *numbers { return &numbers{b: b, most: mostRead, unit: time.Microsecond} }

// mostRead bounds a number that is read, so that no sum of them overflows.
const mostRead = 1 << 53

func (r *numbers) next() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 || v > r.most {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

// bytes reads bytes with their length before them.
func (r *numbers) bytes() []byte {
	n := r.next()
	if n > uint64(len(r.b)) {
		r.bad, r.b = true, nil
		return nil
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

func (r *numbers) time() time.Duration {
	return time.Duration(min(r.next(), math.MaxInt64/uint64(r.unit))) * r.unit
}

// stat reads one that counts something.
func (r *numbers) stat() Stat {
	s := Stat{r.next(), r.time()}
	r.bad = r.bad || s.Count == 0
	return s
}
