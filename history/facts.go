package history

import (
	"time"

	"prober/limit"
	"prober/probe/reason"
)

// What a monitor knows of its endpoints besides the history, such as the certificates that were last seen,
// is kept for the next process as it is: what it says is no business of the history.

// Facts has the store keep, with each endpoint that it writes, what facts returns of it; nil: it keeps
// what it has.
func (h *History) Facts(facts func(id string) []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.keeper.facts = facts
}

// Take returns what the last process has left of an endpoint, once: the facts that it has kept, nil where there are none, and
// the results that came after those, oldest first. They are counted already.
func (h *History) Take(id string) (facts []byte, recent []Recent) {
	h.mu.Lock()
	defer h.mu.Unlock()
	e := h.endpoints[id]
	if e == nil || e.left == nil {
		return nil, nil
	}
	facts, recent = e.left.facts, e.left.recent
	e.left = nil
	return facts, recent
}

// left is what the last process has left of an endpoint.
type left struct {
	facts  []byte
	recent []Recent
}

// leftBehind is what was left of e, to be added to.
func (e *endpoint) leftBehind() *left {
	if e.left == nil {
		e.left = &left{}
	}
	return e.left
}

// Facts takes in what was kept of an endpoint. Of one that was something else under the same id it is nothing.
func (l *Loading) Facts(id, series string, facts []byte) {
	if e := l.h.endpoints[id]; e != nil && e.series == series {
		e.leftBehind().facts = facts
	}
}

// Recent is a result that the last process has written, and came to nothing else with: it was killed before it wrote down
// what it knew of the endpoint. Took is that of its slowest address that answered in full; 0: none did.
type Recent struct {
	At      time.Time
	Outcome reason.Outcome
	Reason  reason.Reason
	Took    time.Duration
}

// remember keeps a result for [History.Take], if it is a sample.
func (e *endpoint) remember(r *result) {
	if r.weight == Confirming {
		return
	}
	l := e.leftBehind()
	if len(l.recent) >= limit.HistoryRecent {
		l.recent = append(l.recent[:0], l.recent[1:]...)
	}
	l.recent = append(l.recent, Recent{r.at, r.outcome, r.reason, r.sums.Total.Max})
}
