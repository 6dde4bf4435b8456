package monitor

import (
	"fmt"

	"prober/catalog"
	"prober/monitor/view"
	"prober/probe/reason"
)

// familyFails is from how many endpoints on, of two providers at least, silence of all addresses of one family is told to be the prober's own.
const familyFails = 3

// wayOf is what the last results say of the way to the addresses of one family.
type wayOf struct {
	answered  int // addresses
	silent    int // endpoints with such an address that is
	providers map[string]bool
}

// familyNotes say that no address of one family answers any more while those of the other do: that every provider has lost one family at once is
// far less likely than that this machine has. Who is called then looks at this machine before 50 endpoints.
func (m *Monitor) familyNotes() (all []view.Note) {
	ways := map[string]*wayOf{"4": {providers: map[string]bool{}}, "6": {providers: map[string]bool{}}}
	now := m.config.Now()
	for _, e := range m.list.Load().endpoints {
		e.mu.Lock()
		if lifecycleOf(&e.target.Endpoint) == catalog.Active && e.last.probed() && !e.last.recalled && !m.stale(e, e.last.started, now) {
			e.noteWays(ways)
		}
		e.mu.Unlock()
	}
	for f, other := range map[string]string{"4": "6", "6": "4"} {
		if w := ways[f]; w.answered == 0 && w.silent >= familyFails && len(w.providers) > 1 && ways[other].answered > 0 {
			all = append(all, view.Note{
				What:   "The prober's own IPv" + f + " is suspected",
				Why:    fmt.Sprintf("no IPv%s address answers, of %d endpoints of %d providers, and IPv%s addresses do", f, w.silent, len(w.providers), other),
				Advice: "Look at this machine's IPv" + f + ": prober doctor tells whether it has a way. Meanwhile what is told of IPv" + f + " addresses says nothing of the endpoints; --family " + other + " probes without them.",
			})
		}
	}
	return all
}

// noteWays adds the addresses of one endpoint. The caller holds e.mu.
func (e *endpoint) noteWays(ways map[string]*wayOf) {
	silent := map[string]bool{}
	for _, a := range e.last.addresses {
		f := family(a.Address)
		switch {
		case a.Outcome == reason.Unknown:
		case a.Reason == reason.ConnectTimeout || a.Reason == reason.ConnectUnreachable:
			silent[f] = true
		default: // whatever it said, it said something
			ways[f].answered++
		}
	}
	for f := range silent {
		ways[f].silent++
		ways[f].providers[e.target.provider()] = true
	}
}
