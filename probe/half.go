package probe

import (
	"context"
	"net/netip"
	"slices"
	"sync"
	"time"

	"prober/limit"
	"prober/probe/dns"
	"prober/probe/reason"
)

// half judges a lookup that found addresses of one family only, for the resolver failed for the other
// as one fails that is cut off from the world, or that the network loses questions to. Where control
// questions do not show that it is in order, that says nothing about the name.
func (p *Prober) half(ctx context.Context, since time.Time, host string, opt dns.Options, l *dns.Lookup) *dns.Lookup {
	if p.cfg.Ask == nil || l.Outcome != reason.Degraded || l.Reason != reason.ResolveTimeout && l.Reason != reason.ResolveServFail {
		return l
	}
	i := slices.IndexFunc(l.Families, func(f dns.FamilyVerdict) bool { return f.Reason == l.Reason && f.Resolver.IsValid() })
	if i < 0 {
		return l
	}
	resolver := l.Families[i].Resolver
	var asked [2][]control
	var again *dns.Lookup
	var all sync.WaitGroup
	all.Go(func() { asked[0] = p.askControls(ctx, since, resolver, "") })
	all.Go(func() { asked[1] = p.askControls(ctx, since, resolver, ZoneOf(host)) })
	if l.Reason == reason.ResolveTimeout {
		all.Go(func() {
			ctx, stop := context.WithTimeout(ctx, p.cfg.Timeout/limit.AgainShare)
			defer stop()
			again = p.cfg.DNS(ctx, []netip.AddrPort{resolver}, host, dns.Options{Families: opt.Families})
		})
	}
	all.Wait()
	if again != nil && again.Outcome == reason.OK {
		again.Canary, again.Elsewhere = l.Canary, l.Elsewhere
		return l.Then(again)
	}
	e := evidence{host, l.Reason, slices.Concat(asked[0], asked[1])}
	if e.tells() {
		return l
	}
	why := "the probe was cut short before control questions showed whether the resolver is in order"
	if ctx.Err() == nil && len(e.asked) > 0 {
		why = e.unable()
	}
	l.Families[i].Reason = reason.ProberResolverUnavailable
	l.Outcome, l.Reason, l.Detail = reason.OK, reason.None, "undecided: "+l.Detail+"; "+why
	return l
}
