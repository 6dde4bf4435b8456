package kit

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"github.com/onsi/gomega/types"

	"prober/probe/command"
	"prober/probe/dns"
	"prober/probe/reason"
)

func (l Lookup) host() string { return l.Endpoint.Host }

// decided says why a lookup came to no verdict.
func (l Lookup) decided() error {
	if l.DNS == nil || l.DNS.Outcome == reason.Unknown {
		return unobserved(l.Observation)
	}
	return nil
}

// contested says why a name without addresses need not be the endpoint's fault: only one
// family was asked about, or the first resolver denies what another one leads to, and which of
// them is wrong cannot be told.
func (l Lookup) contested() error {
	if err := undemandedFamily(l.Observation); err != nil {
		return err
	}
	v, found := l.Contradiction()
	if found && l.DNS != nil && len(l.DNS.Addresses) == 0 {
		return cannotTell("resolver %s says %s, and %s leads to %v", l.DNS.Resolver, l.DNS.Reason, v.Resolver, v.Addresses)
	}
	return nil
}

// leads says why there are no addresses to judge.
func (l Lookup) leads() error {
	if err := undemandedFamily(l.Observation); err != nil {
		return err
	}
	if l.DNS == nil || len(l.DNS.Addresses) == 0 {
		return cannotTell("the name has no address: %s", l.Reason)
	}
	if l.DNS.Outcome == reason.Unknown {
		return unobserved(l.Observation)
	}
	return nil
}

// dig asks a resolver again; that of the lookup where none is given.
func (l Lookup) dig(resolver netip.AddrPort, name string, kind dns.Type) string {
	if !resolver.IsValid() {
		resolver = l.DNS.Resolver
	}
	return command.Dig(resolver, name, kind.String())
}

// BeResolved succeeds for a name that leads to addresses.
func BeResolved() types.GomegaMatcher {
	return matcher(Lookup.host, "be resolved", func(l Lookup, s *seen) error {
		if err := cmp.Or(l.decided(), l.contested()); err != nil {
			return err
		}
		s.Reason, s.Reproduce = l.Reason, l.Reproduce
		s.addf("%s %s: %s", l.Outcome, l.Reason, l.Detail)
		s.show(l.Reproduce)
		s.fits = len(l.DNS.Addresses) > 0
		return nil
	})
}

// ResolveInBothFamilies succeeds for a name about which the questions for A and AAAA records
// both came to an answer, which may be that there is none.
func ResolveInBothFamilies() types.GomegaMatcher {
	return matcher(Lookup.host, "be answered for both address families", func(l Lookup, s *seen) error {
		if err := l.leads(); err != nil {
			return err
		}
		for _, f := range l.DNS.Families {
			if f.Reason.Outcome() == reason.Unknown {
				return cannotTell("%s: %s: %s", f.Type, f.Reason, f.Detail)
			}
		}
		if len(l.DNS.Families) < 2 {
			return NotApplicable("only one address family was asked about")
		}
		s.fits = true
		for _, f := range l.DNS.Families {
			if s.fits && f.Reason != reason.None && f.Reason != reason.ResolveNoData {
				s.found(located{f.Type.String() + ":", reason.Finding{Reason: f.Reason, Detail: f.Detail, Reproduce: l.dig(f.Resolver, l.host(), f.Type)}})
				s.fits = false
			}
		}
		return nil
	})
}

// ResolveAlike succeeds for a name about which no resolver contradicts the first.
func ResolveAlike() types.GomegaMatcher {
	return matcher(Lookup.host, "be answered alike by every resolver", func(l Lookup, s *seen) error {
		if err := l.decided(); err != nil {
			return err
		}
		s.addf("%s says %s %v", l.DNS.Resolver, l.DNS.RCode, l.DNS.Addresses)
		v, found := l.Contradiction()
		if !found {
			s.addf("as do all others")
			s.fits = true
			return l.compared()
		}
		said := v.Reason.String() + ": " + v.Detail
		if v.Reason == reason.None {
			said = "that there are addresses"
		}
		s.addf("%s says %s", v.Resolver, said)
		s.Reason = cmp.Or(v.Reason, l.Reason) // the first resolver is the one that denies where the other finds nothing wrong
		s.Reproduce = l.dig(l.DNS.Resolver, l.host(), dns.A) + " ; " + l.dig(v.Resolver, l.host(), dns.A)
		s.show(s.Reproduce)
		return nil
	})
}

