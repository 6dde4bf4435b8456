package monitor

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"prober/probe/reason"
)

// Where no IPv6 address of any provider answers any more and IPv4 serves, the page says first that this machine's IPv6 is suspected; not where one
// of them says anything, nor where all are one provider's, nor of a few.
func TestASilentFamilyIsTheProbersOwn(t *testing.T) {
	for _, tt := range []struct {
		name      string
		endpoints int
		one       bool          // provider
		last      reason.Reason // of the IPv6 address of the last endpoint
		told      bool
	}{
		{"all are silent", 4, false, reason.ConnectTimeout, true},
		{"there is no way to one", 4, false, reason.ConnectUnreachable, true},
		{"one refuses", 4, false, reason.ConnectRefused, false},
		{"one serves", 4, false, reason.None, false},
		{"of one provider", 4, true, reason.ConnectTimeout, false},
		{"two", 2, false, reason.ConnectTimeout, false},
	} {
		list := targets(tt.endpoints)
		for i := range list {
			list[i].Product.Provider = []string{"one", "two"}[i%2]
			if tt.one {
				list[i].Product.Provider = "one"
			}
		}
		m, c := monitorOf(t, list, nil)
		for i, x := range list {
			o := okObservation(x, c.Now())
			six := o.Addresses[0]
			six.Address = netip.MustParseAddr("2001:db8::1")
			why := reason.ConnectTimeout
			if i == len(list)-1 {
				why = tt.last
			}
			if why != reason.None {
				six.Outcome, six.Reason = reason.Fail, why
				o.Outcome, o.Reason, o.Detail = reason.Degraded, why, "1 of 2 addresses: it did not answer"
			}
			o.Addresses = append(o.Addresses, six)
			feed(t, m, o)
		}
		headline, causes := toldBy(t, m, "/")
		if told := strings.Contains(headline, "The prober's own IPv6 is suspected; "); told != tt.told {
			t.Errorf("%s: %s", tt.name, headline)
		}
		if want := "No IPv6 address answers, of 4 endpoints of 2 providers, and IPv4 addresses do."; tt.told && !strings.Contains(causes, want) {
			t.Errorf("%s: %q is not in\n%s", tt.name, want, causes)
		}
	}
}

// What only silence of a lost family spoils is no defect of an endpoint, and one that has no other addresses cannot be told. Both are told again once
// any address of that family answers.
func TestWhatALostFamilySpoilsIsUnknown(t *testing.T) {
	list := targets(5)
	for i := range list {
		list[i].Product.Provider = []string{"one", "two"}[i%2]
	}
	m, c := monitorOf(t, list, nil)
	alone := list[4].Endpoint.ID
	round := func(answers int) { // the endpoint whose IPv6 address answers; -1: none
		for i, x := range list {
			o := okObservation(x, c.Now())
			six := o.Addresses[0]
			six.Address = netip.MustParseAddr("2001:db8::1")
			if i != answers {
				six.Outcome, six.Reason, six.Detail = reason.Fail, reason.ConnectTimeout, "[2001:db8::1]:443 did not answer"
				o.Outcome, o.Reason, o.Detail = reason.Degraded, reason.ConnectTimeout, "1 of 2 addresses: [2001:db8::1]:443 did not answer"
			}
			if o.Addresses = append(o.Addresses, six); x.Endpoint.ID == alone {
				o.Addresses = o.Addresses[1:]
				o.Outcome = six.Outcome
			}
			feed(t, m, o)
			c.Advance(2 * time.Second) // turns are spread
		}
		c.Advance(50 * time.Second)
	}
	outcomes := func() (all []reason.Outcome) {
		for _, x := range list {
			s, _ := m.Status(x.Endpoint.ID)
			all = append(all, s.Outcome)
		}
		return all
	}
	const ok, degraded, fail, unknown = reason.OK, reason.Degraded, reason.Fail, reason.Unknown
	for n, step := range []struct {
		answers int
		want    []reason.Outcome
	}{
		{-1, []reason.Outcome{degraded, degraded, degraded, ok, unknown}}, // three are known to be silent before the fourth is told
		{-1, []reason.Outcome{ok, ok, ok, ok, unknown}},
		{0, []reason.Outcome{ok, degraded, degraded, degraded, fail}},
		{-1, []reason.Outcome{degraded, ok, ok, ok, unknown}},
	} {
		round(step.answers)
		if got := outcomes(); !slices.Equal(got, step.want) {
			t.Errorf("round %d: %v, want %v", n, got, step.want)
		}
	}
	if s, _ := m.Status(alone); s.Cause != reason.ProberVantageOffline || s.Blame != reason.Self || !strings.HasPrefix(s.Detail, "no IPv6 address of any provider answers this prober, and IPv4 addresses do; it found connect/timeout: ") {
		t.Errorf("%v, whose fault is %v: %s", s.Cause, s.Blame, s.Detail)
	}
	if s, _ := m.Status(list[1].Endpoint.ID); s.Cause != reason.None || s.Detail != "" || s.Addresses[1].Outcome != unknown {
		t.Errorf("%+v", s)
	}
	if headline, _ := toldBy(t, m, "/"); !strings.Contains(headline, "The prober's own IPv6 is suspected; ") {
		t.Error(headline)
	}
}
