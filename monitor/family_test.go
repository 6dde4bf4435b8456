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

// An address that is asked but once in an hour, and answers, keeps the silence of two others theirs all the while.
func TestAFamilyIsNotLostWhileOneOfItIsAskedSeldom(t *testing.T) {
	list := ofProviders("abc")
	list[0].Own = &probe.Own{Interval: time.Hour}
	m, clock := monitorOf(t, list, nil)
	look := func(i int, why reason.Reason) reason.Outcome {
		o := okObservation(list[i], clock.Now())
		o.Addresses = append(o.Addresses, probe.AddressResult{Address: netip.MustParseAddr("2001:db8::1"), Outcome: why.Outcome(), Reason: why})
		if why != reason.None {
			o.Outcome, o.Reason = reason.Degraded, why
		}
		feed(t, m, o)
		return m.list.Load().byID[list[i].Endpoint.ID].last.outcome
	}
	look(0, reason.None)
	for range 10 {
		clock.Advance(time.Minute)
		for i := 1; i < 3; i++ {
			if got := look(i, reason.ConnectTimeout); got != reason.Degraded {
				t.Fatalf("at %s endpoint %d is %s", clock.Now(), i, got)
			}
		}
	}
}
