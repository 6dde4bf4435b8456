package dns

import (
	"fmt"
	"net/netip"
	"slices"

	"prober/probe/reason"
)

// verdict is what counts of one family.
type verdict struct {
	try *try // nil if no resolver had a part in it
	reason.Finding
}

// result makes the one verdict of everything that was asked.
func (l *lookup) result() *Lookup {
	_, folded, err := wireName(l.host)
	out := &Lookup{
		Host: presentation(folded), Duration: reason.Seconds(l.duration), Queries: l.queries(), Canary: l.canary, Elsewhere: l.elsewhere,
		Uncached: slices.ContainsFunc(l.rechecked, func(a Answer) bool { return a.Reason == reason.None && a.MinTTL == 0 }),
	}
	if err != nil {
		out.Host = l.host
	}
	if len(l.families) == 0 {
		out.conclude(reason.ProberResolverUnavailable, "no resolver is configured")
		return out
	}
	verdicts := make([]verdict, 0, 2)
	out.Families = make([]FamilyVerdict, 0, len(l.families))
	for i := range l.families {
		v := l.verdict(&l.families[i])
		verdicts = append(verdicts, v)
		public := FamilyVerdict{Type: l.families[i].typ, Reason: v.Reason, Detail: v.Detail}
		if v.try != nil {
			public.Resolver = v.try.last().Resolver
		}
		out.Families = append(out.Families, public)
	}
	chosen := out.addAddresses(verdicts)
	if chosen == nil {
		chosen = worst(verdicts)
		why, detail := chosen.Reason, chosen.Detail
		if why == reason.ResolveNoData && len(verdicts) > 1 && chained(verdicts) != nil { // the other family may be all that it leads to
			chosen = chained(verdicts)
			why, detail = reason.ResolveCNAMEDangling, chosen.Detail
		}
		if why == reason.ResolveNoData && len(l.families) == 1 {
			detail += fmt.Sprintf("; only %s was asked for, so that there may be addresses of the other family", l.families[0].typ)
		}
		out.conclude(why, detail)
		if chosen.try != nil && excused(why) && !l.shown(chosen.try, why) {
			out.Outcome = reason.Unknown
			out.Detail += "; neither another resolver nor a server of the zone shows the same, so it does not count against the name"
		}
	} else {
		l.concludeFound(out, verdicts)
	}
	if chosen.try != nil {
		out.cite(chosen.try)
	}
	if first := l.families[0].tries[0]; out.Reason == reason.ProberResolverUnavailable && first.Reason.Phase() == reason.Resolve {
		out.Doubt = &FamilyVerdict{l.families[0].typ, first.Reason, first.Detail, first.last().Resolver}
	}
	return out
}

// verdict picks the try that counts: the last if it is conclusive, else the first resolver
// that gave an answer of its own, else the first that is usable and yet was silent or
// refused.
func (l *lookup) verdict(f *family) verdict {
	switch last := &f.tries[len(f.tries)-1]; {
	case conclusive(last.Reason):
		return verdict{last, last.Finding}
	case ownFault(last.Reason):
		return verdict{nil, last.Finding}
	}
	for i := range f.tries {
		if t := &f.tries[i]; proves(t) {
			return verdict{t, t.Finding}
		}
	}
	for i := range f.tries {
		t := &f.tries[i]
		if t.Reason != reason.ProberResolverUnavailable && l.usable(t.last().Resolver) {
			return verdict{t, t.Finding}
		}
	}
	detail := f.tries[0].Detail
	for i := range l.control {
		if c := &l.control[i]; c.Resolver == f.tries[0].last().Resolver {
			detail += "; control question: " + c.Detail
		}
	}
	if n := len(f.tries); n > 1 {
		detail = fmt.Sprintf("none of %d resolvers is usable; the first: %s", n, detail)
	}
	return verdict{nil, reason.ProberResolverUnavailable.Found(detail)}
}

// excused reports whether a failure is by itself the resolver's, or of something on the way to it,
// and not the name's.
func excused(why reason.Reason) bool {
	return why.Phase() == reason.Resolve && why.Blame() != reason.Target
}

// shown reports whether what a resolver did is what another one does as well, or what a server
// of the zone says.
func (l *lookup) shown(by *try, why reason.Reason) bool {
	if by.last().Authoritative {
		return true
	}
	return slices.ContainsFunc(l.families, func(f family) bool {
		return slices.ContainsFunc(f.tries, func(t try) bool { return t.Reason == why && t.last().Resolver != by.last().Resolver })
	})
}

// addAddresses collects the addresses of all families and returns the first verdict that
// has any, or nil.
func (out *Lookup) addAddresses(verdicts []verdict) *verdict {
	var first *verdict
	for i := range verdicts {
		v := &verdicts[i]
		if v.Reason != reason.None {
			continue
		}
		if least := reason.Seconds(v.try.minTTL); first == nil || least < out.MinTTL {
			out.MinTTL = least
		}
		out.MaxTTL = max(out.MaxTTL, reason.Seconds(v.try.maxTTL))
		out.Authoritative = v.try.authoritative() && (first == nil || out.Authoritative)
		if first == nil {
			first = v
		}
		out.Addresses = appendNew(out.Addresses, v.try.addresses)
		out.TCPFallback = out.TCPFallback || v.try.tcpFallback()
	}
	return first
}

// appendNew appends those of more that are not in list yet.
func appendNew(list, more []netip.Addr) []netip.Addr {
	if list == nil {
		list = make([]netip.Addr, 0, len(more))
	}
	// An answer has a handful; a hostile one over TCP has thousands.
	if len(more) <= 32 {
		for _, a := range more {
			if !slices.Contains(list, a) {
				list = append(list, a)
			}
		}
		return list
	}
	seen := make(map[netip.Addr]bool, len(list)+len(more))
	for _, a := range list {
		seen[a] = true
	}
	for _, a := range more {
		if !seen[a] {
			seen[a] = true
			list = append(list, a)
		}
	}
	return list
}

