package history

import (
	"cmp"
	"slices"
	"time"

	"prober/limit"
)

// collect puts together what is to be written. The caller holds h.mu.
func (h *History) collect(now time.Time, last bool) (*Batch, []*endpoint) {
	k := &h.keeper
	if len(k.round) == 0 && (!now.Before(k.nextTurn) || k.nextTurn.Sub(now) > limit.HistoryTurn) {
		k.turnSeq, k.nextTurn = h.sequence, now.Add(limit.HistoryTurn)
		for _, e := range h.endpoints {
			k.round = append(k.round, e)
		}
		slices.SortFunc(k.round, func(a, b *endpoint) int { return cmp.Compare(a.number, b.number) })
	}
	var chosen, left []*endpoint
	picked := map[*endpoint]bool{}
	pick := func(e *endpoint) {
		if !picked[e] && (!e.saved || !e.known) {
			picked[e] = true
			chosen = append(chosen, e)
		}
	}
	for _, e := range k.soon {
		// One that the store does not know is written at once: without its number, the results
		// of it could not be read.
		if len(chosen) < limit.HistoryAtOnce || !e.known && e.sequence > 0 || last {
			e.urgent = false
			pick(e)
			continue
		}
		left = append(left, e)
	}
	k.soon = left
	for len(k.round) > 0 && (len(chosen) < limit.HistoryAtOnce || last) {
		pick(k.round[0])
		k.round = k.round[1:]
	}
	b := &Batch{
		Now: now, Began: k.began, Results: k.results, Sequence: k.through, waiting: k.waiting,
		Oldest: now.Add(-time.Duration(h.days) * Day.Duration()),
	}
	if len(k.round) == 0 && len(k.soon) == 0 {
		b.Settled = k.turnSeq
	}
	for i, s := range Steps() {
		b.OldestRollups[i] = s.start(s.number(now) - int64(h.depth.tiers[i]))
	}
	for _, e := range chosen {
		b.Endpoints = append(b.Endpoints, h.savedOf(e))
	}
	k.results, k.waiting = nil, 0
	return b, chosen
}

// savedOf is an endpoint as it is, with what a store does not have of it. The caller holds h.mu.
func (h *History) savedOf(e *endpoint) Saved {
	s := Saved{
		Number: e.number, ID: e.id, Series: e.series, State: e.state.whole(), Counters: e.counters(), Sequence: e.sequence,
		Changes: slices.Clone(e.changes[len(e.changes)-int(e.unsaved):]),
	}
	for i := range e.tiers {
		t := &e.tiers[i]
		for number, sums := range t.all(int64(t.fresh)) {
			r := SavedRollup{Step: t.step(), Start: t.step().start(number), Body: sums.append(nil, h.depth.phases(t.step()))}
			r.Sums = &Sums{Counts: sums.Counts, Total: Latency{Stat: sums.Total.Stat, Max: sums.Total.Max}}
			s.Rollups = append(s.Rollups, r)
		}
	}
	for _, x := range e.dirty {
		one := SavedIncident{Incident: x.Incident}
		if !x.kept {
			one.Evidence = x.evidence
		}
		if x.told {
			one.Untold = nil
		}
		s.Incidents = append(s.Incidents, one)
	}
	return s
}

// kept notes that a batch was written. The caller holds h.mu.
func (h *History) kept(b *Batch, endpoints []*endpoint) {
	for i, e := range endpoints {
		s := &b.Endpoints[i]
		e.known, e.saved = true, e.sequence == s.Sequence
		e.unsaved = max(e.unsaved-int32(len(s.Changes)), 0)
		for _, r := range s.Rollups {
			t := &e.tiers[slices.Index(Steps(), r.Step)]
			t.fresh = int32(r.Step.number(r.Start))
		}
		for _, written := range s.Incidents {
			i := slices.IndexFunc(e.dirty, func(x *incident) bool { return x.ID == written.ID })
			x := e.dirty[i]
			x.kept = true
			x.told = x.told || slices.Equal(x.Untold, written.Untold)
			if x.End.Equal(written.End) && x.Failed == written.Failed && x.told {
				e.dirty = slices.Delete(e.dirty, i, i+1)
			}
		}
	}
}

// unkept notes that a batch was not written. The caller holds h.mu.
func (h *History) unkept(b *Batch, endpoints []*endpoint) {
	k := &h.keeper
	if len(b.Results)+len(k.results) > limit.HistoryWaiting {
		k.dropped += b.waiting
	} else {
		k.results, k.waiting = append(b.Results, k.results...), k.waiting+b.waiting
		k.through = max(k.through, b.Sequence)
	}
	for _, e := range endpoints {
		h.hurry(e)
	}
}
