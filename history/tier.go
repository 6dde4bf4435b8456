package history

import (
	"encoding/binary"
	"iter"
	"math"
	"time"
)

// tier has the roll-ups of one endpoint and one step, oldest first: those that are closed in one
// row of bytes, which is a tenth of what structs and their pointers would take, and the open one as
// such bytes too, to the nanosecond: of 100,000 endpoints the structs are most of what a prober keeps.
type tier struct {
	minutes uint16 // of the step
	n       int32  // closed ones
	closed  []byte // per roll-up: the steps since the one before, the length, the sums
	first   int64  // number of the step that the first closed one lies in; what its distance counts from
	last    int64  // of the last closed one

	open   []byte // see [tier.opened]
	number int64  // of the step of the open one; 0: there is none
	fresh  int64  // step of the first roll-up that a store may not have; 0: all
}

func tierOf(s Step) tier { return tier{minutes: uint16(s.Duration() / time.Minute)} }

func (t *tier) step() Step { return Step(time.Duration(t.minutes) * time.Minute) }

// put adds the sums of one probe that began at a time. Probes come nearly in their order: one that
// is a little late counts with the open roll-up. Where the clock was set back, the roll-ups of a
// time that has not come are dropped.
func (t *tier) put(at time.Time, s *Sums, depth int, phases bool) {
	number := t.step().number(at)
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
	if len(t.open) > 0 {
		_ = s.decode(numbers{b: t.open, most: math.MaxInt64, unit: time.Nanosecond}) // it is what set wrote
	}
	return s
}

// set makes the sums of the open roll-up those.
func (t *tier) set(s *Sums) {
	var room [128]byte
	b := s.appendIn(time.Nanosecond, room[:0], true)
	if cap(t.open) < len(b) {
		t.open = nil // what is kept has as much room as it needs, and hardly more
	}
	t.open = append(t.open[:0], b...)
}

// close adds the open roll-up to the closed ones.
func (t *tier) close(depth int, phases bool) {
	open := t.opened()
	t.add(t.number, &open, depth, phases)
	t.open, t.number = t.open[:0], 0
}

// add adds a closed roll-up behind the others.
func (t *tier) add(number int64, s *Sums, depth int, phases bool) {
	if t.n == 0 {
		t.first, t.last = number, number
	}
	body := s.append(make([]byte, 0, 128), phases)
	t.closed = binary.AppendUvarint(t.closed, uint64(number-t.last))
	t.closed = binary.AppendUvarint(t.closed, uint64(len(body)))
	t.closed = append(t.closed, body...)
	t.last = number
	t.n++
	for int(t.n) > depth {
		t.drop()
	}
}

// drop forgets the oldest closed roll-up.
func (t *tier) drop() {
	_, _, rest := t.cut(t.closed)
	t.n--
	t.closed = rest
	if t.n > 0 {
		distance, _ := binary.Uvarint(rest)
		t.first += int64(distance)
	}
}

// cut reads the first of closed roll-ups.
func (t *tier) cut(closed []byte) (distance int64, body, rest []byte) {
	d, n := binary.Uvarint(closed)
	size, m := binary.Uvarint(closed[n:])
	end := n + m + int(size)
	return int64(d), closed[n+m : end], closed[end:]
}

// all yields the roll-ups that begin in steps from a number on, oldest first.
func (t *tier) all(from int64) iter.Seq2[int64, *Sums] {
	return func(yield func(int64, *Sums) bool) {
		number := t.first
		for i, rest := 0, t.closed; len(rest) > 0; i++ {
			var distance int64
			var body []byte
			distance, body, rest = t.cut(rest)
			if i > 0 {
				number += distance
			}
			if number < from {
				continue
			}
			if s, err := decodeSums(body); err == nil && !yield(number, &s) {
				return
			}
		}
		if t.number != 0 && t.number >= from {
			open := t.opened()
			yield(t.number, &open)
		}
	}
}

// back makes the tier end before a step, after the clock was set back, and opens that one.
func (t *tier) back(number int64, depth int, phases bool) {
	type kept struct {
		number int64
		sums   Sums
	}
	var all []kept
	for n, s := range t.all(0) {
		if n <= number {
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
		return t.first, true
	case t.number != 0:
		return t.number, true
	}
	return 0, false
}

// shrink makes the tier no deeper than a depth.
func (t *tier) shrink(depth int) {
	for int(t.n) > depth {
		t.drop()
	}
}
