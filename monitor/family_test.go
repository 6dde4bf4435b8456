package monitor

import (
	"net/netip"
	"testing"
	"time"

	"prober/probe"
	"prober/probe/reason"
)

// A prober whose IPv6 leads nowhere tells nothing about endpoints by it, from the second provider that shows it on, and an
// address that is really down is told while another one of its family answers.
func TestOneFamilyLeadsNowhere(t *testing.T) {
	list := ofProviders("abc")
	m, clock := monitorOf(t, list, nil)
	round := func(six ...reason.Reason) (outcomes [3]reason.Outcome) {
		clock.Advance(time.Minute)
		for i, why := range six {
			o := okObservation(list[i], clock.Now())
			o.Addresses = append(o.Addresses, probe.AddressResult{Address: netip.MustParseAddr("2001:db8::1"), Outcome: why.Outcome(), Reason: why})
			if why != reason.None {
				o.Outcome, o.Reason = reason.Degraded, why
			}
			feed(t, m, o)
			outcomes[i] = m.list.Load().byID[list[i].Endpoint.ID].last.outcome
		}
		return outcomes
	}
	const well, silent = reason.None, reason.ConnectTimeout
	for i, tt := range []struct {
		found []reason.Reason
		want  [3]reason.Outcome
	}{
		{[]reason.Reason{silent, silent, silent}, [3]reason.Outcome{reason.Degraded, reason.OK, reason.OK}},
		{[]reason.Reason{silent, silent, silent}, [3]reason.Outcome{reason.OK, reason.OK, reason.OK}},
		{[]reason.Reason{well, silent, silent}, [3]reason.Outcome{reason.OK, reason.Degraded, reason.Degraded}},
		{[]reason.Reason{silent, silent, well}, [3]reason.Outcome{reason.Degraded, reason.Degraded, reason.OK}},
	} {
		if got := round(tt.found...); got != tt.want {
			t.Errorf("round %d: %v, want %v", i, got, tt.want)
		}
	}
}
