package history

import (
	"cmp"
	"slices"
)

// Query says which incidents are asked for. The zero value asks for the newest of all.
type Query struct {
	Endpoint string            // of this one only; empty: of all
	Open     bool              // only those that go on, of endpoints that are listed
	Before   int64             // with a lower id, which are older; 0: the newest
	Most     int               // at most so many; 0: 100
	Keep     func(string) bool // of endpoints that it says yes to; nil: of all
}

// Incidents returns incidents, newest first, and whether there are more: the next page has those
// before the last one's id.
func (h *History) Incidents(q Query) (page []Incident, more bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	most := cmp.Or(q.Most, 100)
	end := len(h.incidents)
	if q.Before > 0 {
		end = h.at(q.Before)
	}
	for i := end - 1; i >= 0; i-- {
		x := h.incidents[i]
		if q.Endpoint != "" && x.Endpoint != q.Endpoint || q.Open && (!x.Open() || !x.owner.listed) || q.Keep != nil && !q.Keep(x.Endpoint) {
			continue
		}
		if len(page) == most {
			return page, true
		}
		page = append(page, h.told(x))
	}
	return page, false
}

// at is the index of the incident with this id, or where it would stand.
func (h *History) at(id int64) int {
	i, _ := slices.BinarySearchFunc(h.incidents, id, func(x *incident, id int64) int { return cmp.Compare(x.ID, id) })
	return i
}

// told is an incident for the outside. The caller holds h.mu.
func (h *History) told(x *incident) Incident {
	out := x.Incident
	end := out.End
	if out.Open() {
		end = h.now()
	}
	out.NotProbed = h.within(out.Begin, end)
	if b := x.blind; out.Open() && b.since != 0 {
		u := Untold{Span: Span{From: b.since.time()}, Reason: b.reason}
		if u.For = h.ran(Span{u.From, end}); u.For > 0 {
			out.Untold = append(slices.Clone(out.Untold), u)
		}
	}
	return out
}

// Incident returns the incident with this id; false when nothing is remembered of it.
func (h *History) Incident(id int64) (Incident, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if i := h.at(id); i < len(h.incidents) && h.incidents[i].ID == id {
		return h.told(h.incidents[i]), true
	}
	return Incident{}, false
}
