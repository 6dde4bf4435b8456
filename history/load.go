package history

import (
	"maps"
	"slices"
	"time"

	"prober/limit"
	"prober/probe/reason"
)

// Loading takes in what a store has kept: endpoints first, then what belongs to them, each in the
// order of its time, and the results last. What cannot be read, or does not fit, is left out and
// counted.
type Loading struct {
	h        *History
	byNumber map[int64]*endpoint
	other    map[int64]bool // numbers of endpoints that were something else under the same id
	runs     []Span
	counters map[string]uint64
	now      time.Time
	skipped  uint64
	settled  bool
}

func newLoading(h *History) *Loading {
	return &Loading{h: h, byNumber: map[int64]*endpoint{}, other: map[int64]bool{}, counters: map[string]uint64{}, now: h.now()}
}

// Skip counts a row that the store itself could not read.
func (l *Loading) Skip() { l.skipped++ }

// Run takes in when a process ran.
func (l *Loading) Run(s Span) {
	if s.To.Before(s.From) || s.To.After(l.now.Add(time.Minute)) {
		l.skipped++
		return
	}
	l.runs = append(l.runs, s)
}

// Counter takes in a counter of the prober.
func (l *Loading) Counter(name string, value uint64) { l.counters[name] = value }

// Endpoint takes in an endpoint, without what belongs to it.
func (l *Loading) Endpoint(s *Saved) {
	switch old := l.h.endpoints[s.ID]; {
	case s.Number <= 0 || s.ID == "" || s.State.LastProbe.After(l.now.Add(Day.Duration())):
		l.skipped++
		return
	case old != nil && old.state.lastProbe.time().After(s.State.LastProbe):
		l.other[s.Number] = true
		return
	case old != nil:
		delete(l.byNumber, old.number)
		l.other[old.number] = true
	}
	e := newEndpoint(s.ID, s.Series, s.Number)
	e.state, e.counting, e.counted, e.sequence = keptStateOf(&s.State), momentOf(s.Counters.Since), s.Counters.Counted, s.Sequence
	e.saved, e.known = true, true
	l.h.endpoints[s.ID], l.byNumber[s.Number] = e, e
	l.h.number = max(l.h.number, s.Number)
	l.h.sequence = max(l.h.sequence, s.Sequence)
}

// of is the endpoint with a number; nil where it is not wanted.
func (l *Loading) of(number int64) *endpoint {
	e := l.byNumber[number]
	if e == nil && !l.other[number] {
		l.skipped++
	}
	return e
}

// Rollup takes in a roll-up of the endpoint with a number.
func (l *Loading) Rollup(number int64, r SavedRollup) {
	e := l.of(number)
	i := slices.Index(Steps(), r.Step)
	if e == nil {
		return
	}
	sums, err := decodeSums(r.Body)
	if i < 0 || err != nil || r.Start.After(l.now.Add(r.Step.Duration())) || !e.tiers[i].load(int32(r.Step.number(r.Start)), &sums, l.h.depth) {
		l.skipped++
	}
}

// load adds a roll-up behind the others; false when it does not belong there.
func (t *tier) load(number int32, s *Sums, d depth) bool {
	if number <= t.number {
		return false
	}
	if t.number != 0 {
		t.close(d.tiers[slices.Index(Steps(), t.step())], d.phases(t.step()))
	}
	t.number, t.fresh = number, number
	t.set(s)
	return true
}

// Change takes in a change of the state of the endpoint with a number.
func (l *Loading) Change(number int64, c Change) {
	if e := l.of(number); e != nil {
		e.changes = append(e.changes, c)
		if n := len(e.changes); n > limit.HistoryChanges {
			e.changes = append(e.changes[:0], e.changes[n-limit.HistoryChanges:]...)
		}
	}
}

// Incident takes in an incident of the endpoint with a number.
func (l *Loading) Incident(number int64, x Incident) {
	e := l.of(number)
	if e == nil {
		return
	}
	if n := len(l.h.incidents); n > 0 && l.h.incidents[n-1].ID >= x.ID || x.Open() && e.incident != nil {
		l.skipped++
		return
	}
	x.Endpoint = e.id
	i := &incident{Incident: x, owner: e, kept: true}
	if i.told = true; x.Open() {
		e.incident = i
		if s := &e.state; s.outcome == reason.Unknown {
			i.blind = blind{max(s.reasonSince, momentOf(x.Begin)), s.reason}
		}
	}
	l.h.incidents = append(l.h.incidents, i)
	l.h.trim()
}

// Untold takes in what could not be told of an incident that was taken in. Of one that is not remembered it is nothing.
func (l *Loading) Untold(id int64, u Untold) {
	i := l.h.at(id)
	switch {
	case i == len(l.h.incidents) || l.h.incidents[i].ID != id:
	case u.For <= 0 || u.For > u.To.Sub(u.From) || len(l.h.incidents[i].Untold) == limit.HistoryUntold:
		l.skipped++
	default:
		x := l.h.incidents[i]
		x.Untold = append(x.Untold, u)
	}
}

// Results takes in results that came after their endpoints were written.
func (l *Loading) Results(b []byte) {
	l.settle()
	r := stored(b)
	for {
		w, ok := nextResult(r)
		if !ok {
			break
		}
		e := l.byNumber[w.endpoint]
		if e == nil || w.sequence <= e.sequence {
			continue
		}
		l.h.sequence = w.sequence - 1
		l.h.take(e, &w.result, e.saidBefore(&w.result))
		e.remember(&w.result)
	}
	if r.bad {
		l.skipped++
	}
}

// saidBefore is what a result said that is written without it: what one before it said, for the same reason.
func (e *endpoint) saidBefore(r *result) telling {
	switch s, x := &e.state, e.incident; {
	case r.outcome == reason.OK:
	case s.since != 0 && r.outcome == s.outcome && r.reason == s.reason:
		return telling{detail: s.detail, reproduce: s.reproduce}
	case x != nil && r.outcome == reason.Fail && r.reason == x.Reason:
		return telling{detail: x.Detail, reproduce: x.Reproduce}
	}
	return telling{}
}

// end makes the history what was loaded, and says what the counters of the prober were.
func (l *Loading) end() map[string]uint64 {
	l.settle()
	return maps.Clone(l.counters)
}

// settle finds out, once, in which times no prober ran.
func (l *Loading) settle() {
	if l.settled {
		return
	}
	l.settled = true
	slices.SortFunc(l.runs, func(a, b Span) int { return a.From.Compare(b.From) })
	last := time.Time{}
	for _, r := range append(l.runs, Span{From: l.now}) {
		if !last.IsZero() && last.Before(r.From) {
			l.h.gaps = append(l.h.gaps, Span{last, r.From})
		}
		if r.To.After(last) {
			last = r.To
		}
	}
	l.h.gaps = l.h.gaps[max(0, len(l.h.gaps)-limit.HistoryGaps):]
}
