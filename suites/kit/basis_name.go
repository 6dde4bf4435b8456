package kit

import (
	"fmt"

	"prober/probe"
	"prober/probe/reason"
)

// Looked rests on a lookup that came to a verdict which no other resolver contradicts.
func Looked() Basis {
	return Basis{On: []string{OverHTTPS}, tells: func(s *Survey) (SkipReason, string) {
		if l := s.HTTPS.DNS; l == nil || l.Outcome == reason.Unknown {
			return undecided(s.HTTPS)
		}
		if why, text := undemandedFamily(s.HTTPS); why != "" {
			return why, text
		}
		return contradicted(s)
	}}
}

// undemandedFamily says that a name has no address of the one family that was asked about:
// no document demands either.
func undemandedFamily(o probe.Observation) (SkipReason, string) {
	if l := o.DNS; l != nil && l.Reason == reason.ResolveNoData && len(l.Families) == 1 {
		return NotApplicable, "only one address family was asked about, and no document demands it"
	}
	return "", ""
}

// contradicted says that the first resolver denies what another one leads to: which of them
// is wrong cannot be told.
func contradicted(s *Survey) (SkipReason, string) {
	v, found := s.HTTPS.Contradiction()
	if l := s.HTTPS.DNS; found && l != nil && len(l.Addresses) == 0 {
		return Inconclusive, fmt.Sprintf("resolver %s says %s, and %s leads to %v", l.Resolver, l.Reason, v.Resolver, v.Addresses)
	}
	return "", ""
}

// Resolved rests on a lookup that brought addresses.
func Resolved() Basis { return Basis{On: []string{OverHTTPS}, tells: hasAddresses} }

func hasAddresses(s *Survey) (SkipReason, string) {
	if why, text := undemandedFamily(s.HTTPS); why != "" {
		return why, text
	}
	if l := s.HTTPS.DNS; l == nil || len(l.Addresses) == 0 {
		return Inconclusive, "the name has no address: " + s.HTTPS.Reason.String()
	}
	return "", ""
}

// Chained rests on a lookup that came to the end of the chain of aliases, or found out why
// there is none.
func Chained() Basis {
	return Basis{On: []string{OverHTTPS}, tells: func(s *Survey) (SkipReason, string) {
		l := s.HTTPS.DNS
		if l == nil || l.Outcome == reason.Unknown {
			return undecided(s.HTTPS)
		}
		switch l.Reason {
		case reason.ResolveCNAMELoop, reason.ResolveCNAMEDangling, reason.ResolveCNAMETooLong:
			return contradicted(s)
		}
		return hasAddresses(s)
	}}
}

// ResolversCompared rests on the verdicts of all resolvers, of which there are several.
func ResolversCompared() Basis {
	return Basis{On: []string{OverHTTPS}, tells: func(s *Survey) (SkipReason, string) {
		l := s.HTTPS.DNS
		if l == nil || l.Outcome == reason.Unknown {
			return undecided(s.HTTPS)
		}
		for _, v := range s.HTTPS.Resolvers {
			if v.Outcome != reason.Unknown {
				return "", ""
			}
		}
		if silent := silentResolver(s); silent != "" {
			return Inconclusive, silent
		}
		return NotApplicable, "only one resolver was asked"
	}, part: func(s *Survey) (*Survey, string) { return s, silentResolver(s) }}
}

// silentResolver names a resolver that did not tell; "" when all did.
func silentResolver(s *Survey) string {
	for _, v := range s.HTTPS.Resolvers {
		if v.Outcome == reason.Unknown {
			return fmt.Sprintf("resolver %s did not tell: %s: %s", v.Resolver, v.Reason, v.Detail)
		}
	}
	return ""
}

// AskedBothFamilies rests on a name that leads to addresses, and on a verdict about either
// family.
func AskedBothFamilies() Basis {
	return Basis{On: []string{OverHTTPS}, tells: func(s *Survey) (SkipReason, string) {
		if why, text := hasAddresses(s); why != "" {
			return why, text
		}
		for _, f := range s.HTTPS.DNS.Families {
			if f.Reason.Outcome() == reason.Unknown {
				return Inconclusive, fmt.Sprintf("%s: %s: %s", f.Type, f.Reason, f.Detail)
			}
		}
		if len(s.HTTPS.DNS.Families) < 2 {
			return NotApplicable, "only one address family was asked about"
		}
		return "", ""
	}}
}

// AskedBeside rests on an answer about the name beside the host that cannot exist.
func AskedBeside() Basis {
	return Basis{On: []string{OverHTTPS}, tells: func(s *Survey) (SkipReason, string) {
		if why, text := hasAddresses(s); why != "" {
			return why, text
		}
		switch c := s.HTTPS.DNS.Canary; {
		case c == nil:
			return Inconclusive, "no name beside it was asked about"
		case c.Reason != reason.None && c.Reason != reason.ResolveNXDomain && c.Reason != reason.ResolveNoData:
			return Inconclusive, fmt.Sprintf("the question about %s: %s: %s", c.Name, c.Reason, c.Detail)
		}
		return "", ""
	}}
}
