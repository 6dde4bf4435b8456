package probe

import (
	"context"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"prober/limit"
	"prober/probe/dns"
	"prober/probe/reason"
)

// A name about which resolvers are silent takes a timeout for each of them, and a part of one: the
// control questions are asked meanwhile, and one about the name itself is not waited for. Where the
// resolvers are silent about everything it takes the timeout in which the lookup found that.
func TestSilentNameTakesThreeTimeouts(t *testing.T) {
	const host, timeout, moment = "api.shop.example", 5 * time.Second, time.Millisecond
	for name, tt := range map[string]struct {
		allSilent bool
		resolvers int
		lookup    time.Duration
		most      time.Duration
		want      reason.Reason
	}{
		"of one name":                  {false, 2, 2 * timeout, 2*timeout + timeout/limit.AgainShare, reason.ResolveTimeout},
		"of one name, at one resolver": {false, 1, timeout, timeout + timeout/limit.AgainShare, reason.ResolveTimeout},
		"about all names":              {true, 2, 3*timeout + moment, 3*timeout + moment, reason.ProberResolverUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				silence := func(ctx context.Context, d time.Duration) {
					select {
					case <-time.After(d):
					case <-ctx.Done():
					}
				}
				resolvers := []netip.AddrPort{netip.MustParseAddrPort("192.0.2.1:53"), netip.MustParseAddrPort("192.0.2.2:53")}[:tt.resolvers]
				looked := 0
				p := New(Config{
					Timeout: timeout, Resolvers: resolvers,
					DNS: func(ctx context.Context, _ []netip.AddrPort, name string, _ dns.Options) *dns.Lookup {
						if looked++; looked == 1 {
							silence(ctx, tt.lookup)
						} else {
							silence(ctx, timeout)
						}
						l := &dns.Lookup{Host: name, Resolver: resolvers[0], Outcome: reason.Fail, Reason: reason.ResolveTimeout}
						if tt.allSilent {
							l.Outcome, l.Reason = reason.Unknown, reason.ProberResolverUnavailable
							l.Doubt = &dns.FamilyVerdict{Resolver: resolvers[0], Reason: reason.ResolveTimeout}
						}
						return l
					},
					Ask: func(ctx context.Context, resolver netip.AddrPort, name string, kind dns.Type) dns.Answer {
						a := dns.Answer{Resolver: resolver, Name: name, Type: kind}
						switch {
						case tt.allSilent || name == host:
							if a.Reason = reason.ResolveTimeout; ctx.Err() == nil {
								silence(ctx, timeout)
							}
						case name == here || name == there:
							a.RCode, a.Addresses = "NOERROR", []netip.Addr{netip.MustParseAddr("203.0.113.1")}
						case kind == dns.SOA:
							a.RCode = "NOERROR"
						default:
							a.RCode, a.Reason = "NXDOMAIN", reason.ResolveNXDomain
						}
						return a
					},
				})
				p.Among([]string{host})
				began := time.Now()
				l := p.resolve(t.Context(), resolvers, host, dns.Options{})
				if took := time.Since(began); l.Reason != tt.want || took > tt.most {
					t.Errorf("%s after %s, want %s within %s: %s", l.Reason, took, tt.want, tt.most, l.Detail)
				}
			})
		})
	}
}
