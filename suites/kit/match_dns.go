package kit

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/onsi/gomega/gcustom"
	"github.com/onsi/gomega/types"

	"prober/probe"
	"prober/probe/command"
	"prober/probe/dns"
	"prober/probe/reason"
)

// BeResolved succeeds for an observation whose name led to addresses.
func BeResolved() types.GomegaMatcher {
	return because(gcustom.MakeMatcher(func(o probe.Observation) (bool, error) {
		return o.DNS != nil && len(o.DNS.Addresses) > 0, nil
	}).WithTemplate("expected {{.Actual.Endpoint.Host}} {{.To}} be resolved\n{{.Data.Seen .Actual}}", resolvedData{}),
		func(o probe.Observation) Cause { return Cause{Reason: o.Reason, Reproduce: o.Reproduce} })
}

type resolvedData struct{}

// Seen shows what the lookup came to.
func (resolvedData) Seen(o probe.Observation) string {
	text := fmt.Sprintf("  %s %s: %s", o.Outcome, o.Reason, o.Detail)
	if o.Reproduce != "" {
		text += "\n  $ " + o.Reproduce
	}
	return text
}

// ResolveInBothFamilies succeeds for an observation whose lookups of A and AAAA records both
// came to an answer, which may be that there is none.
func ResolveInBothFamilies() types.GomegaMatcher {
	return because(gcustom.MakeMatcher(func(o probe.Observation) (bool, error) {
		_, found := unanswered(o)
		return !found, nil
	}).WithTemplate("expected {{.Actual.Endpoint.Host}} {{.To}} be answered for both address families\n{{.Data.Seen .Actual}}", bothFamilies{}),
		func(o probe.Observation) Cause {
			f, _ := unanswered(o)
			return Cause{Reason: f.Reason, Reproduce: dig(o, f.Resolver, o.Endpoint.Host, f.Type)}
		})
}

type bothFamilies struct{}

// Seen shows the family without an answer.
func (bothFamilies) Seen(o probe.Observation) string {
	f, found := unanswered(o)
	if !found {
		return "  both are"
	}
	return fmt.Sprintf("  %s: %s: %s\n  $ %s", f.Type, f.Reason, f.Detail, dig(o, f.Resolver, o.Endpoint.Host, f.Type))
}

// unanswered returns the first family whose question failed.
func unanswered(o probe.Observation) (dns.FamilyVerdict, bool) {
	if o.DNS == nil {
		return dns.FamilyVerdict{}, false
	}
	for _, f := range o.DNS.Families {
		if f.Reason != reason.None && f.Reason != reason.ResolveNoData && f.Reason.Outcome() != reason.Unknown {
			return f, true
		}
	}
	return dns.FamilyVerdict{}, false
}

// dig asks a resolver again; that of the lookup where none is given.
func dig(o probe.Observation, resolver netip.AddrPort, name string, kind dns.Type) string {
	if !resolver.IsValid() {
		resolver = o.DNS.Resolver
	}
	return command.Dig(resolver, name, kind.String())
}

// ResolveAlike succeeds for an observation in which no resolver contradicts the first.
func ResolveAlike() types.GomegaMatcher {
	return because(gcustom.MakeMatcher(func(o probe.Observation) (bool, error) {
		_, found := o.Contradiction()
		return !found, nil
	}).WithTemplate("expected {{.Actual.Endpoint.Host}} {{.To}} be answered alike by every resolver\n{{.Data.Seen .Actual}}", alike{}),
		func(o probe.Observation) Cause {
			v, _ := o.Contradiction()
			return Cause{Reason: v.Reason, Reproduce: alike{}.commands(o, v)}
		})
}

type alike struct{}

// Seen shows what the first resolver says, and what the one says that contradicts it.
func (a alike) Seen(o probe.Observation) string {
	text := "  "
	if o.DNS != nil {
		text += fmt.Sprintf("%s says %s %v", o.DNS.Resolver, o.DNS.RCode, o.DNS.Addresses)
	}
	v, found := o.Contradiction()
	if !found {
		return text + ", as do all others"
	}
	said := v.Reason.String() + ": " + v.Detail
	if v.Reason == reason.None {
		said = "that there are addresses"
	}
	return text + fmt.Sprintf("\n  %s says %s\n  $ %s", v.Resolver, said, a.commands(o, v))
}

// commands ask both resolvers.
func (alike) commands(o probe.Observation, v probe.ResolverVerdict) string {
	return dig(o, netip.AddrPort{}, o.Endpoint.Host, dns.A) + " ; " + command.Dig(v.Resolver, o.Endpoint.Host, dns.A.String())
}

// NotResolveBeside succeeds for an observation in which the name beside the host, which
// cannot exist, has no address.
func NotResolveBeside() types.GomegaMatcher {
	return because(gcustom.MakeMatcher(func(o probe.Observation) (bool, error) {
		if o.DNS == nil || o.DNS.Canary == nil {
			return false, fmt.Errorf("%s: no name beside it was asked about", o.Endpoint.ID)
		}
		return len(o.DNS.Canary.Addresses) == 0, nil
	}).WithTemplate("expected the name servers {{.To}} deny {{.Actual.DNS.Canary.Name}}, which does not exist\n  {{.Actual.DNS.Canary.Resolver}} gave {{.Actual.DNS.Canary.Addresses}}"),
		func(o probe.Observation) Cause {
			return Cause{Reason: reason.ResolveHijacked, Reproduce: dig(o, o.DNS.Canary.Resolver, o.DNS.Canary.Name, o.DNS.Canary.Type)}
		})
}

// HaveTTLBetween succeeds for an observation whose records may be kept at least and at most
// so long, each of them.
func HaveTTLBetween(least, most time.Duration) types.GomegaMatcher {
	return because(gcustom.MakeMatcher(func(o probe.Observation) (bool, error) {
		if o.DNS == nil || len(o.DNS.Addresses) == 0 {
			return false, fmt.Errorf("%s has no records", o.Endpoint.ID)
		}
		return least <= o.DNS.MinTTL.Duration() && o.DNS.MaxTTL.Duration() <= most, nil
	}).WithTemplate("expected the records of {{.Actual.Endpoint.Host}} {{.To}} have a TTL from {{.Data.Least}} to {{.Data.Most}}\n"+
		"  they have from {{.Actual.DNS.MinTTL}} to {{.Actual.DNS.MaxTTL}}",
		struct{ Least, Most time.Duration }{least, most}), func(o probe.Observation) Cause {
		if o.DNS == nil {
			return Cause{}
		}
		ttl := o.DNS.MaxTTL.Duration()
		if o.DNS.MinTTL.Duration() < least {
			ttl = o.DNS.MinTTL.Duration()
		}
		return Cause{Reproduce: dig(o, netip.AddrPort{}, o.Endpoint.Host, typeWithTTL(o, ttl))}
	})
}

// typeWithTTL is the type of question that brought a record of a lifetime.
func typeWithTTL(o probe.Observation, ttl time.Duration) dns.Type {
	for _, q := range o.DNS.Queries {
		if q.Reason == reason.None && q.Type == dns.AAAA && (q.MinTTL == ttl || q.MaxTTL == ttl) {
			return dns.AAAA
		}
	}
	return dns.A
}
