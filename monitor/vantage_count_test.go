package monitor

import (
	"math/rand/v2"
	"testing"
	"time"

	"prober/catalog"
	"prober/probe/reason"
	"prober/suspicion"
)

// However results follow each other, what is counted of endpoints as they change is what a look at all of them counts: a round
// waits for nobody who cannot come, and nothing is suspected by what nobody says any more.
func TestVantageCountsWhatAllSay(t *testing.T) {
	found := []reason.Reason{
		reason.None, reason.None, reason.ConnectTimeout, reason.ConnectTimeout, reason.ConnectRefused, reason.TLSCertExpired, reason.TLSCertHostname,
		reason.ResolveTimeout, reason.ResolveNXDomain, reason.ProberVantageNoIPv4, reason.ProberPrivateNetwork, reason.ProberStalled, reason.ProberLimit,
	}
	for seed := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // the same each time
		list := ofProviders("aabbc")
		m, c := monitorOf(t, list, nil)
		v := &m.vantage
		for step := range 100 {
			c.Advance(time.Second)
			if random.IntN(10) == 0 {
				for i := range list {
					list[i].Endpoint.Lifecycle = []catalog.Lifecycle{catalog.Active, catalog.Active, catalog.Active, catalog.Closed}[random.IntN(4)]
				}
				if err := m.Apply(list[:2+random.IntN(len(list)-1)]); err != nil {
					t.Fatal(err)
				}
			}
			x, why := list[random.IntN(len(list))], found[random.IntN(len(found))]
			o := okObservation(x, c.Now())
			if why != reason.None {
				o = badObservation(x, c.Now(), why)
			}
			o.Vouched = random.IntN(8) == 0
			began := m.elapsed() - time.Duration(random.IntN(4))*time.Second
			e := m.list.Load().byID[x.Endpoint.ID]
			if e == nil {
				continue
			}
			m.record(e, &o, began)
			able, pending, says := 0, 0, suspicion.Words{}
			for _, e := range v.endpoints {
				if s := &e.standing; !s.out() {
					able++
					says.Add(s.said, 1)
					if s.round != v.round {
						pending++
					}
				}
			}
			if v.able != able || v.says != says || v.open && v.pending != pending {
				t.Fatalf("seed %d, step %d, %s of %s: %d can tell and %d are waited for, want %d and %d; they say %v, want %v",
					seed, step, why, x.Endpoint.ID, v.able, v.pending, able, pending, v.says, says)
			}
		}
	}
}
