package history

import (
	"slices"
	"time"

	"prober/limit"
	"prober/probe/reason"
)

// Untold is a piece of an incident in which nobody could tell whether the endpoint was still down: it is
// part of the incident, because nothing showed its end, and no time in which the endpoint was known to be down.
type Untold struct {
	Span
	// For is how long that was: less than the span where no prober ran for a part of it, or where it
	// sums up several pieces.
	For time.Duration
	// Reason is why; none where no result came at all.
	Reason reason.Reason
}

// blind is a piece that has not ended.
type blind struct {
	since  moment // 0: there is none
	reason reason.Reason
}

// Down is for how long it is known that the endpoint was down.
func (i *Incident) Down(now time.Time) time.Duration {
	return max(i.Duration(now)-i.Unseen(now)-Sum(i.Untold), 0)
}

// Unseen is for how long of it no prober ran.
func (i *Incident) Unseen(now time.Time) time.Duration {
	bare := Incident{NotProbed: i.NotProbed}
	return bare.unseenSince(time.Time{}, now)
}

// unseenSince is for how long since an instant it could not be told, or no prober ran.
func (i *Incident) unseenSince(at, now time.Time) (all time.Duration) {
	for _, u := range i.Untold {
		if !u.From.Before(at) {
			all += u.For
		}
	}
	for _, g := range i.NotProbed {
		if g.To.IsZero() {
			g.To = now
		}
		if g.From.Before(at) {
			g.From = at
		}
		all += max(g.To.Sub(g.From), 0)
	}
	return all
}

// Sum is how long pieces took together.
func Sum(pieces []Untold) (all time.Duration) {
	for i := range pieces {
		all += pieces[i].For
	}
	return all
}

// look notes of an incident, or of one that may become one, whether a result could tell. The caller holds h.mu.
func (h *History) look(e *endpoint, r *result) {
	x := e.incident
	if x == nil {
		x = e.suspected
	}
	if x == nil {
		return
	}
	if last := e.state.lastProbe.time(); x.blind.since == 0 && e.good > 0 && r.at.Sub(last) > e.good {
		h.untold(x, Untold{Span: Span{last.Add(e.good), r.at}})
	}
	mute := r.outcome == reason.Unknown
	if b := x.blind; b.since != 0 && (!mute || r.reason != b.reason) {
		h.untold(x, Untold{Span: Span{b.since.time(), r.at}, Reason: b.reason})
		x.blind = blind{}
	}
	if mute && x.blind.since == 0 {
		x.blind = blind{momentOf(r.at), r.reason}
	}
}

// untold adds a piece to an incident.
func (h *History) untold(x *incident, u Untold) {
	if u.For = h.ran(u.Span); u.For <= 0 {
		return
	}
	pieces := append(slices.Clone(x.Untold), u) // a store may be writing what was there
	if len(pieces) > limit.HistoryUntold {
		pieces[1].From, pieces[1].For = pieces[0].From, pieces[0].For+pieces[1].For
		pieces = pieces[1:]
	}
	x.Untold, x.told = pieces, false
	if x.ID != 0 {
		x.owner.touch(x)
	}
}

// ran is for how much of a time a prober ran.
func (h *History) ran(s Span) time.Duration {
	d := s.To.Sub(s.From)
	for _, g := range h.within(s.From, s.To) {
		d -= g.To.Sub(g.From)
	}
	return d
}

// resumed is since when an endpoint that fails again has failed, and for this reason, where nothing but what could
// not be told lies between: that ends no outage, so none begins after it.
func (e *endpoint) resumed(r *result) (since, reasonSince moment) {
	since, reasonSince = momentOf(r.at), momentOf(r.at)
	x := e.incident
	if x == nil || r.outcome != reason.Fail || e.state.outcome != reason.Unknown {
		return since, reasonSince
	}
	since = momentOf(x.Begin)
	if !x.Confirmed.IsZero() {
		since = momentOf(x.Confirmed)
	}
	for _, c := range slices.Backward(e.changes) {
		if c.At.Before(x.Begin) || c.Outcome == reason.Fail && c.Reason != r.reason || c.Outcome != reason.Fail && c.Outcome != reason.Unknown {
			break
		}
		if c.Outcome == reason.Fail {
			reasonSince = momentOf(c.At)
		}
	}
	return since, reasonSince
}
