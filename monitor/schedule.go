package monitor

import (
	"cmp"
	"slices"
	"time"
)

// schedule knows when each endpoint has its turn. It is plain data without a clock or a
// lock of its own.
//
// Regular turns lie in a ring sorted by the offset in the interval; a cursor walks it. An
// endpoint that is new, at the start or after a reload, has one early turn besides, so
// that nobody waits a whole interval for its first result.
type schedule struct {
	interval time.Duration

	ring   []turn
	cursor int       // of the next turn in the ring
	cycle  time.Time // when the current round of the ring began

	early []earlyTurn // ascending

	// apart are the rings of endpoints with intervals of their own, the shortest first, without early turns.
	apart []*schedule
}

// turn is an endpoint's place in the ring.
type turn struct {
	offset   time.Duration // in [0, interval)
	endpoint *endpoint
}

// earlyTurn is the first turn of a new endpoint.
type earlyTurn struct {
	due      time.Time
	endpoint *endpoint
}

// set gives the schedule a new list. Endpoints that are in fresh get an early turn, evenly
// spread over spreadOver from now. The cursor goes to the first regular turn after now, so
// due must be called first: what it has not seen yet is skipped.
func (s *schedule) set(endpoints, fresh []*endpoint, now time.Time, spreadOver time.Duration) {
	s.lay(endpoints, now)

	// Early turns that are still to come stay, unless their endpoint was removed.
	kept := make(map[*endpoint]bool, len(endpoints))
	for _, e := range endpoints {
		kept[e] = true
	}
	early := slices.DeleteFunc(slices.Clone(s.early), func(t earlyTurn) bool { return !kept[t.endpoint] })
	fresh = slices.Clone(fresh)
	slices.SortFunc(fresh, func(a, b *endpoint) int {
		return cmp.Or(cmp.Compare(turnOffset(a.id, s.interval), turnOffset(b.id, s.interval)), cmp.Compare(a.id, b.id))
	})
	for i, e := range fresh {
		early = append(early, earlyTurn{now.Add(time.Duration(float64(spreadOver) * float64(i) / float64(len(fresh)))), e})
	}
	slices.SortStableFunc(early, func(a, b earlyTurn) int { return a.due.Compare(b.due) })
	s.early = early
}

// lay makes the rings: one of the endpoints that have no interval of their own, and one for each interval
// that some have.
func (s *schedule) lay(endpoints []*endpoint, now time.Time) {
	s.ring, s.apart = make([]turn, 0, len(endpoints)), nil
	byInterval := map[time.Duration]*schedule{}
	for _, e := range endpoints {
		r, interval := s, e.interval
		if interval == 0 {
			interval = s.interval
		} else if r = byInterval[interval]; r == nil {
			r = &schedule{interval: interval}
			byInterval[interval] = r
			s.apart = append(s.apart, r)
		}
		r.ring = append(r.ring, turn{turnOffset(e.id, interval), e})
	}
	slices.SortFunc(s.apart, func(a, b *schedule) int { return cmp.Compare(a.interval, b.interval) })
	for _, r := range append([]*schedule{s}, s.apart...) {
		slices.SortFunc(r.ring, func(a, b turn) int {
			return cmp.Or(cmp.Compare(a.offset, b.offset), cmp.Compare(a.endpoint.id, b.endpoint.id))
		})
		r.seek(now)
	}
}

// seek puts the cursor at the first turn after now. Rounds begin at multiples of the
// interval on the wall clock, so that an endpoint keeps its place over restarts.
func (s *schedule) seek(now time.Time) {
	into := time.Duration(now.UnixNano() % int64(s.interval))
	s.cycle = now.Add(-into) // keeps the monotonic reading
	s.cursor, _ = slices.BinarySearchFunc(s.ring, into+1, func(t turn, d time.Duration) int { return cmp.Compare(t.offset, d) })
	s.wrap()
}

func (s *schedule) wrap() {
	if s.cursor >= len(s.ring) {
		s.cursor = 0
		s.cycle = s.cycle.Add(s.interval)
	}
}

// due calls start for each turn that is due at now, in order, and returns how many turns
// were missed because the schedule itself was not asked for an interval or longer: after
// the machine slept, say. Whole rounds that were missed are not made up for.
func (s *schedule) due(now time.Time, start func(e *endpoint, due time.Time)) (missed int) {
	for len(s.early) > 0 && !s.early[0].due.After(now) {
		t := s.early[0]
		s.early[0].endpoint = nil // let a removed endpoint go
		s.early = s.early[1:]
		start(t.endpoint, t.due)
	}
	if len(s.early) == 0 {
		s.early = nil // as much memory as the list
	}
	for _, r := range s.apart {
		missed += r.due(now, start)
	}
	if len(s.ring) == 0 {
		return missed
	}
	if late := now.Sub(s.nextRegular()); late >= s.interval {
		rounds := late / s.interval
		s.cycle = s.cycle.Add(rounds * s.interval)
		missed += int(rounds) * len(s.ring)
	}
	for due := s.nextRegular(); !due.After(now); due = s.nextRegular() {
		start(s.ring[s.cursor].endpoint, due)
		s.cursor++
		s.wrap()
	}
	return missed
}

func (s *schedule) nextRegular() time.Time { return s.cycle.Add(s.ring[s.cursor].offset) }

// next returns when the next turn is due; false when there is none.
func (s *schedule) next() (time.Time, bool) {
	var next time.Time
	ok := false
	if len(s.ring) > 0 {
		next, ok = s.nextRegular(), true
	}
	if len(s.early) > 0 && (!ok || s.early[0].due.Before(next)) {
		next, ok = s.early[0].due, true
	}
	for _, r := range s.apart {
		if due, any := r.next(); any && (!ok || due.Before(next)) {
			next, ok = due, true
		}
	}
	return next, ok
}

// sleep returns how long to wait at now for a turn that is due at next: up to the end of
// the tick it falls in.
func sleep(now, next time.Time) time.Duration {
	return max(next.Sub(now), 0).Truncate(tick) + tick
}
