package history

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"prober/limit"
	"prober/prose"
)

// keeper writes a history to its store. Its fields are guarded by the lock of the history, but for
// the store.
type keeper struct {
	store Store // nil: nothing is kept
	began time.Time

	results  []byte      // that wait for the store
	waiting  uint64      // number of them
	through  uint64      // sequence of the last of them
	soon     []*endpoint // to be written with the next batch: something about them has changed
	round    []*endpoint // to be written in this turn, by number
	turnSeq  uint64      // sequence when the turn began
	nextTurn time.Time
	counters map[string]uint64        // of the prober, as the last process left them
	count    func() map[string]uint64 // as they are

	trouble  error // of the last writing
	written  time.Time
	errors   map[Kind]uint64
	dropped  uint64 // results that were not written one by one
	skipped  uint64 // rows that could not be read
	aside    []string
	bytes    int64
	problem  string
	retry    time.Time
	location string
}

// Open returns a History that goes on with what a store has kept, and that [History.Keep] writes to
// it. Where the store cannot be used, and neither put aside, the history is in memory only: that is
// told by [History.Condition], and is no error.
func Open(c Config, s Store, where string) *History {
	h := New(c)
	h.keeper = keeper{store: s, location: where, began: h.now(), errors: map[Kind]uint64{}}
	l := newLoading(h)
	err := s.Load(l)
	if err != nil {
		h.keeper.errors[kindOf(err)]++
		h.fresh()
		l = newLoading(h)
		switch kindOf(err) {
		case Corrupt, Newer:
			h.replace(err)
		default:
			h.refuse(err)
		}
	}
	h.keeper.counters, h.keeper.skipped = l.end(), l.skipped
	return h
}

// Unkept returns a History in memory for a store that could not be opened, which it tells.
func Unkept(c Config, where string, err error) *History {
	h := New(c)
	h.keeper = keeper{location: where, errors: map[Kind]uint64{kindOf(err): 1}}
	h.refuse(err)
	return h
}

// fresh forgets what was loaded.
func (h *History) fresh() {
	h.endpoints, h.incidents, h.evidence, h.gaps = map[string]*endpoint{}, nil, 0, nil
	h.number, h.sequence = 0, 0
}

// refuse goes on without a store.
func (h *History) refuse(err error) {
	k := &h.keeper
	k.trouble, k.problem = err, err.Error()
	h.log.Warn("history is in memory only: mend the folder and restart", "dir", k.location, "err", prose.Brief(k.problem))
	if k.store != nil {
		_ = k.store.Close()
		k.store = nil
	}
}

// replace puts the content of the store aside, so that all of the history is written to a new one.
func (h *History) replace(why error) {
	k := &h.keeper
	aside, err := k.store.Replace()
	if err != nil {
		k.errors[kindOf(err)]++
		h.refuse(errors.Join(why, err))
		return
	}
	k.aside = append(k.aside, aside)
	h.log.Warn("a history that cannot be used was put aside, and a new one is begun", "file", aside, "err", prose.Brief(why.Error()))
	k.round, k.soon, k.retry = nil, nil, time.Time{}
	for _, e := range h.endpoints {
		e.known, e.saved, e.unsaved, e.dirty = false, false, len(e.changes), nil
		for i := range e.tiers {
			e.tiers[i].fresh = 0
		}
		h.hurry(e)
	}
	for _, x := range h.incidents {
		x.kept = false
		x.owner.touch(x)
	}
}

// hurry has an endpoint written with the next batch. The caller holds h.mu.
func (h *History) hurry(e *endpoint) {
	if k := &h.keeper; k.store != nil && !e.urgent {
		e.urgent = true
		k.soon = append(k.soon, e)
	}
}

// note has a result written with the next batch. The caller holds h.mu.
func (h *History) note(e *endpoint, r *result) {
	k := &h.keeper
	if k.store == nil {
		return
	}
	if len(k.results) > limit.HistoryWaiting {
		k.dropped++
		return
	}
	k.results = r.append(k.results, e)
	k.waiting++
	k.through = e.sequence
}

