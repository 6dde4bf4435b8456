package dns

import (
	"fmt"
	"net/netip"
	"slices"

	"prober/probe/reason"
	"prober/prose"
)

// MaxChain is the longest chain of aliases, in CNAME links, that every resolver follows; more
// degrade a name. Some resolvers stop soon after (unbound at 11), others go on for a few more (BIND
// to 16), and clients take whatever chain an answer holds.
const MaxChain = 8

// judge fills the answer with what the message says about the question for name (in the
// package's inner form) and gives the verdict.
func (a *Answer) judge(r *reading, name string) {
	a.RCode = rcodeName(r.rcode)
	a.Authoritative = r.header.Authoritative
	a.RecursionAvailable = r.header.RecursionAvailable
	a.AuthenticData = r.header.AuthenticData
	a.EDNS = r.edns
	a.ExtendedError = r.ede

	end, broken := a.walk(r.links, name)
	found := broken == reason.None && a.collect(r.records, end)
	switch why := rcodeReason(r.rcode); {
	case r.admits == admitsPolicy && why != reason.ResolveRefused:
		a.Reason = reason.ResolveFiltered
	case r.admits == admitsNotReady && why == reason.ResolveServFail:
		a.Reason = reason.ProberResolverUnavailable
	case broken != reason.None:
		a.Reason = broken
	case why == reason.ResolveNXDomain && len(a.CNAMEs) > 0:
		a.Reason = reason.ResolveCNAMEDangling // RFC 2308 section 2.1: it is the end that does not exist
	case why != reason.None:
		a.Reason = why
	case found:
		return
	case len(r.records) > 0, len(r.others) > 0:
		a.Reason = reason.ResolveBadAnswer
	case len(a.CNAMEs) > 0:
		a.Reason = reason.ResolveNoData
		if !r.hasSOA || !within(end, r.soa) {
			a.follow = end
		}
	case r.hasNS && !r.hasSOA && !r.header.Authoritative:
		a.Reason = reason.ResolveReferral
	default:
		a.Reason = reason.ResolveNoData
	}
	if a.Reason != reason.None {
		a.Addresses = nil
		a.Detail = a.explain(r, end)
	}
}

// walk follows the links from name and returns the end of the chain, or why it has none.
// The order of the records in the message does not matter. What stands beside a CNAME at
// the same owner is ignored (RFC 1034 section 3.6.2). A chain is as long as its message allows.
func (a *Answer) walk(links []link, name string) (end string, broken reason.Reason) {
	end = name
	at := finder(links)
	for taken := make([]bool, len(links)); ; {
		next := at(end)
		switch {
		case next < 0:
			return end, reason.None
		case taken[next]:
			return end, reason.ResolveCNAMELoop
		}
		taken[next] = true
		l := links[next]
		a.CNAMEs = append(a.CNAMEs, CNAME{presentation(l.owner), presentation(l.target), l.ttl})
		if len(a.CNAMEs) == 1 || l.ttl < a.MinTTL {
			a.MinTTL = l.ttl
		}
		a.MaxTTL = max(a.MaxTTL, l.ttl)
		end = l.target
	}
}

// finder returns a function that gives the place of the first link of an owner, or -1.
func finder(links []link) func(owner string) int {
	if len(links) <= 2*MaxChain {
		return func(owner string) int {
			return slices.IndexFunc(links, func(l link) bool { return l.owner == owner })
		}
	}
	places := make(map[string]int, len(links))
	for i, l := range slices.Backward(links) {
		places[l.owner] = i
	}
	return func(owner string) int {
		if i, ok := places[owner]; ok {
			return i
		}
		return -1
	}
}

// collect takes the records of owner and reports whether there were any.
func (a *Answer) collect(records []record, owner string) bool {
	found := false
	for i := range records {
		r := &records[i]
		if r.owner != owner {
			continue
		}
		if !found && len(a.CNAMEs) == 0 || r.ttl < a.MinTTL {
			a.MinTTL = r.ttl
		}
		a.MaxTTL = max(a.MaxTTL, r.ttl)
		found = true
		if r.addr.IsValid() {
			if a.Addresses == nil {
				a.Addresses = make([]netip.Addr, 0, len(records)-i)
			}
			a.Addresses = append(a.Addresses, r.addr)
		}
	}
	return found
}

// explain says in a line for people what the message says.
func (a *Answer) explain(r *reading, end string) string {
	s := fmt.Sprintf("%s answered %s for %s %s", a.Resolver, a.RCode, a.Name, a.Type)
	switch a.Reason {
	case reason.ResolveCNAMELoop:
		s += fmt.Sprintf(", a chain of %s that comes back to %s", prose.Plural(len(a.CNAMEs), "CNAME"), presentation(end))
	case reason.ResolveBadAnswer:
		if len(r.records) == 0 {
			s += fmt.Sprintf(", with records in class %s but none of %s in class IN", className(r.others[0]), presentation(end))
			break
		}
		s += fmt.Sprintf(", with records of %s but none of %s", presentation(r.records[0].owner), presentation(end))
	case reason.ResolveFiltered:
		s += " and says that this is its policy and not what the zone says"
	case reason.ResolveReferral:
		s += ", a referral to other servers"
	case reason.ResolveNoData:
		s += " without a record of that type"
	}
	if len(a.CNAMEs) > 0 && a.Reason != reason.ResolveCNAMELoop && a.Reason != reason.ResolveBadAnswer {
		s += fmt.Sprintf(" at the end of its chain of %s, %s", prose.Plural(len(a.CNAMEs), "CNAME"), presentation(end))
	}
	if a.ExtendedError != "" {
		s += fmt.Sprintf(" (extended error %s)", a.ExtendedError)
	}
	return s
}
