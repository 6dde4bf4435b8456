package history

import (
	"time"

	"prober/limit"
)

// Unkept returns a History in memory for a store that could not be opened, which it tells. [History.Keep]
// tries again by calling open now and then, since a folder may come later than the process: a mount,
// or the end of whoever has it. What was seen meanwhile is then taken to what the store has kept. With a nil
// open it is not tried again.
func Unkept(c Config, where string, err error, open func() (Store, error)) *History {
	h := New(c)
	h.keeper = keeper{location: where, began: h.now(), errors: map[Kind]uint64{kindOf(err): 1}, open: open}
	h.refuse(err)
	return h
}

// reopen tries to open a store that could not be opened, when it is time to.
func (h *History) reopen() {
	k := &h.keeper
	now := h.now()
	h.mu.Lock()
	open := k.open
	if open == nil || now.Before(k.retry) && k.retry.Sub(now) <= limit.HistoryReopen {
		h.mu.Unlock()
		return
	}
	k.retry = now.Add(limit.HistoryReopen)
	h.mu.Unlock()
	store, err := open()
	if err != nil {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.failed(err)
		return
	}
	kept := New(Config{Now: h.now, Retention: time.Duration(h.days) * Day.Duration()})
	l := newLoading(kept)
	l.now = k.began // what lies between is seen, and no time without a prober
	aside, why := "", store.Load(l)
	if why != nil {
		kept.forgetAll()
		l = newLoading(kept)
		if aside, err = replaced(store, why); err != nil {
			_ = store.Close()
			h.mu.Lock()
			defer h.mu.Unlock()
			h.failed(err)
			return
		}
	}
	counted := l.end()
	h.mu.Lock()
	defer h.mu.Unlock()
	k.store, k.open, k.base, k.skipped = store, nil, counted, l.skipped
	k.trouble, k.problem, k.retry = nil, "", time.Time{}
	if aside != "" {
		h.failed(why)
		k.aside, k.unusable = append(k.aside, aside), why.Error()
		k.trouble, k.problem = nil, ""
	}
	h.join(kept)
	h.log.Info("history is kept from now on, with what was seen before", "dir", k.location)
}

// replaced puts aside a store whose content cannot be used; the error is why where that is another trouble.
func replaced(store Store, why error) (aside string, err error) {
	if kind := kindOf(why); kind != Corrupt && kind != Newer {
		return "", why
	}
	return store.Replace()
}

// join makes h what was kept, and then takes in what has come meanwhile, as it was written down for the
// store. The caller holds h.mu.
func (h *History) join(kept *History) {
	k := &h.keeper
	seen, incidents, journal := h.endpoints, h.incidents, k.results
	byNumber := make(map[int64]*endpoint, len(seen))
	h.endpoints, h.incidents, h.evidence, h.gaps, h.number, h.sequence = kept.endpoints, kept.incidents, 0, kept.gaps, kept.number, kept.sequence
	k.results, k.waiting = nil, 0
	for id, was := range seen {
		byNumber[was.number] = was
		e := h.endpoints[id]
		if e == nil || e.series != was.series {
			h.number++
			if e != nil {
				h.forget(e)
			}
			e = newEndpoint(id, was.series, h.number)
			h.endpoints[id] = e
		}
		e.listed, e.left = was.listed, nil
	}
	h.park()
	for r := stored(journal); ; {
		w, any := nextResult(r)
		if !any {
			break
		}
		if was := byNumber[w.endpoint]; was != nil { // else it was forgotten
			h.take(h.endpoints[was.id], &w.result, telling{})
		}
	}
	for id, was := range seen { // what the journal leaves out
		e := h.endpoints[id]
		if same(e.state.lastProbe.time(), was.state.lastProbe.time()) {
			e.state.detail, e.state.reproduce = was.state.detail, was.state.reproduce
		}
	}
	for _, was := range incidents {
		for _, x := range h.incidents {
			if x.Endpoint == was.Endpoint && same(x.Begin, was.Begin) {
				x.Detail, x.Reproduce, x.evidence = was.Detail, was.Reproduce, was.evidence
				h.evidence += len(x.evidence)
			}
		}
	}
}

// same says whether two times are the same to a store, which has them in microseconds.
func same(a, b time.Time) bool {
	return a.Truncate(time.Microsecond).Equal(b.Truncate(time.Microsecond))
}
