package dns

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"prober/probe/reason"
)

// TestRecheck: a lifetime of 0 that comes again is the zone's; one that a cache counted down to
// does not.
func TestRecheck(t *testing.T) {
	for name, test := range map[string]struct {
		ttls          []uint32 // of one answer after another; the last stays
		authoritative bool
		recheck       bool
		want          bool
		questions     int
	}{
		"always 0":                   {[]uint32{0}, false, true, true, 2},
		"fresh the second time":      {[]uint32{0, 60}, false, true, false, 2},
		"not 0":                      {[]uint32{1}, false, true, false, 1},
		"from a server of the zone":  {[]uint32{0}, true, true, false, 1}, // which tells by itself
		"nobody wants to know":       {[]uint32{0}, false, false, false, 1},
		"counted down a second time": {[]uint32{0, 1}, false, true, false, 2},
	} {
		n, c := newNetwork(t, reflex(func(_ asked, m *dnsmessage.Message) {
			m.Authoritative = test.authoritative
			m.Answers = rrs("example.com 60 A 192.0.2.9")
			m.Answers[0].Header.TTL = test.ttls[0]
			test.ttls = test.ttls[min(1, len(test.ttls)-1):]
		}))
		l := c.Lookup(context.Background(), []netip.AddrPort{resolver1}, "example.com", Options{Families: OnlyIPv4, Recheck: test.recheck})
		if l.Outcome != reason.OK || l.Uncached != test.want || len(n.log) != test.questions || len(l.Queries) != test.questions || l.MinTTL.Duration() > time.Second {
			t.Errorf("%s: uncached %t after %d questions, %d of them told: %+v", name, l.Uncached, len(n.log), len(l.Queries), l)
		}
	}
}

// TestLocalhost: no resolver is asked for names that stand for this machine.
func TestLocalhost(t *testing.T) {
	for name, want := range map[string][]netip.Addr{
		"localhost": addrs("127.0.0.1", "::1"), "LocalHost.": addrs("127.0.0.1", "::1"), "api.localhost": addrs("127.0.0.1", "::1"),
		"localhost.example": nil, "notlocalhost": nil,
	} {
		n, c := newNetwork(t, gone)
		l := c.Lookup(context.Background(), []netip.AddrPort{resolver1}, name, Options{})
		if !slices.Equal(l.Addresses, want) || (want != nil) != (len(n.log) == 0) || (want != nil) != (l.Outcome == reason.OK) {
			t.Errorf("%s leads to %v after %d questions: %s", name, l.Addresses, len(n.log), l.Outcome)
		}
		if want != nil && !strings.Contains(l.Detail, "the hosts file is not read") {
			t.Errorf("%s: %q", name, l.Detail)
		}
	}
	_, c := newNetwork(t, gone)
	if l := c.Lookup(context.Background(), nil, "localhost", Options{Families: OnlyIPv6}); !slices.Equal(l.Addresses, addrs("::1")) || len(l.Families) != 1 {
		t.Errorf("%v", l.Addresses)
	}
}
