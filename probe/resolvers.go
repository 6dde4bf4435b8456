package probe

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"prober/probe/dns"
	"prober/probe/reason"
)

// lateResolver is how long the other resolvers may lag behind a probe that is done: a dead
// one beside a good one must not hold it up.
const lateResolver = 250 * time.Millisecond

// otherResolvers asks every resolver but the first for the endpoint as well, and returns a
// function that gives the first complaint among their verdicts, nil if there is none. What
// a resolver leaves undecided, or has not answered in time, is no complaint. The asking ends
// with ctx.
func (p *Prober) otherResolvers(ctx context.Context, t Target) func() *dns.Lookup {
	if len(p.cfg.Resolvers) < 2 {
		return func() *dns.Lookup { return nil }
	}
	others := p.cfg.Resolvers[1:]
	verdicts := make([]chan *dns.Lookup, len(others))
	for i, r := range others {
		verdicts[i] = make(chan *dns.Lookup, 1)
		go func() {
			verdicts[i] <- p.cfg.DNS(ctx, []netip.AddrPort{r}, t.Endpoint.Host, dns.Options{Families: p.cfg.Families})
		}()
	}
	return func() (complaint *dns.Lookup) {
		late, stop := context.WithTimeout(ctx, lateResolver)
		defer stop()
		for _, verdict := range verdicts {
			select {
			case l := <-verdict:
				if complaint == nil && l.Outcome == reason.Fail {
					complaint = l
				}
			case <-late.Done():
			}
		}
		return complaint
	}
}

// contradict writes down that another resolver does not lead to an endpoint that the first
// one leads to. That degrades an endpoint with which nothing else is wrong.
func (p *Prober) contradict(t Target, o *Observation, l *dns.Lookup) {
	o.Contradiction = l
	if l == nil || o.Outcome != reason.OK {
		return
	}
	o.Outcome, o.Reason, o.Blame = reason.Degraded, l.Reason, l.Blame
	o.Detail = fmt.Sprintf("resolver %s, unlike the first: %s", l.Resolver, l.Detail)
	o.Reproduce = p.reproduceLookup(t, l)
}
