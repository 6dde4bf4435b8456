package history

import (
	"cmp"
	"log/slog"
	"slices"
	"sync"
	"time"

	"prober/limit"
	"prober/probe"
	"prober/probe/reason"
)

// History remembers endpoints. Make one with [New]; its methods are safe for concurrent use, and
// none waits for a disk but
// [History.Evidence].
type History struct {
	now  func() time.Time
	days int // of retention
	log  *slog.Logger

	mu        sync.Mutex
	depth     depth
	endpoints map[string]*endpoint // by id
	number    int64                // of the last endpoint that got one
	sequence  uint64               // of the last result
	incidents []*incident          // by id, oldest first
	evidence  int                  // bytes in memory
	gaps      []Span               // oldest first
	keeper    keeper
}

// Config is what a History is made of. The zero value remembers in memory for 90 days.
type Config struct {
	// Retention is how long roll-ups of a day, changes and incidents are kept; 0: 90 days.
	Retention time.Duration
	Now       func() time.Time // nil: time.Now
	Logger    *slog.Logger     // nil: nothing is logged
}

// DefaultRetention is how long is remembered where nothing else is said.
const DefaultRetention = 90 * 24 * time.Hour

// New returns a History that knows no endpoint yet.
func New(c Config) *History {
	if c.Now == nil {
		c.Now = time.Now
	}
	days := int(cmp.Or(c.Retention, DefaultRetention) / (24 * time.Hour))
	return &History{
		now: c.Now, days: days, log: cmp.Or(c.Logger, slog.New(slog.DiscardHandler)), depth: depthOf(0, days), endpoints: map[string]*endpoint{},
	}
}

// Endpoint says which endpoint is meant.
type Endpoint struct {
	ID string
	// Series says what is measured under this id, so that what was counted of one host is not
	// carried on for another: when it changes, the endpoint's history begins anew.
	Series string
	// Good is for how long a result says how the endpoint is, where none comes after it; 0: until one comes.
	Good time.Duration
}

// Follow makes endpoints the list of which results are recorded. What is remembered of those that
// leave the list is kept for a while, in case they come back.
func (h *History) Follow(list []Endpoint) {
	h.mu.Lock()
	defer h.mu.Unlock()
	listed := make(map[string]bool, len(list))
	for _, x := range list {
		listed[x.ID] = true
		e := h.endpoints[x.ID]
		if e == nil || e.series != x.Series {
			h.number++
			if e != nil {
				h.forget(e)
			}
			e = newEndpoint(x.ID, x.Series, h.number)
			h.endpoints[x.ID] = e
		}
		e.listed, e.good = true, x.Good
	}
	h.depth = depthOf(len(list), h.days)
	for id, e := range h.endpoints {
		e.listed = listed[id]
	}
	h.park()
}

// park has each endpoint keep no more than the list allows, and forgets those that are too many of no list. The
// caller holds h.mu.
func (h *History) park() {
	var parked []*endpoint
	for _, e := range h.endpoints {
		if !e.listed {
			parked = append(parked, e)
		}
		for i := range e.tiers {
			e.tiers[i].shrink(h.depth.tiers[i])
		}
	}
	slices.SortFunc(parked, func(a, b *endpoint) int {
		return cmp.Or(cmp.Compare(b.state.lastProbe, a.state.lastProbe), cmp.Compare(a.id, b.id))
	})
	for _, e := range parked[min(len(parked), limit.HistoryParked):] {
		h.forget(e)
	}
}

// forget forgets an endpoint with its incidents. The caller holds h.mu.
func (h *History) forget(e *endpoint) {
	delete(h.endpoints, e.id)
	h.incidents = slices.DeleteFunc(h.incidents, func(i *incident) bool {
		if i.owner == e {
			h.evidence -= len(i.evidence)
		}
		return i.owner == e
	})
}

// Weight says what a result may do.
type Weight uint8

// The weights.
const (
	// Turn: it is counted, and the state of its endpoint becomes what it says.
	Turn Weight = iota
	// Doubted: it is counted, and changes no state: a further probe is to confirm it.
	Doubted
	// Confirming: the further probe. It decides the state, and is no sample.
	Confirming
)

// Record takes in a result of an endpoint that is followed; of another one it is ignored. The
// observation must not change any more. Record does not wait for anything.
func (h *History) Record(id string, o *probe.Observation, w Weight) {
	r := &result{at: o.Started.UTC().Round(0), outcome: o.Outcome, reason: o.Reason, weight: w}
	if w != Confirming {
		r.sums = Of(o)
	}
	var t telling
	if o.Outcome != reason.OK {
		t = tellingOf(o)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if e := h.endpoints[id]; e != nil && e.listed {
		h.take(e, r, t)
	}
}

// take has an endpoint take in a result. The caller holds h.mu.
func (h *History) take(e *endpoint, r *result, t telling) {
	h.sequence++
	e.sequence = h.sequence
	unsaved := e.unsaved
	h.look(e, r)
	new := e.take(r, t, h.depth, h.newID)
	if h.note(e, r); h.keeper.store == nil {
		e.dirty = nil
	}
	if !e.known || e.unsaved != unsaved || e.unsaved == limit.HistoryChanges {
		h.hurry(e)
	}
	if new != nil {
		h.incidents = append(h.incidents, new)
		h.keepEvidence(new)
		h.trim()
	}
}

// newID is the id of an incident that began at a time.
func (h *History) newID(began time.Time) int64 {
	id := began.UnixMilli()
	if n := len(h.incidents); n > 0 {
		id = max(id, h.incidents[n-1].ID+1)
	}
	return id
}

// trim forgets the oldest incidents that are over: those that are too many, and those of the time
// before the retention.
func (h *History) trim() {
	oldest := h.now().Add(-time.Duration(h.days) * Day.Duration())
	for i := 0; i < len(h.incidents); {
		x := h.incidents[i]
		switch {
		case len(h.incidents) <= limit.HistoryIncidents && !x.Begin.Before(oldest):
			return
		case x.Open() || len(h.incidents) <= limit.HistoryIncidents && !x.End.Before(oldest):
			i++
			continue
		}
		h.evidence -= len(x.evidence)
		x.owner.dirty = slices.DeleteFunc(x.owner.dirty, func(d *incident) bool { return d == x })
		h.incidents = slices.Delete(h.incidents, i, i+1)
	}
}

// Counters are what metrics count of an endpoint; false when nothing was counted.
func (h *History) Counters(id string) (Counters, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	e := h.endpoints[id]
	if e == nil || e.counting == 0 {
		return Counters{}, false
	}
	return e.counters(), true
}
