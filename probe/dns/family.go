package dns

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"prober/limit"
	"prober/probe/reason"
	"prober/prose"
)

// try is what one resolver had to say about one family, over as many questions as it took.
type try struct {
	answers   []Answer // the first for the host, the others for ends of chains
	chain     []CNAME
	addresses []netip.Addr
	minTTL    time.Duration
	maxTTL    time.Duration
	reason.Finding
}

func (t *try) last() *Answer { return &t.answers[len(t.answers)-1] }

// authoritative reports whether every answer came from a server of the zone, and none from
// a cache.
func (t *try) authoritative() bool {
	return !slices.ContainsFunc(t.answers, func(a Answer) bool { return !a.Authoritative })
}

func (t *try) tcpFallback() bool {
	return slices.ContainsFunc(t.answers, func(a Answer) bool { return a.TCPFallback })
}

// family is how the lookup of one kind of address went.
type family struct {
	typ   Type
	tries []try // one a resolver, in the order asked; only the last can be conclusive
}

// family asks one resolver after another until one gives an answer that counts. first is what the
// first of them said already; nil: nothing yet.
func (c *Client) family(ctx context.Context, resolvers []netip.AddrPort, host string, t Type, first *Answer) family {
	f := family{typ: t, tries: make([]try, 0, 1)}
	for _, r := range resolvers {
		f.tries = append(f.tries, c.try(ctx, r, host, t, first))
		first = nil
		why := f.tries[len(f.tries)-1].Reason
		if conclusive(why) || ownFault(why) {
			break
		}
	}
	return f
}

// conclusive reports whether a verdict is about the name and not about the resolver, so
// that asking another one is of no use.
func conclusive(why reason.Reason) bool {
	return why == reason.None || why == reason.ResolveNoData || aboutName(why)
}

// aboutName reports whether a verdict holds for the name in all families (RFC 8020).
func aboutName(why reason.Reason) bool {
	switch why {
	case reason.ResolveNXDomain, reason.ResolveCNAMELoop, reason.ResolveCNAMETooLong, reason.ResolveCNAMEDangling:
		return true
	}
	return false
}

// ownFault reports whether a verdict is about this process, which meets it with every
// resolver.
func ownFault(why reason.Reason) bool {
	return why.Phase() == reason.Prober && why != reason.ProberResolverUnavailable
}

// try asks resolver for host, and goes on asking it for the end of a chain of aliases about
// which it said nothing, as a server does that is only responsible for the beginning. first is its
// answer about host if that was asked already.
func (c *Client) try(ctx context.Context, resolver netip.AddrPort, host string, t Type, first *Answer) try {
	result := try{answers: make([]Answer, 0, 1)}
	check := isASCII
	for name := host; ; {
		var a Answer
		if first != nil {
			a, first = *first, nil
		} else {
			a = c.query(ctx, resolver, name, t, check, false)
		}
		result.answers = append(result.answers, a)
		if len(a.CNAMEs) > 0 || len(a.Addresses) > 0 {
			if len(result.answers) == 1 || a.MinTTL < result.minTTL {
				result.minTTL = a.MinTTL
			}
			result.maxTTL = max(result.maxTTL, a.MaxTTL)
		}
		result.chain = append(result.chain, a.CNAMEs...)
		result.addresses, result.Reason, result.Detail = a.Addresses, a.Reason, a.Detail
		switch loop := loops(result.chain); {
		case loop:
			result.Reason = reason.ResolveCNAMELoop
		case a.follow != "" && len(result.chain) > limit.CNAMELinks:
			result.Reason = reason.ResolveCNAMETooLong
		case a.follow != "":
			name, check = a.follow, func(string) error { return nil } // any byte may stand in an alias
			continue
		case a.Reason == reason.ResolveNXDomain && len(result.chain) > 0:
			result.Reason = reason.ResolveCNAMEDangling
		}
		if result.Reason != a.Reason {
			result.addresses = nil
			result.Detail = fmt.Sprintf("%s leads %s through a chain of %s to %s: %s",
				resolver, result.answers[0].Name, prose.Plural(len(result.chain), "CNAME"), result.chain[len(result.chain)-1].Target, result.Reason.Doc().Meaning)
		}
		return result
	}
}

// loops reports whether the last link of a chain leads back to an earlier owner.
func loops(chain []CNAME) bool {
	return slices.ContainsFunc(chain, func(c CNAME) bool { return c.Owner == chain[len(chain)-1].Target })
}
