package monitor

import (
	"net/netip"
	"testing"
	"time"

	"prober/monitor/fixture"
	"prober/needs"
	"prober/probe/dns"
	"prober/probe/reason"
)

// A resolver that has lost its way out and still says what it remembers: that is used, and the rest is
// unknown. Nothing counts.
func TestUnboundRemembers(t *testing.T) {
	needs.Patience(t, "waits for a resolver that finds out that it has no way out")
	program := needs.Program(t, "unbound")
	g := fixture.NewGround(t)
	for _, s := range []struct {
		name        string
		known       string // product whose names it remembers; *: all
		ok, unknown int
	}{
		{"all names", "*", 6, 1},
		{"those of one provider", "gaap", 2, 5},
	} {
		t.Run(s.name, func(t *testing.T) {
			at := unboundBefore(t, program, g.Cloud.Resolvers()[0], "server:\n  serve-expired: yes\n  cache-max-ttl: 60\n")
			g.Heal(t)
			client := &dns.Client{Timeout: time.Minute}
			for _, x := range g.Targets {
				if s.known == "*" || s.known == x.Endpoint.Product {
					client.Query(t.Context(), at, x.Endpoint.Host, dns.A)
				}
			}
			g.Break(t, "ecs/us-east-1/public=resolver_unavailable_refused")
			r := newPlay(t, g, scenario{}, []netip.AddrPort{at}, nil)
			r.round(t, 0)
			if got := r.now(); got[reason.OK] != s.ok || got[reason.Unknown] != s.unknown || r.failed() > 0 {
				t.Errorf("want %d ok and %d unknown, and nothing counted:\n%s", s.ok, s.unknown, r)
			}
		})
	}
}