// concludeFound gives the verdict when there are addresses: what is wrong with the other
// family or with the resolver degrades it, what is the prober's own fault does not.
func (l *lookup) concludeFound(out *Lookup, verdicts []verdict) {
	for i := range verdicts {
		v := &verdicts[i]
		switch {
		case v.Reason == reason.ProberCanceled:
			out.conclude(v.Reason, v.Detail)
			return
		case v.Reason == reason.None || v.Reason == reason.ResolveNoData:
		case v.Reason.Outcome() == reason.Unknown, excused(v.Reason) && !l.shown(v.try, v.Reason):
			out.Detail = "undecided: " + v.Detail
		default:
			out.conclude(v.Reason, v.Detail)
			out.Outcome = reason.Degraded
			return
		}
	}
	if f := out.Hijacked(); !f.OK() {
		out.conclude(f.Reason, f.Detail)
		return
	}
	if longest := overlong(verdicts); longest != nil {
		out.conclude(reason.ResolveCNAMETooLong, fmt.Sprintf("%s leads %s to its addresses through a chain of %d CNAMEs, and some resolvers follow no more than %d",
			longest.last().Resolver, out.Host, len(longest.chain), MaxChain))
		out.Outcome = reason.Degraded
		return
	}
	out.Outcome = reason.OK
	for i := range verdicts {
		if t := verdicts[i].try; t != nil && out.Detail == "" && slices.ContainsFunc(t.answers, func(a Answer) bool { return a.PlainRetry && a.Retransmitted }) {
			out.Detail = fmt.Sprintf("%s was silent to the question with EDNS (RFC 6891) and answered the one without, when both were sent: something drops the one, or packets get lost", t.last().Resolver)
		}
	}
}

// Hijacked is the finding that the canary, which must not exist, has an address, and so has the
// name elsewhere, where one was asked about; the zero Finding where they have none.
func (out *Lookup) Hijacked() reason.Finding {
	c := out.Canary
	if !leads(c) || out.Elsewhere != nil && !leads(out.Elsewhere) {
		return reason.Finding{}
	}
	return reason.ResolveHijacked.Found(fmt.Sprintf("%s gave %s for %s, which does not exist", c.Resolver, c.Addresses[0], c.Name))
}

// Wildcard reports whether the canary exists because its zone has a wildcard: the resolver invents
// no name elsewhere.
func (out *Lookup) Wildcard() bool {
	return leads(out.Canary) && out.Elsewhere != nil && !leads(out.Elsewhere)
}

func leads(a *Answer) bool { return a != nil && a.Reason == reason.None && len(a.Addresses) > 0 }

// conclude sets a verdict with the outcome that its reason has.
func (out *Lookup) conclude(why reason.Reason, detail string) {
	out.Outcome, out.Reason, out.Detail = why.Outcome(), why, detail
}

// cite shows where the verdict comes from.
func (out *Lookup) cite(t *try) {
	out.Resolver = t.last().Resolver
	out.RCode = t.last().RCode
	if len(t.chain) > 0 {
		out.CNAME = make([]string, 0, len(t.chain))
	}
	for _, c := range t.chain {
		out.CNAME = append(out.CNAME, c.Target)
	}
	if len(out.Addresses) == 0 {
		out.TCPFallback = t.tcpFallback()
	}
}

// worst returns the verdict that decides when no family has an address.
func worst(verdicts []verdict) *verdict {
	w := &verdicts[0]
	for i := range verdicts {
		if outweighs(verdicts[i].Reason, w.Reason) {
			w = &verdicts[i]
		}
	}
	return w
}

// outweighs reports whether the verdict on one family says more about the name than that on
// another: first what holds for the name in all families, then what could not be told, since
// that family may be all that the name leads to; last what one family alone may lack, and
// between them the worse outcome.
func outweighs(a, b reason.Reason) bool {
	switch lacks := a == reason.ResolveNoData; {
	case aboutName(a) != aboutName(b):
		return aboutName(a)
	case lacks != (b == reason.ResolveNoData):
		return !lacks
	case (a.Outcome() == reason.Unknown) != (b.Outcome() == reason.Unknown):
		return a.Outcome() == reason.Unknown
	}
	return a.Outcome().Worse(b.Outcome())
}

// chained returns the first verdict whose answer went through aliases, or nil.
func chained(verdicts []verdict) *verdict {
	for i := range verdicts {
		if t := verdicts[i].try; t != nil && len(t.chain) > 0 {
			return &verdicts[i]
		}
	}
	return nil
}

// overlong returns a try that led through more aliases than every resolver follows, or nil.
func overlong(verdicts []verdict) *try {
	for i := range verdicts {
		if t := verdicts[i].try; t != nil && verdicts[i].Reason == reason.None && len(t.chain) > MaxChain {
			return t
		}
	}
	return nil
}

// queries lists every answer: per resolver A before AAAA, then control, then
// canary.
func (l *lookup) queries() []Answer {
	all := make([]Answer, 0, 3)
	for i := range l.resolvers {
		for j := range l.families {
			if tries := l.families[j].tries; i < len(tries) {
				all = append(all, tries[i].answers...)
			}
		}
	}
	all = append(all, l.control...)
	if l.canary != nil {
		all = append(all, *l.canary)
	}
	if l.elsewhere != nil {
		all = append(all, *l.elsewhere)
	}
	return append(all, l.rechecked...)
}
