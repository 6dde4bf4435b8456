package probe

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"

	"prober/catalog"
	"prober/probe/dns"
	"prober/probe/reason"
)

// TestEachResolver gives each of three resolvers an answer of its own.
func TestEachResolver(t *testing.T) {
	resolvers := []netip.AddrPort{
		netip.MustParseAddrPort("192.0.2.1:53"), netip.MustParseAddrPort("192.0.2.2:53"), netip.MustParseAddrPort("192.0.2.3:53"),
	}
	addr := serve(t, replying(okReply))
	const fine = reason.None
	for _, tt := range []struct {
		name    string
		each    bool
		answers [3]reason.Reason // None: the address
		outcome reason.Outcome
		why     reason.Reason

		contradicted bool
	}{
		{"all agree", true, [3]reason.Reason{}, reason.OK, reason.None, false},
		{"the second denies it", true, [3]reason.Reason{fine, reason.ResolveNXDomain, fine}, reason.Degraded, reason.ResolveNXDomain, true},
		{"the third fails", true, [3]reason.Reason{fine, fine, reason.ResolveServFail}, reason.Degraded, reason.ResolveServFail, true},
		{"the second cannot be used", true, [3]reason.Reason{fine, reason.ProberResolverUnavailable, fine}, reason.OK, reason.None, false},
		{"the first denies it", true, [3]reason.Reason{reason.ResolveNXDomain, fine, fine}, reason.Unknown, reason.ProberResolversDisagree, true},
		{"all deny it", true, [3]reason.Reason{reason.ResolveNXDomain, reason.ResolveNXDomain, reason.ResolveNXDomain}, reason.Fail, reason.ResolveNXDomain, false},
		{"not asked", false, [3]reason.Reason{fine, reason.ResolveNXDomain, fine}, reason.OK, reason.None, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := onLoopback(newPKI())
			cfg.Resolvers = resolvers
			var mu sync.Mutex
			asked := 0
			cfg.DNS = func(ctx context.Context, list []netip.AddrPort, host string, opt dns.Options) *dns.Lookup {
				mu.Lock()
				asked++
				mu.Unlock()
				why := tt.answers[slices.Index(resolvers, list[0])]
				l := answering("127.0.0.1")(ctx, list, host, opt)
				if why != fine {
					l = failing(why)(ctx, list, host, opt)
				}
				l.Resolver = list[0]
				return l
			}
			tg := target(goodHost, catalog.HTTP, addr.Port())
			tg.EachResolver = tt.each
			o := New(cfg).Probe(t.Context(), tg)
			want(t, o, tt.outcome, tt.why)
			mu.Lock()
			defer mu.Unlock()
			if wanted := map[bool]int{true: 3, false: 1}[tt.each]; asked != wanted {
				t.Errorf("%d lookups, want %d", asked, wanted)
			}
			if tt.each != (len(o.Resolvers) == 2) {
				t.Errorf("%d verdicts of other resolvers", len(o.Resolvers))
			}
			if _, found := o.Contradiction(); found != tt.contradicted {
				t.Errorf("contradicted: %t", found)
			}
			if tt.outcome == reason.Unknown && !strings.Contains(o.Detail, "192.0.2.2:53, unlike the first, leads to") {
				t.Errorf("detail %q", o.Detail)
			}
			if tt.outcome == reason.Degraded {
				at := resolvers[slices.Index(tt.answers[:], tt.why)]
				if !strings.Contains(o.Detail, at.String()) || !strings.HasPrefix(o.Reproduce, "dig @"+at.Addr().String()) {
					t.Errorf("detail %q, reproduce %q", o.Detail, o.Reproduce)
				}
			}
		})
	}
}

// TestMisleadingResolver: a second resolver that leads to a metadata service contradicts the
// first.
func TestMisleadingResolver(t *testing.T) {
	cfg := onLoopback(newPKI())
	cfg.Resolvers = []netip.AddrPort{netip.MustParseAddrPort("192.0.2.1:53"), netip.MustParseAddrPort("192.0.2.2:53")}
	cfg.DNS = func(ctx context.Context, list []netip.AddrPort, host string, opt dns.Options) *dns.Lookup {
		if list[0] == cfg.Resolvers[1] {
			return answering("127.0.0.1", "169.254.169.254")(ctx, list, host, opt)
		}
		return answering("127.0.0.1")(ctx, list, host, opt)
	}
	tg := target(goodHost, catalog.HTTP, serve(t, replying(okReply)).Port())
	tg.EachResolver = true
	o := New(cfg).Probe(t.Context(), tg)
	want(t, o, reason.Degraded, reason.ResolveBogon)
	if v, found := o.Contradiction(); !found || !strings.HasPrefix(v.Reproduce, "dig @192.0.2.2 ") || len(v.Addresses) != 2 {
		t.Errorf("contradiction %t: %+v", found, v)
	}
}