// compared says which resolver did not tell, or that there is no other than the first.
func (l Lookup) compared() error {
	for _, v := range l.Resolvers {
		if v.Outcome == reason.Unknown {
			return cannotTell("resolver %s did not tell: %s: %s", v.Resolver, v.Reason, v.Detail)
		}
	}
	if len(l.Resolvers) == 0 {
		return NotApplicable("only one resolver was asked")
	}
	return nil
}

// NotResolveBeside succeeds for a name beside which another one, which cannot exist, has no
// address.
func NotResolveBeside() types.GomegaMatcher {
	servers := func(Lookup) string { return "the name servers" }
	return matcher(servers, "deny ", func(l Lookup, s *seen) error {
		if err := l.leads(); err != nil {
			return err
		}
		c := l.DNS.Canary
		switch {
		case l.DNS.Wildcard():
			return NotApplicable("the zone has a wildcard: names beside it exist")
		case c == nil:
			return cannotTell("no name beside it was asked about")
		case c.Reason != reason.None && c.Reason != reason.ResolveNXDomain && c.Reason != reason.ResolveNoData:
			return cannotTell("the question about %s: %s: %s", c.Name, c.Reason, c.Detail)
		}
		s.object = c.Name + ", which does not exist"
		s.Reason, s.Reproduce = reason.ResolveHijacked, l.dig(c.Resolver, c.Name, c.Type)
		s.addf("%s gave %s", c.Resolver, c.Addresses)
		s.fits = len(c.Addresses) == 0
		return nil
	})
}

// HaveTTLBetween succeeds for a name whose records may be kept at least and at most so long,
// each of them.
func HaveTTLBetween(least, most time.Duration) types.GomegaMatcher {
	records := func(l Lookup) string { return "the records of " + l.host() }
	return matcher(records, "have a TTL from "+least.String()+" to "+most.String(), func(l Lookup, s *seen) error {
		if err := l.leads(); err != nil {
			return err
		}
		shortest, longest := l.DNS.MinTTL.Duration(), l.DNS.MaxTTL.Duration()
		s.addf("they have from %s to %s", shortest, longest)
		kept := longest
		if shortest < least {
			kept = shortest
		}
		s.Reproduce = l.dig(l.DNS.Resolver, l.host(), l.typeWithTTL(kept))
		s.fits = least <= shortest && longest <= most
		return nil
	})
}

// typeWithTTL is the type of question that brought a record of a lifetime.
func (l Lookup) typeWithTTL(ttl time.Duration) dns.Type {
	for _, q := range l.DNS.Queries {
		if q.Reason == reason.None && q.Type == dns.AAAA && (q.MinTTL == ttl || q.MaxTTL == ttl) {
			return dns.AAAA
		}
	}
	return dns.A
}

// LeadToNothing succeeds for a name that leads to no address with one of the given findings,
// by whatever resolver.
func LeadToNothing(what string, reasons ...reason.Reason) types.GomegaMatcher {
	return showingNothing(what, Lookup.leads, Lookup.found, reasons)
}

// HaveSaneAliases succeeds for a name whose chain of aliases comes to an end with addresses.
func HaveSaneAliases() types.GomegaMatcher {
	aliases := []reason.Reason{reason.ResolveCNAMELoop, reason.ResolveCNAMEDangling, reason.ResolveCNAMETooLong}
	return showingNothing("wrong with the aliases", func(l Lookup) error {
		if err := l.decided(); err != nil {
			return err
		}
		if slices.Contains(aliases, l.DNS.Reason) {
			return l.contested()
		}
		return l.leads()
	}, Lookup.found, aliases)
}

// found are all findings about a name: its own, those of other resolvers, and those of the
// addresses that it leads to.
func (l Lookup) found() []located {
	out := locate(l.host(), l.Findings)
	for _, v := range l.Resolvers {
		if v.Outcome == reason.Fail {
			out = append(out, located{"resolver " + v.Resolver.String(), reason.Finding{Reason: v.Reason, Detail: v.Detail, Reproduce: v.Reproduce}})
		}
	}
	for _, a := range l.Addresses {
		out = append(out, locate(a.Address.String(), a.Findings)...)
	}
	return out
}
