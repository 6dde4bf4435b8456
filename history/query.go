package history

import (
	"time"

	"prober/probe/reason"
)

// State is how an endpoint is; false when nothing is known of it.
func (h *History) State(id string) (State, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	e := h.endpoints[id]
	if e == nil || e.state.known == 0 {
		return State{}, false
	}
	s := e.state.whole()
	if e.incident != nil && s.Outcome == reason.Unknown {
		s.DownBefore = e.incident.Begin
	}
	if e.incident != nil && s.Outcome == reason.Fail {
		x := h.told(e.incident)
		s.FirstFailed, s.Unseen, s.ReasonUnseen = x.Begin, x.unseenSince(s.Since, h.now()), x.unseenSince(s.ReasonSince, h.now())
	}
	return s, true
}

// Changes are the changes of an endpoint's state, newest first; the oldest may be the first result
// of all.
func (h *History) Changes(id string) []Change {
	h.mu.Lock()
	defer h.mu.Unlock()
	e := h.endpoints[id]
	if e == nil {
		return nil
	}
	out := make([]Change, 0, len(e.changes))
	for i := len(e.changes) - 1; i >= 0; i-- {
		out = append(out, e.changes[i])
	}
	return out
}

// Cell is one piece of a strip of results.
type Cell struct {
	Span
	Counts Counts // all 0: not probed
}

// Strip cuts the time between two instants into at most n cells of equal length and counts the
// results in each. Cells are no shorter than the roll-ups that reach back so far, and begin and end
// with them, so that the first may begin before from; there may be fewer than n.
func (h *History) Strip(id string, from, to time.Time, n int) []Cell {
	h.mu.Lock()
	defer h.mu.Unlock()
	if n < 1 || !from.Before(to) {
		return nil
	}
	i := h.reaching(from)
	step := Steps()[i]
	first, last := step.number(from), step.number(to.Add(-1))
	steps := last - first + 1
	per := (steps + int64(n) - 1) / int64(n)
	first = last + 1 - (steps+per-1)/per*per // the last cell is whole
	cells := make([]Cell, (last-first+per)/per)
	for c := range cells {
		cells[c].Span = Span{step.start(first + int64(c)*per), step.start(first + int64(c+1)*per)}
	}
	e := h.endpoints[id]
	if e == nil {
		return cells
	}
	for number, s := range e.tiers[i].all(first) {
		if number <= last {
			cells[(number-first)/per].Counts.Add(s.Counts)
		}
	}
	return cells
}

// reaching is the index of the finest step whose roll-ups are kept back to a time; of none, the
// coarsest. One step that is missing at the beginning does not make a coarser one better: who asks
// for a day does so a moment after a day began. The caller holds h.mu.
func (h *History) reaching(from time.Time) int {
	steps := Steps()
	for i, s := range steps {
		if s.number(h.now())-s.number(from) <= int64(h.depth.tiers[i])+1 {
			return i
		}
	}
	return len(steps) - 1
}

// Series are the roll-ups of an endpoint between two instants, oldest first: the finest that reach
// back so far and are no more than most. Steps without a probe are left out.
func (h *History) Series(id string, from, to time.Time, most int) (Step, []Rollup) {
	h.mu.Lock()
	defer h.mu.Unlock()
	steps := Steps()
	i := h.reaching(from)
	for i < len(steps)-1 && steps[i].number(to)-steps[i].number(from) >= int64(most) {
		i++
	}
	step := steps[i]
	e := h.endpoints[id]
	if e == nil {
		return step, nil
	}
	var out []Rollup
	for number, s := range e.tiers[i].all(step.number(from)) {
		start := step.start(number)
		if !start.Before(to) {
			break
		}
		r := Rollup{Start: start, Step: step}
		r.Add(s) // a copy: the open one goes on
		out = append(out, r)
	}
	return step, out
}

// Windows are the times over which availability is told.
func Windows() []time.Duration {
	const day = 24 * time.Hour
	return []time.Duration{day, 7 * day, 30 * day, 90 * day}
}

// Uptime is how much of the time an endpoint was up, as far as is known.
type Uptime struct {
	Window time.Duration // that was asked for
	// From is when the window begins, at the beginning of an hour or a day, or where less is
	// remembered, the first result.
	From   time.Time
	Counts Counts
	// NotProbed is for how long no prober ran since From.
	NotProbed time.Duration
}

// Whole says that the whole window is remembered.
func (u *Uptime) Whole(now time.Time) bool { return !u.From.After(now.Add(-u.Window)) }

// Share is which part of the probes that decided something found the endpoint up, from 0 to 1;
// false when none did. Unknown results count neither way: Counts has their number.
func (u *Uptime) Share() (float64, bool) { return u.Counts.Share() }

// Uptime tells the availability of an endpoint over each of [Windows] until now.
func (h *History) Uptime(id string) []Uptime {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.now()
	var out []Uptime
	for _, w := range Windows() {
		out = append(out, h.uptime(h.endpoints[id], now, w))
	}
	return out
}

func (h *History) uptime(e *endpoint, now time.Time, w time.Duration) Uptime {
	u := Uptime{Window: w, From: now}
	if e == nil || e.state.known == 0 {
		return u
	}
	i := max(h.reaching(now.Add(-w)), 1) // to an hour is fine enough
	step := Steps()[i]
	from := step.number(now.Add(-w))
	if oldest, any := e.tiers[i].oldest(); any {
		from = max(from, oldest)
	}
	u.From = step.start(from)
	if known := e.state.known.time(); u.From.Before(known) {
		u.From = known
	}
	for _, s := range e.tiers[i].all(from) {
		u.Counts.Add(s.Counts)
	}
	for _, g := range h.within(u.From, now) {
		u.NotProbed += g.To.Sub(g.From)
	}
	return u
}

// within are the times in which no prober ran, as far as they lie between two instants.
func (h *History) within(from, to time.Time) []Span {
	var out []Span
	for _, g := range h.gaps {
		if g.From.Before(from) {
			g.From = from
		}
		if g.To.After(to) {
			g.To = to
		}
		if g.From.Before(g.To) {
			out = append(out, g)
		}
	}
	return out
}

// NotProbed are the times in which no prober ran, between two instants, oldest first.
func (h *History) NotProbed(from, to time.Time) []Span {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.within(from, to)
}
