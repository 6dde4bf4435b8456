package probe

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"prober/probe/command"
	"prober/probe/dns"
	"prober/probe/reason"
)

// ResolverVerdict is what a resolver other than the first makes of an endpoint's name.
type ResolverVerdict struct {
	Resolver  netip.AddrPort `json:"resolver"`
	Outcome   reason.Outcome `json:"outcome"` // OK or Degraded where it leads to addresses; Unknown where it did not answer in time
	Reason    reason.Reason  `json:"-"`
	Detail    string         `json:"detail"`
	Addresses []netip.Addr   `json:"-"`
	Reproduce string         `json:"reproduce"` // a command line that asks it
}

// lateResolver is how long the other resolvers may lag behind a probe that is done: a dead
// one beside a good one must not hold it up. Who gives answers more time than is usual, because the
// machine or the way is slow, gives them more of that too.
func (p *Prober) lateResolver() time.Duration {
	return max(250*time.Millisecond, p.cfg.Timeout/20)
}

// otherResolvers asks every resolver but the first for the endpoint as well, and returns a
// function that gives their verdicts, in the order of the resolvers. What has not come by
// then is Unknown. The asking ends with ctx.
func (p *Prober) otherResolvers(ctx context.Context, t Target) func() []ResolverVerdict {
	if len(p.cfg.Resolvers) < 2 {
		return func() []ResolverVerdict { return nil }
	}
	others := p.cfg.Resolvers[1:]
	lookups := make([]chan *dns.Lookup, len(others))
	for i, r := range others {
		lookups[i] = make(chan *dns.Lookup, 1)
		go func() {
			lookups[i] <- p.resolve(ctx, []netip.AddrPort{r}, t.Endpoint.Host, dns.Options{Families: p.cfg.Families})
		}()
	}
	return func() []ResolverVerdict {
		late, stop := context.WithTimeout(ctx, p.lateResolver())
		defer stop()
		verdicts := make([]ResolverVerdict, len(others))
		for i, r := range others {
			v := &verdicts[i]
			*v = ResolverVerdict{Resolver: r, Outcome: reason.Unknown, Reason: reason.ProberResolverUnavailable, Detail: "no answer in time"}
			select {
			case l := <-lookups[i]:
				v.Outcome, v.Reason, v.Detail, v.Addresses, v.Reproduce = l.Outcome, l.Reason, p.redact(l.Detail), l.Addresses, p.reproduceLookup(t, l)
			case <-late.Done():
			}
		}
		return verdicts
	}
}

// misled turns the verdict of a resolver that leads somewhere an endpoint of its network
// cannot be into a failure, unless the first resolver leads there too.
func (p *Prober) misled(t Target, v *ResolverVerdict, first []netip.Addr) {
	for _, a := range v.Addresses {
		if why := p.cfg.Guard.Answer(a, t.Endpoint.Network); why != reason.None && !slices.Contains(first, a) {
			v.Outcome, v.Reason, v.Detail = reason.Fail, why, "it leads to "+a.String()
			v.Reproduce = command.Dig(v.Resolver, t.Endpoint.Host, typeOf(a))
			return
		}
	}
}

// contradict writes down what the other resolvers say. One that does not lead to an endpoint
// which the first one leads to degrades it, if nothing else is wrong; one that does lead to
// an endpoint which the first one denies is worth a word.
func (p *Prober) contradict(t Target, o *Observation, verdicts []ResolverVerdict) {
	for i := range verdicts {
		p.misled(t, &verdicts[i], o.DNS.Addresses)
	}
	o.Resolvers = verdicts
	v, ok := o.Contradiction()
	switch {
	case !ok:
	case v.Outcome != reason.Fail:
		o.Outcome, o.Reason = reason.Unknown, reason.ProberResolversDisagree
		o.Detail += fmt.Sprintf("; resolver %s, unlike the first, leads to addresses, so that nothing shows which of them is right", v.Resolver)
	case o.Outcome == reason.OK:
		o.Outcome, o.Reason, o.Reproduce = reason.Degraded, v.Reason, v.Reproduce
		o.Detail = fmt.Sprintf("resolver %s, unlike the first: %s", v.Resolver, v.Detail)
	}
}

// Contradiction returns the first verdict of another resolver that does not fit the first
// resolver's: one of them leads to addresses and the other says that there are none. false
// where no two contradict each other.
func (o *Observation) Contradiction() (ResolverVerdict, bool) {
	leads := o.DNS != nil && len(o.DNS.Addresses) > 0
	denies := o.DNS != nil && o.DNS.Outcome == reason.Fail
	for _, v := range o.Resolvers {
		if leads && v.Outcome == reason.Fail || denies && (v.Outcome == reason.OK || v.Outcome == reason.Degraded) {
			return v, true
		}
	}
	return ResolverVerdict{}, false
}
