package probe

import (
	"net/netip"
	"testing"

	"prober/probe/reason"
)

// What is taken back of an address is in no sentence about the endpoint any more, and what was added to that stays.
func TestUndecide(t *testing.T) {
	of := func(at string, why reason.Reason) AddressResult {
		detail := ""
		if why != reason.None {
			detail = "why"
		}
		return AddressResult{Address: netip.MustParseAddr(at), Outcome: why.Outcome(), Reason: why, Detail: detail}
	}
	good, bad, silent := of("192.0.2.1", reason.None), of("192.0.2.2", reason.TLSCertExpired), of("2001:db8::1", reason.ConnectTimeout)
	for name, tt := range map[string]struct {
		addresses []AddressResult
		added     string
		outcome   reason.Outcome
		reason    reason.Reason
		detail    string
	}{
		"it decided":               {[]AddressResult{good, silent}, "", reason.OK, reason.None, "undecided: instead"},
		"it decided, of several":   {[]AddressResult{good, silent}, "; 2 of its 9 addresses were probed", reason.OK, reason.None, "undecided: instead; 2 of its 9 addresses were probed"},
		"another one decided":      {[]AddressResult{bad, good, silent}, "", reason.Degraded, reason.TLSCertExpired, "1 of 3 addresses: why"},
		"it came before that":      {[]AddressResult{silent, bad, good}, "", reason.Degraded, reason.TLSCertExpired, "1 of 3 addresses: why"},
		"there is nothing besides": {[]AddressResult{silent}, "", reason.Unknown, reason.ProberVantageNoIPv6, "instead"},
	} {
		o := Observation{Addresses: tt.addresses}
		rollUp(&o)
		o.Detail += tt.added
		o.Addresses = append([]AddressResult(nil), o.Addresses...)
		if !o.Undecide(func(a AddressResult) reason.Finding {
			if a.Reason == reason.ConnectTimeout {
				return reason.ProberVantageNoIPv6.Found("instead")
			}
			return reason.Finding{}
		}) || o.Outcome != tt.outcome || o.Reason != tt.reason || o.Detail != tt.detail {
			t.Errorf("%s: %s %s: %q", name, o.Outcome, o.Reason, o.Detail)
		}
	}
}
