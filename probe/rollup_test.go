package probe

import (
	"fmt"
	"net/netip"
	"testing"

	"prober/probe/dns"
	"prober/probe/reason"
)

func TestRollUp(t *testing.T) {
	// One letter an address: o ok, d degraded, f fail, u unknown; the reasons differ, so
	// that it shows whose is taken.
	reasons := map[rune]reason.Reason{'o': reason.None, 'd': reason.VerifyBOM, 'f': reason.ConnectRefused, 'u': reason.ProberVantageNoIPv6}
	const (
		ok, degraded, fail, unknown = reason.OK, reason.Degraded, reason.Fail, reason.Unknown
		lookup                      = reason.ResolveServFail // of one family
	)
	for _, tt := range []struct {
		addresses string
		lookup    bool // one family's lookup failed
		want      reason.Outcome
		reason    reason.Reason
		detail    string
	}{
		{"o", false, ok, reason.None, ""},
		{"oo", false, ok, reason.None, ""},
		{"ou", false, ok, reason.None, "undecided: 1"},
		{"uo", false, ok, reason.None, "undecided: 0"},
		{"d", false, degraded, reason.VerifyBOM, "0"},
		{"od", false, degraded, reason.VerifyBOM, "1"},
		{"du", false, degraded, reason.VerifyBOM, "0"},
		{"f", false, fail, reason.ConnectRefused, "0"},
		{"ff", false, fail, reason.ConnectRefused, "0"},
		{"fu", false, fail, reason.ConnectRefused, "1 of 2 addresses: 0"},
		{"uf", false, fail, reason.ConnectRefused, "1 of 2 addresses: 1"},
		{"of", false, degraded, reason.ConnectRefused, "1 of 2 addresses: 1"},
		{"fo", false, degraded, reason.ConnectRefused, "1 of 2 addresses: 0"},
		{"df", false, degraded, reason.ConnectRefused, "1 of 2 addresses: 1"},
		{"fof", false, degraded, reason.ConnectRefused, "2 of 3 addresses: 0"},
		{"odfu", false, degraded, reason.ConnectRefused, "1 of 4 addresses: 2"},
		{"u", false, unknown, reason.ProberVantageNoIPv6, "0"},
		{"uu", false, unknown, reason.ProberVantageNoIPv6, "0"},

		{"o", true, degraded, lookup, "lookup"},
		{"ou", true, degraded, lookup, "lookup"},
		{"od", true, degraded, reason.VerifyBOM, "1"},
		{"f", true, fail, reason.ConnectRefused, "0"},
		{"of", true, degraded, reason.ConnectRefused, "1 of 2 addresses: 1"},
		{"u", true, unknown, reason.ProberVantageNoIPv6, "0"},
	} {
		name := fmt.Sprintf("%s, lookup degraded %t", tt.addresses, tt.lookup)
		o := Observation{DNS: &dns.Lookup{Outcome: ok}}
		if tt.lookup {
			o.DNS = &dns.Lookup{Outcome: degraded, Reason: lookup, Detail: "lookup"}
		}
		for i, letter := range tt.addresses {
			why := reasons[letter]
			a := AddressResult{Address: netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}), Outcome: why.Outcome(), Reason: why}
			if why != reason.None {
				a.Detail, a.Reproduce = fmt.Sprint(i), fmt.Sprintf("show %d", i)
			}
			o.Addresses = append(o.Addresses, a)
		}
		rollUp(&o)
		if o.Outcome != tt.want || o.Reason != tt.reason || o.Detail != tt.detail {
			t.Errorf("%s: %s %q, detail %q; want %s %q, detail %q", name,
				o.Outcome, o.Reason, o.Detail, tt.want, tt.reason, tt.detail)
		}
		if n := len(tt.detail); n > 0 && tt.want != ok && tt.detail != "lookup" && o.Reproduce != "show "+tt.detail[n-1:] {
			t.Errorf("%s: reproduce %q", name, o.Reproduce)
		}
	}
}

// TestOkDetail keeps what is worth knowing although all is well.
func TestOkDetail(t *testing.T) {
	for _, tt := range []struct {
		o    Observation
		want string
	}{
		{Observation{Addresses: []AddressResult{{Outcome: reason.OK, Detail: "refused, as documented"}}}, "refused, as documented"},
		{Observation{DNS: &dns.Lookup{Detail: "undecided: AAAA"}, Addresses: []AddressResult{{Outcome: reason.OK}}}, "undecided: AAAA"},
		{Observation{Addresses: []AddressResult{{Outcome: reason.OK}}}, ""},
	} {
		rollUp(&tt.o)
		if tt.o.Outcome != reason.OK || tt.o.Detail != tt.want {
			t.Errorf("%s, detail %q, want %q", tt.o.Outcome, tt.o.Detail, tt.want)
		}
	}
}

// What an address showed when it was probed alone takes the place of what it had shown, and of
// nothing else.
func TestAgain(t *testing.T) {
	one, two := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	o := Observation{Duration: 1, Addresses: []AddressResult{
		{Address: one, Outcome: reason.Unknown, Reason: reason.ProberRateLimited, Phases: Phases{Resolve: 7}}, {Address: two, Outcome: reason.Fail, Reason: reason.ConnectRefused},
	}}
	rollUp(&o)
	o.Again(Observation{Duration: 2, Addresses: []AddressResult{{Address: one, Outcome: reason.OK}}})
	if o.Outcome != reason.Degraded || o.Reason != reason.ConnectRefused || o.Duration != 3 || o.Addresses[0].Outcome != reason.OK || o.Addresses[0].Phases.Resolve != 7 {
		t.Errorf("%+v", o)
	}
	o.Again(Observation{Addresses: []AddressResult{{Address: two, Outcome: reason.OK}}})
	if o.Outcome != reason.OK || o.Reason != reason.None || o.Detail != "" {
		t.Errorf("%+v", o)
	}
}
