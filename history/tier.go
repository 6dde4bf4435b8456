package history

import (
	"encoding/binary"
	"iter"
	"math"
	"slices"
	"time"
)

// tier has the roll-ups of one endpoint and one step, oldest first: those that are closed in one
// row of bytes, which is a tenth of what structs and their pointers would take, and behind them the open one as
// such bytes too, to the nanosecond: of 100,000 endpoints the structs are most of what a prober keeps. Numbers of
// steps are those since 1970, which fit until the year 22,000.
type tier struct {
	bytes   []byte // per closed roll-up: the steps since the one before, the length, the sums; then the open one, see [tier.opened]
	open    uint16 // how many of them are of the open one
	minutes uint16 // of the step
	n       int32  // closed ones
	first   int32  // number of the step that the first closed one lies in; what its distance counts from
	last    int32  // of the last closed one
	number  int32  // of the step of the open one; 0: there is none
	fresh   int32  // step of the first roll-up that a store may not have; 0: all
}

func tierOf(s Step) tier { return tier{minutes: uint16(s.Duration() / time.Minute)} }

func (t *tier) step() Step { return Step(time.Duration(t.minutes) * time.Minute) }

// closed are the bytes of the closed ones.
func (t *tier) closed() []byte { return t.bytes[:len(t.bytes)-int(t.open)] }

// put adds the sums of one probe that began at a time. Probes come nearly in their order: one that
// is a little late counts with the open roll-up. Where the clock was set back, the roll-ups of a
// time that has not come are dropped.
func (t *tier) put(at time.Time, s *Sums, depth int, phases bool) {
	number := int32(t.step().number(at))
	switch {
	case t.number == 0:
		t.number = number
	case number > t.number:
		t.close(depth, phases)
		t.number = number
	case number < t.number-1:
		t.back(number, depth, phases)
	}
	open := t.opened()
	open.Add(s)
	t.set(&open)
}

// opened returns the sums of the open roll-up.
func (t *tier) opened() (s Sums) {
	if t.open > 0 {
		open := t.bytes[len(t.bytes)-int(t.open):]
		_ = s.decode(numbers{b: open, most: math.MaxInt64, unit: time.Nanosecond}) // it is what set wrote
	}
	return s
}

// set makes the sums of the open roll-up those.
func (t *tier) set(s *Sums) {
	var room [128]byte
	b := s.appendIn(time.Nanosecond, room[:0], true)
	t.bytes = append(fitting(t.closed(), len(b)), b...)
	t.open = uint16(len(b))
}

// fitting has room for so many more bytes, and hardly more: what is kept of each endpoint does not grow by doubling.
func fitting(b []byte, more int) []byte {
	if cap(b)-len(b) >= more {
		return b
	}
	return append(slices.Grow([]byte(nil), len(b)+more), b...)
}

// close adds the open roll-up to the closed ones.
func (t *tier) close(depth int, phases bool) {
	open, number := t.opened(), t.number
	t.bytes, t.open, t.number = t.closed(), 0, 0
	t.add(number, &open, depth, phases)
}

// add adds a closed roll-up behind the others, while none is open.
func (t *tier) add(number int32, s *Sums, depth int, phases bool) {
	if t.n == 0 {
		t.first, t.last = number, number
	}
	var room [128]byte
	body := s.append(room[:0], phases)
	t.bytes = fitting(t.bytes, 2*binary.MaxVarintLen32+len(body))
	t.bytes = binary.AppendUvarint(t.bytes, uint64(number-t.last))
	t.bytes = binary.AppendUvarint(t.bytes, uint64(len(body)))
	t.bytes = append(t.bytes, body...)
	t.last = number
	t.n++
	for int(t.n) > depth {
		t.drop()
	}
}

// drop forgets the oldest closed roll-up.
func (t *tier) drop() {
	_, _, rest := t.cut(t.closed())
	t.n--
	t.bytes = t.bytes[len(t.closed())-len(rest):]
	if t.n > 0 {
		distance, _ := binary.Uvarint(t.bytes)
		t.first += int32(distance)
	}
}

// cut reads the first of closed roll-ups.
func (t *tier) cut(closed []byte) (distance int32, body, rest []byte) {
	d, n := binary.Uvarint(closed)
	size, m := binary.Uvarint(closed[n:])
	end := n + m + int(size)
	return int32(d), closed[n+m : end], closed[end:]
}

// all yields the roll-ups that begin in steps from a number on, oldest first.
func (t *tier) all(from int64) iter.Seq2[int64, *Sums] {
	return func(yield func(int64, *Sums) bool) {
		number := t.first
		for i, rest := 0, t.closed(); len(rest) > 0; i++ {
			var distance int32
			var body []byte
			distance, body, rest = t.cut(rest)
			if i > 0 {
				number += distance
			}
			if int64(number) < from {
				continue
			}
			if s, err := decodeSums(body); err == nil && !yield(int64(number), &s) {
				return
			}
		}
		if t.number != 0 && int64(t.number) >= from {
			open := t.opened()
			yield(int64(t.number), &open)
		}
	}
}

// back makes the tier end before a step, after the clock was set back, and opens that one.
func (t *tier) back(number int32, depth int, phases bool) {
	type kept struct {
		number int32
		sums   Sums
	}
	var all []kept
	for n, s := range t.all(0) {
		if n := int32(n); n <= number {
			all = append(all, kept{n, *s})
		}
	}
	*t = tier{minutes: t.minutes, fresh: min(t.fresh, number)}
	for _, k := range all {
		if k.number == number {
			t.set(&k.sums)
			continue
		}
		t.add(k.number, &k.sums, depth, phases)
	}
	t.number = number
}

// oldest is the step of the oldest roll-up, and false when there is none.
func (t *tier) oldest() (int64, bool) {
	switch {
	case t.n > 0:
		return int64(t.first), true
	case t.number != 0:
		return int64(t.number), true
	}
	return 0, false
}

// shrink makes the tier no deeper than a depth.
func (t *tier) shrink(depth int) {
	for int(t.n) > depth {
		t.drop()
	}
}
