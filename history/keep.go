package history

import (
	"context"
	"sync"
	"time"

	"prober/limit"
	"prober/prose"
)

// keeper writes a history to its store. Its fields are guarded by the lock of the history, but for
// the store.
type keeper struct {
	store   Store                 // nil: nothing is kept
	open    func() (Store, error) // opens one that could not be opened; nil: there is none to open
	began   time.Time
	loading bool       // what an earlier process has kept
	writing sync.Mutex // held while a batch is written

	results  []byte      // that wait for the store
	waiting  uint64      // number of them
	through  uint64      // sequence of the last of them
	soon     []*endpoint // to be written with the next batch: something about them has changed
	round    []*endpoint // to be written in this turn, by number
	turnSeq  uint64      // sequence when the turn began
	nextTurn time.Time
	counters map[string]uint64        // of the prober, as the last process left them
	base     map[string]uint64        // the same, where they were read too late for the prober to go on with
	count    func() map[string]uint64 // as they are
	facts    func(id string) []byte   // of an endpoint, as they are; nil: none are kept

	trouble  error // of the last writing
	written  time.Time
	errors   map[Kind]uint64
	dropped  uint64 // results that were not written one by one
	skipped  uint64 // rows that could not be read
	aside    []string
	unusable string // why the last of them was put aside
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
	h.keeper.loading = true
	l := newLoading(h)
	if err := s.Load(l); err != nil {
		h.forgetAll()
		l = newLoading(h)
		h.failed(err)
		h.giveUp(err)
	}
	h.keeper.loading = false
	h.keeper.counters, h.keeper.skipped = l.end(), l.skipped
	return h
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
	if k.store == nil && k.open == nil || k.loading {
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
func (h *History) Flush() { h.reopen(); h.write(false) }

// Keep writes what is new to the store, once a second, until ctx ends, and then once more. It
// returns at once where there is no store, and none to come.
func (h *History) Keep(ctx context.Context) {
	h.mu.Lock()
	none := h.keeper.store == nil && h.keeper.open == nil
	h.mu.Unlock()
	if none {
		return
	}
	tick := time.NewTicker(limit.HistorySecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			h.reopen()
			h.write(false)
		case <-ctx.Done():
			h.write(true)
			h.mu.Lock()
			store := h.keeper.store
			h.keeper.store, h.keeper.open = nil, nil
			h.mu.Unlock()
			if store != nil {
				_ = store.Close()
			}
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

// write writes one batch; the last one has all that is new. The lock of the history is not held while
// anything may take its time.
func (h *History) write(last bool) {
	k := &h.keeper
	k.writing.Lock()
	defer k.writing.Unlock()
	now := h.now()
	h.mu.Lock()
	store, count, facts, resting := k.store, k.count, k.facts, now.Before(k.retry) && k.retry.Sub(now) <= limit.HistoryRetry
	h.mu.Unlock()
	if store == nil || resting && !last {
		return
	}
	var counters map[string]uint64
	if count != nil {
		counters = count()
	}
	for name, before := range k.base {
		if counters != nil {
			counters[name] += before
		}
	}
	h.mu.Lock()
	b, endpoints := h.collect(now, last)
	b.Counters = counters
	idle := len(b.Results) == 0 && len(endpoints) == 0 && now.Sub(k.written) < limit.HistoryIdle && now.After(k.written)
	h.mu.Unlock()
	if idle && !last {
		return
	}
	for i := range b.Endpoints {
		if s := &b.Endpoints[i]; facts != nil {
			s.Facts = facts(s.ID)
		}
	}
	err := store.Write(b)
	bytes := store.Bytes()
	h.mu.Lock()
	k.bytes = bytes
	was := k.trouble
	if err == nil {
		k.trouble, k.problem, k.written = nil, "", now
		h.kept(b, endpoints)
	} else {
		k.retry = now.Add(limit.HistoryRetry)
		h.failed(err)
		h.unkept(b, endpoints)
	}
	h.mu.Unlock()
	switch {
	case err == nil && was != nil:
		h.log.Info("history is kept again", "dir", k.location)
	case err != nil && kindOf(err) == Corrupt:
		h.giveUp(err)
	case err != nil && was == nil:
		h.log.Warn("history cannot be written, and is kept in memory meanwhile", "dir", k.location, "err", prose.Brief(err.Error()))
	}
}
