package monitor

import (
	"sync"

	"prober/catalog"
	"prober/probe"
)

// minVantageRegions is the least number of regions a list must span before the prober's
// own network can be suspected: a shorter list may fail as a whole for the provider's
// reasons, and that must not go unreported.
const minVantageRegions = 3

// vantage suspects the prober's own network. When the last result of every active
// endpoint is the same kind of silence, in lists that span several regions, then it is
// far likelier that this machine has lost its network than that every region of every
// product went down in the same way within one interval. Such results are unknown,
// prober/vantage_offline, until any endpoint answers again.
//
// The price: within the first interval of such an outage results still count as
// failures, because some endpoints' last results are still good.
type vantage struct {
	mu      sync.Mutex
	counts  [numTroubles]int // of active endpoints, by the last result
	active  int
	regions int
	offline bool
}

// reset counts anew after a change of the list.
func (v *vantage) reset(endpoints []*endpoint) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.counts, v.active = [numTroubles]int{}, 0
	regions := map[[2]string]bool{}
	for _, e := range endpoints {
		e.mu.Lock()
		t := e.target
		if lifecycleOf(t) == catalog.Active {
			v.active++
			v.counts[e.network]++
			regions[[2]string{t.Product.Provider, t.Endpoint.Region}] = true
		}
		e.mu.Unlock()
	}
	v.regions = len(regions)
	v.judge()
}

// note takes in the result of e and says whether the vantage point is suspected now.
func (v *vantage) note(e *endpoint, o *probe.Observation) (offline, changed bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	was := v.offline
	now := v.move(e, troubleOf(o))
	v.judge()
	silent := troubleOf(o) == now && (now == lookupSilent || now == unconnected)
	return v.offline && silent, v.offline != was
}

// move counts e where its last result puts it, which it returns. A result that says
// nothing leaves e where it was.
func (v *vantage) move(e *endpoint, now networkTrouble) networkTrouble {
	e.mu.Lock()
	defer e.mu.Unlock()
	if now == noResult || e.removed {
		return e.network
	}
	if lifecycleOf(e.target) == catalog.Active {
		v.counts[e.network]--
		v.counts[now]++
	}
	e.network = now
	return now
}

func (v *vantage) judge() {
	v.offline = v.regions >= minVantageRegions &&
		(v.counts[lookupSilent] == v.active || v.counts[unconnected] == v.active)
}

// suspected says whether the vantage point is suspected of being offline.
func (v *vantage) suspected() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.offline
}
