package monitor

import (
	"fmt"
	"time"

	"prober/catalog"
	"prober/monitor/view"
	"prober/probe"
	"prober/probe/reason"
	"prober/suspicion"
)

// familyFails is from how many endpoints on, of two providers at least, silence of all addresses of one family is told to be the prober's own.
const familyFails = 3

// wayOf is what the last results say of the way to the addresses of one family.
type wayOf struct {
	answered  int // addresses
	silent    int // endpoints with such an address that is
	providers map[string]bool
}

// ways are those of IPv4 and IPv6.
type ways [2]wayOf

// at is the place of a family in ways: "4" or "6".
func (w *ways) at(family string) *wayOf { return &w[(family[0]-'4')/2] }

// lost says that no address of a family answers any more while those of the other do: that every provider has lost one family at once is far less
// likely than that this machine has.
func (w *ways) lost(family string) bool {
	return w.at(family).answered == 0 && w.at(family).silent >= familyFails && len(w.at(family).providers) > 1 && w.at(otherFamily(family)).answered > 0
}

func otherFamily(family string) string { return map[string]string{"4": "6", "6": "4"}[family] }

// waysNow are those that the last results of all active endpoints show.
func (m *Monitor) waysNow() *ways {
	w := &ways{{providers: map[string]bool{}}, {providers: map[string]bool{}}}
	now := m.config.Now()
	for _, e := range m.list.Load().endpoints {
		e.mu.Lock()
		if lifecycleOf(&e.target.Endpoint) == catalog.Active && e.last.probed() && !e.last.recalled && !m.stale(e, e.last.started, now) {
			e.noteWays(w)
		}
		e.mu.Unlock()
	}
	return w
}

// noteWays adds the addresses of one endpoint. The caller holds e.mu.
func (e *endpoint) noteWays(w *ways) {
	var told [2]bool // that it is silent: an endpoint counts once
	for _, a := range e.last.addresses {
		f := family(a.Address)
		switch {
		case isSilence(a.Reason): // also one that was taken back
			if n := (f[0] - '4') / 2; !told[n] {
				told[n] = true
				w[n].silent++
				w[n].providers[e.target.provider()] = true
			}
		case a.Outcome != reason.Unknown: // whatever it said, it said something
			w.at(f).answered++
		}
	}
}

// isSilence says that nothing came from an address.
func isSilence(r reason.Reason) bool {
	return r == reason.ConnectTimeout || r == reason.ConnectUnreachable
}

// familyNotes say that this machine has lost one family, before what fails for that: whoever is called looks at one machine and not at 50 endpoints.
func (m *Monitor) familyNotes() (all []view.Note) {
	w := m.waysNow()
	for _, f := range []string{"4", "6"} {
		if !w.lost(f) {
			continue
		}
		other := otherFamily(f)
		all = append(all, view.Note{
			What:   "The prober's own IPv" + f + " is suspected",
			Why:    fmt.Sprintf("no IPv%s address answers, of %d endpoints of %d providers, and IPv%s addresses do", f, w.at(f).silent, len(w.at(f).providers), other),
			Advice: "Look at this machine's IPv" + f + ": prober doctor tells whether it has a way. Meanwhile that IPv" + f + " addresses are silent counts as unknown; --family " + other + " probes without them.",
		})
	}
	return all
}

// lostFamilies remembers for a moment which families are lost, so that many results that fail at once do not each look at all endpoints.
type lostFamilies struct {
	known bool
	at    time.Duration
	lost  map[string]bool
}

// excuseFamily takes back what a result says of the addresses of a lost family, where nothing else is wrong. The caller holds m.recording.
func (m *Monitor) excuseFamily(o *probe.Observation) {
	if o.Outcome != reason.Fail && o.Outcome != reason.Degraded || !isSilence(o.Reason) {
		return
	}
	if x := &m.families; !x.known || m.elapsed()-x.at >= time.Second {
		w := m.waysNow()
		*x = lostFamilies{true, m.elapsed(), map[string]bool{"4": w.lost("4"), "6": w.lost("6")}}
	}
	taken := func(a *probe.AddressResult) bool {
		return a.Address.IsValid() && m.families.lost[family(a.Address.Unmap())] && a.Outcome == reason.Fail && isSilence(a.Reason)
	}
	left := 0
	for i := range o.Addresses {
		switch a := &o.Addresses[i]; {
		case taken(a):
		case a.Outcome != reason.OK:
			return // that is to be told
		default:
			left++
		}
	}
	if left == len(o.Addresses) {
		return
	}
	if left == 0 {
		found, f := o.Reason.String()+": "+o.Detail, family(o.Addresses[0].Address.Unmap())
		suspicion.TakeBack(o)
		o.Detail = fmt.Sprintf("no IPv%s address of any provider answers this prober, and IPv%s addresses do; it found %s", f, otherFamily(f), found)
		return
	}
	for i := range o.Addresses {
		if a := &o.Addresses[i]; taken(a) {
			a.Outcome = reason.Unknown
		}
	}
	o.Outcome, o.Reason, o.Detail, o.Reproduce = reason.OK, reason.None, "", ""
}
