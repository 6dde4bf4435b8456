package history

// What a monitor knows of its endpoints besides the history, such as the certificates that were last seen,
// is kept for the next process as it is: what it says is no business of the history.

// Facts has the store keep, with each endpoint that it writes, what facts returns of it; nil: it keeps
// what it has.
func (h *History) Facts(facts func(id string) []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.keeper.facts = facts
}

// TakeFacts returns what the last process has kept of an endpoint, once; nil where that is nothing.
func (h *History) TakeFacts(id string) []byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	e := h.endpoints[id]
	if e == nil {
		return nil
	}
	defer func() { e.facts = nil }()
	return e.facts
}

// Facts takes in what was kept of an endpoint. Of one that was something else under the same id it is nothing.
func (l *Loading) Facts(id, series string, facts []byte) {
	if e := l.h.endpoints[id]; e != nil && e.series == series {
		e.facts = facts
	}
}
