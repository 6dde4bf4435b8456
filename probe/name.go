package probe

import (
	"context"
	"net/netip"
	"slices"

	"prober/catalog"
	"prober/probe/dns"
	"prober/probe/reason"
)

func (p *Prober) lookup(ctx context.Context, t Target) *dns.Lookup {
	opt := dns.Options{Families: p.cfg.Families, Recheck: t.Canary}
	if t.Canary && t.Product.APIStyle != catalog.StyleNone {
		opt.Canary = canaryName(t.Endpoint.Host, p.cfg.Random)
		opt.Elsewhere = madeUpName(elsewhere(t.Endpoint.Host), p.cfg.Random)
	}
	return p.resolve(ctx, p.cfg.Resolvers, t.Endpoint.Host, opt)
}

// noAddress writes down why there is nothing to connect to.
func (p *Prober) noAddress(t Target, o *Observation) {
	l := o.DNS
	o.Outcome, o.Reason, o.Detail = l.Outcome, l.Reason, l.Detail
	o.Detail += hostsSay(p.cfg.HostsFile, t.Endpoint.Host)
	o.Reproduce = p.reproduceLookup(t, l)
	o.Addresses = []AddressResult{}
	if o.Outcome == reason.OK || o.Outcome == reason.Degraded { // a lookup without addresses is neither
		o.Outcome, o.Reason = reason.Unknown, reason.ProberInternal
		o.Detail = "the lookup of " + t.Endpoint.Host + " gave no address and no reason"
	}
}

// nameFindings are all that is wrong with a name, the verdict of the lookup first.
func (p *Prober) nameFindings(t Target, l *dns.Lookup) []reason.Finding {
	var out []reason.Finding
	add := func(f reason.Finding, reproduce string) {
		known := slices.ContainsFunc(out, func(other reason.Finding) bool { return other.Reason == f.Reason })
		if !known && !f.OK() && f.Reason.Outcome() != reason.Unknown {
			f.Reproduce = reproduce
			out = append(out, f)
		}
	}
	add(l.Reason.Found(l.Detail), p.reproduceLookup(t, l))
	for _, f := range l.Families {
		switch f.Reason {
		case reason.None, reason.ResolveNoData: // which one family alone may have
		default:
			add(f.Reason.Found(f.Detail), p.dig(f.Resolver, l.Host, f.Type.String()))
		}
	}
	if f := l.Hijacked(); !f.OK() {
		add(f, p.dig(l.Canary.Resolver, l.Canary.Name, l.Canary.Type.String()))
	}
	return out
}

// unprobed are the findings about addresses that were too many to be probed: where they lead
// can be told without.
func (p *Prober) unprobed(t Target, all, probed []netip.Addr) []reason.Finding {
	var out []reason.Finding
	for _, a := range all {
		if slices.Contains(probed, a) {
			continue
		}
		if why := p.cfg.Guard.Answer(a, t.Endpoint.Network); why != reason.None {
			out = append(out, reason.Finding{
				Reason: why, Detail: "the name leads to " + a.String(), Reproduce: p.dig(netip.AddrPort{}, t.Endpoint.Host, typeOf(a)),
			})
		}
	}
	return out
}
