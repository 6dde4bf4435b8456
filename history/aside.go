package history

import (
	"errors"
	"time"

	"prober/prose"
)

// forgetAll forgets what was loaded.
func (h *History) forgetAll() {
	h.endpoints, h.incidents, h.evidence, h.gaps = map[string]*endpoint{}, nil, 0, nil
	h.number, h.sequence = 0, 0
}

// failed notes that something went wrong. The caller holds h.mu, or is the only one.
func (h *History) failed(err error) {
	k := &h.keeper
	k.errors[kindOf(err)]++
	k.trouble, k.problem = err, err.Error()
}

// giveUp puts aside a store whose content cannot be used, so that all of the history is written to a
// new one. Where that is not the trouble, or cannot be done, it goes on without a store. Nobody may
// hold h.mu: this takes as long as a disk does.
func (h *History) giveUp(why error) {
	store := h.keeper.store
	if kind := kindOf(why); kind == Corrupt || kind == Newer {
		aside, err := store.Replace()
		if err == nil {
			h.log.Warn("a history that cannot be used was put aside, and a new one is begun", "file", aside, "err", prose.Brief(why.Error()))
			h.mu.Lock()
			defer h.mu.Unlock()
			h.begin(aside, why)
			return
		}
		h.mu.Lock()
		why = errors.Join(why, err)
		h.failed(err)
		h.mu.Unlock()
	}
	h.mu.Lock()
	h.refuse(why)
	h.mu.Unlock()
	_ = store.Close()
}

// refuse goes on without a store.
func (h *History) refuse(err error) {
	k := &h.keeper
	k.store, k.trouble, k.problem = nil, err, err.Error()
	what := "mend the folder and restart"
	if k.open != nil {
		what = "mend the folder, it is tried again"
	}
	h.log.Warn("history is in memory only: "+what, "dir", k.location, "err", prose.Brief(k.problem))
}

// begin has all of the history written to a new store, and notes why the old one was put aside. The caller holds h.mu.
func (h *History) begin(aside string, why error) {
	k := &h.keeper
	k.aside, k.unusable = append(k.aside, aside), why.Error()
	k.trouble, k.problem = nil, ""
	k.round, k.soon, k.retry = nil, nil, time.Time{}
	for _, e := range h.endpoints {
		e.known, e.saved, e.urgent, e.unsaved, e.dirty = false, false, false, int32(len(e.changes)), nil
		for i := range e.tiers {
			e.tiers[i].fresh = 0
		}
		h.hurry(e)
	}
	for _, x := range h.incidents {
		x.kept, x.told = false, false
		x.owner.touch(x)
	}
}
