package main

import (
	"net/netip"
	"strings"
	"testing"

	"prober/catalog"
	"prober/probe"
	"prober/probe/dns"
	"prober/probe/reason"
)

// A verdict blames the resolver where all that counts was lost for want of one, whatever else was lost.
func TestVerdictOfLostLookups(t *testing.T) {
	lost := probe.Observation{Outcome: reason.Unknown, Reason: reason.ProberResolverUnavailable}
	if !lost.Lost() {
		t.Fatal("an observation without a resolver is not lost")
	}
	closed, other := lost, lost
	closed.Endpoint.Lifecycle = catalog.Closed
	other.Reason = reason.ProberLimit
	heard := probe.Observation{Outcome: reason.OK, DNS: &dns.Lookup{Resolver: netip.MustParseAddrPort("192.0.2.53:53")}}
	const resolver, undecided = "no resolver can be used, so 1 endpoint", "1 endpoint could not be decided"
	for name, c := range map[string]struct {
		of   []probe.Observation
		want string
	}{
		"all lost":                  {[]probe.Observation{lost}, resolver},
		"another was looked up":     {[]probe.Observation{lost, heard}, "1 endpoint could not be looked up"},
		"a closed one is lost, too": {[]probe.Observation{lost, closed}, resolver},
		"only a closed one is lost": {[]probe.Observation{other, closed}, undecided},
	} {
		if err := new(app).checkVerdict(c.of, false); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
