package history

import (
	"slices"
	"time"

	"prober/limit"
	"prober/probe"
	"prober/probe/reason"
	"prober/prose"
)

// State is how an endpoint is now.
type State struct {
	Outcome reason.Outcome
	Reason  reason.Reason
	// Since is when the outcome became what it is, and ReasonSince when the reason did; what could not be
	// told in an outage does not begin it anew. Both are times of probes; zero while nothing is known.
	Since       time.Time
	ReasonSince time.Time
	// FirstFailed is when the incident began that makes it fail, which may be before that was confirmed;
	// zero: it does not fail.
	FirstFailed time.Time
	// DownBefore is when the incident began of which nobody has seen the end, while it cannot be told how the endpoint
	// is; zero: there is none.
	DownBefore time.Time
	// Unseen is for how long since Since it could not be told whether it still fails, or no prober ran, and
	// ReasonUnseen for how long since ReasonSince.
	Unseen, ReasonUnseen time.Duration

	Detail    string
	Reproduce string
	LastProbe time.Time
	// Known is when the first result came that anything is remembered of.
	Known time.Time
}

// Counters are what metrics count of one endpoint, since Since.
type Counters struct {
	Since time.Time
	Counted
}

// Counted is what was counted.
type Counted struct {
	Outcomes Counts
	Reasons  []ReasonCount
	Answers  Stat // the times of the addresses that answered in full
}

// ReasonCount counts probes that came out one way for one reason.
type ReasonCount struct {
	Outcome reason.Outcome
	Reason  reason.Reason
	Count   uint64
}

// endpoint is what is kept of one. There may be a hundred thousand: what is short stands together.
type endpoint struct {
	id, series string
	number     int64   // by which a store knows it
	tiers      [3]tier // by Steps
	state      keptState
	counted    Counted
	counting   moment   // since when
	changes    []Change // oldest first
	incident   *incident
	suspected  *incident     // would be, if the failure that waits for its confirmation is confirmed
	sequence   uint64        // of the last result
	left       *left         // by the last process; nil: nothing, or it was taken
	good       time.Duration // how long a result says how it is; 0: until the next
	listed     bool

	// What a store has of it.
	known   bool        // its number
	saved   bool        // all of it
	urgent  bool        // it is in line to be written soon
	unsaved int32       // changes, the last ones, that it does not have
	dirty   []*incident // that it does not have as they are
}

func newEndpoint(id, series string, number int64) *endpoint {
	e := &endpoint{id: id, series: series, number: number}
	for i, s := range Steps() {
		e.tiers[i] = tierOf(s)
	}
	return e
}

// result is one result, as much of it as is written down at once.
type result struct {
	at      time.Time
	outcome reason.Outcome
	reason  reason.Reason
	weight  Weight
	sums    Sums // nothing, of one that is no sample
}

// telling is what a result says besides, which matters when it begins something.
type telling struct {
	detail, reproduce string
	observation       *probe.Observation
}

// take takes in a result, and returns an incident that begins with it, if one does.
func (e *endpoint) take(r *result, t telling, d depth, began func(time.Time) int64) (new *incident) {
	if r.weight != Confirming {
		e.countIn(r, d)
	}
	if e.state.known == 0 {
		e.state.known = momentOf(r.at)
	}
	e.state.lastProbe = momentOf(r.at)
	e.saved = false
	failed := r.outcome == reason.Fail
	switch {
	case failed && r.weight == Confirming && (e.incident != nil || e.suspected != nil):
		// The failure that it confirms is counted, here as by every counter.
	case failed && e.incident != nil:
		e.incident.Failed++
		e.touch(e.incident)
	case failed && e.suspected == nil:
		e.suspected = &incident{owner: e, first: t.observation, Incident: Incident{
			Endpoint: e.id, Begin: r.at, Reason: r.reason, Detail: t.detail, Reproduce: t.reproduce, Failed: 1,
		}}
	case failed:
		e.suspected.Failed++
	case r.outcome != reason.Unknown:
		e.suspected = nil
	}
	if r.weight == Doubted {
		return nil
	}
	e.become(r, t)
	switch {
	case failed && e.incident == nil:
		new, e.suspected = e.suspected, nil
		if r.at.After(new.Begin) {
			new.Confirmed = r.at
		}
		new.ID = began(new.Begin)
		e.incident = new
		e.touch(new)
	case e.incident != nil && (r.outcome == reason.OK || r.outcome == reason.Degraded):
		e.incident.End = r.at
		e.touch(e.incident)
		e.incident = nil
	}
	return new
}

// touch notes that a store does not have an incident as it is.
func (e *endpoint) touch(x *incident) {
	if !slices.Contains(e.dirty, x) {
		e.dirty = append(e.dirty, x)
	}
}

// countIn adds a result to the roll-ups and the counters.
func (e *endpoint) countIn(r *result, d depth) {
	for i := range e.tiers {
		tier := &e.tiers[i]
		tier.put(r.at, &r.sums, d.tiers[i], d.phases(tier.step()))
	}
	if e.counting == 0 {
		e.counting = momentOf(r.at)
	}
	e.counted.Outcomes[r.outcome]++
	e.counted.count(r.outcome, r.reason)
	e.counted.Answers.add(r.sums.Total.Stat)
}

// counters is a copy of what was counted.
func (e *endpoint) counters() Counters {
	c := Counters{e.counting.time(), e.counted}
	c.Reasons = slices.Clone(c.Reasons)
	return c
}

// become makes the state that of a result.
func (e *endpoint) become(r *result, t telling) {
	s := &e.state
	first := s.since == 0
	since, reasonSince := e.resumed(r)
	if first || s.outcome != r.outcome {
		s.since = since
	}
	if first || s.outcome != r.outcome || s.reason != r.reason {
		s.reasonSince = reasonSince
		e.changes = append(e.changes, Change{r.at, r.outcome, r.reason})
		if n := len(e.changes); n > limit.HistoryChanges {
			e.changes = append(e.changes[:0], e.changes[n-limit.HistoryChanges:]...)
		}
		e.unsaved = min(e.unsaved+1, limit.HistoryChanges)
	}
	s.outcome, s.reason, s.detail, s.reproduce = r.outcome, r.reason, t.detail, t.reproduce
}

func (c *Counted) count(outcome reason.Outcome, r reason.Reason) {
	if outcome == reason.OK {
		return
	}
	for i := range c.Reasons {
		if x := &c.Reasons[i]; x.Outcome == outcome && x.Reason == r {
			x.Count++
			return
		}
	}
	if len(c.Reasons) < limit.HistoryReasons {
		c.Reasons = append(c.Reasons, ReasonCount{outcome, r, 1})
	}
}

// tellingOf is what an observation says for people, within bounds.
func tellingOf(o *probe.Observation) telling {
	return telling{prose.Brief(o.Detail), prose.Command(o.Reproduce), o}
}