// Flush writes what is new to the store now.
func (h *History) Flush() { h.write(false) }

// Keep writes what is new to the store, once a second, until ctx ends, and then once more. It
// returns at once where there is no store.
func (h *History) Keep(ctx context.Context) {
	h.mu.Lock()
	store := h.keeper.store
	h.mu.Unlock()
	if store == nil {
		return
	}
	tick := time.NewTicker(limit.HistorySecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			h.write(false)
		case <-ctx.Done():
			h.write(true)
			h.mu.Lock()
			h.keeper.store = nil
			h.mu.Unlock()
			_ = store.Close()
			return
		}
	}
}

// Count has the counters of the prober kept, and returns what they were when the last process ended.
func (h *History) Count(count func() map[string]uint64) map[string]uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.keeper.count = count
	return h.keeper.counters
}

// write writes one batch; the last one has all that is new.
func (h *History) write(last bool) {
	h.mu.Lock()
	k := &h.keeper
	now := h.now()
	store, count := k.store, k.count
	if store == nil || !last && now.Before(k.retry) && k.retry.Sub(now) <= limit.HistoryRetry {
		h.mu.Unlock()
		return
	}
	h.mu.Unlock()
	var counters map[string]uint64
	if count != nil {
		counters = count()
	}
	h.mu.Lock()
	b, endpoints := h.collect(now, last)
	b.Counters = counters
	idle := len(b.Results) == 0 && len(endpoints) == 0 && !last && now.Sub(k.written) < limit.HistoryIdle && now.After(k.written)
	h.mu.Unlock()
	if idle {
		return
	}
	err := store.Write(b)
	bytes := store.Bytes()
	h.mu.Lock()
	defer h.mu.Unlock()
	k.bytes = bytes
	was := k.trouble
	if k.trouble = err; err == nil {
		if was != nil {
			h.log.Info("history is kept again", "dir", k.location)
		}
		k.problem, k.written = "", now
		h.kept(b, endpoints)
		return
	}
	k.errors[kindOf(err)]++
	k.problem, k.retry = err.Error(), now.Add(limit.HistoryRetry)
	h.unkept(b, endpoints)
	if was == nil {
		h.log.Warn("history cannot be written, and is kept in memory meanwhile", "dir", k.location, "err", prose.Brief(k.problem))
	}
	if kindOf(err) == Corrupt {
		h.replace(err)
	}
}

// collect puts together what is to be written. The caller holds h.mu.
func (h *History) collect(now time.Time, last bool) (*Batch, []*endpoint) {
	k := &h.keeper
	if len(k.round) == 0 && !now.Before(k.nextTurn) {
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
		Number: e.number, ID: e.id, Series: e.series, State: e.state, Counters: e.counters, Sequence: e.sequence,
		Changes: slices.Clone(e.changes[len(e.changes)-e.unsaved:]),
	}
	s.Counters.Reasons = slices.Clone(e.counters.Reasons)
	for i := range e.tiers {
		t := &e.tiers[i]
		for number, sums := range t.all(t.fresh) {
			r := SavedRollup{Step: t.step, Start: t.step.start(number), Body: sums.append(nil, h.depth.phases(t.step))}
			r.Sums = &Sums{Counts: sums.Counts, Total: Latency{Stat: sums.Total.Stat, Max: sums.Total.Max}}
			s.Rollups = append(s.Rollups, r)
		}
	}
	for _, x := range e.dirty {
		one := SavedIncident{Incident: x.Incident}
		if !x.kept {
			one.Evidence = x.evidence
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
		e.unsaved = max(e.unsaved-len(s.Changes), 0)
		for _, r := range s.Rollups {
			t := &e.tiers[slices.Index(Steps(), r.Step)]
			t.fresh = r.Step.number(r.Start)
		}
		for _, written := range s.Incidents {
			i := slices.IndexFunc(e.dirty, func(x *incident) bool { return x.ID == written.ID })
			x := e.dirty[i]
			x.kept = true
			if x.End.Equal(written.End) && x.Failed == written.Failed {
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
