package history

import (
	"encoding/json"
	"errors"
	"fmt"

	"prober/limit"
	"prober/prose"
)

// ErrNoEvidence says that the evidence of an incident is no longer kept, or never was.
var ErrNoEvidence = errors.New("no evidence is kept")

// keepEvidence keeps what the first failure of an incident looked like, and forgets that of the
// oldest where it is too much. The caller holds h.mu.
func (h *History) keepEvidence(x *incident) {
	x.evidence, x.first = evidenceOf(x), nil
	h.evidence += len(x.evidence)
	for i := 0; h.evidence > limit.EvidenceMemory && i < len(h.incidents); i++ {
		h.evidence -= len(h.incidents[i].evidence)
		h.incidents[i].evidence = nil
	}
}

// evidenceOf is the observation of the first failure as JSON, or how large it is where it is too
// large.
func evidenceOf(x *incident) []byte {
	if x.first == nil {
		return nil
	}
	b, err := json.Marshal(x.first)
	if err != nil {
		return nil
	}
	if b = prose.JSON(b); len(b) > limit.HistoryEvidence {
		return fmt.Appendf(nil, `{"left_off":"the observation has %d bytes; at most %d are kept"}`, len(b), limit.HistoryEvidence)
	}
	return b
}

// Evidence is the observation of the first failure of an incident, as JSON in the shape that `prober
// check --output json` gives. The error is ErrNoEvidence where none is kept.
func (h *History) Evidence(id int64) ([]byte, error) {
	h.mu.Lock()
	store := h.keeper.store
	if i := h.at(id); i < len(h.incidents) && h.incidents[i].ID == id && h.incidents[i].evidence != nil {
		defer h.mu.Unlock()
		return h.incidents[i].evidence, nil
	}
	h.mu.Unlock()
	if store == nil {
		return nil, ErrNoEvidence
	}
	return store.Evidence(id)
}
