package common

import (
	"time"

	"prober/catalog"
	"prober/probe/reason"
	"prober/report"
	"prober/suites/kit"
)

// DNS are the requirements about names. The documents list names and presume that they work;
// what working means stands in the RFCs.
func DNS(d Document) []kit.Requirement {
	return []kit.Requirement{
		{
			ID: d.ID("DNS-01"), Line: func(here func()) { here() }, Level: report.Must, In: d.At(d.Endpoints),
			Text: "The host name of the endpoint resolves to an address.",
			It:   "has an address", Judge: d.name(kit.BeResolved()),
		},
		{
			ID: d.ID("DNS-02"), Line: func(here func()) { here() }, Level: report.Should, In: kit.RFC("8020", "2", "2016-11"),
			Text:      "A and AAAA questions are both answered, be it that there is no such record.",
			Rationale: "no document lists IPv6 addresses, so none is demanded; an AAAA question that fails slows every dual-stack client down",
			It:        "answers for both address families", Judge: d.name(kit.ResolveInBothFamilies()),
		},
		{
			ID: d.ID("DNS-03"), Line: func(here func()) { here() }, Level: report.Should, In: kit.RFC("8020", "2", "2016-11"),
			Text: "A name beside the endpoint's that cannot exist leads nowhere.",
			It:   "does not resolve a name beside it that cannot exist", Judge: d.name(kit.NotResolveBeside()),
		},
		{
			ID: d.ID("DNS-04"), Line: func(here func()) { here() }, Level: report.Should, In: kit.RFC("1034", "3.6", "1987-11"),
			Text:      "Every resolver leads to the endpoint when one of them does.",
			Rationale: "the addresses themselves may differ from resolver to resolver: providers answer by place",
			It:        "is known to every resolver or to none", Judge: d.name(kit.ResolveAlike()),
		},
		{
			ID: d.ID("DNS-05"), Line: func(here func()) { here() }, Level: report.Should, In: kit.RFC("1034", "3.6.2", "1987-11"),
			Text: "The chain of aliases is short, has no circle and ends at a name with addresses.",
			It:   "has a sane chain of aliases", Judge: d.name(kit.HaveSaneAliases()),
		},
		{
			ID: d.ID("DNS-06"), Line: func(here func()) { here() }, Level: report.Should, In: kit.RFC("2181", "8", "1997-07"),
			Text:      "The records may be kept for a second at least and for a day at most.",
			Rationale: "addresses change without notice; a record without a lifetime burdens the resolvers, one of weeks outlives its truth",
			It:        "has records that are kept for a sane time",
			Judge: kit.NameOver(d.Over(), func(c *kit.Case, l kit.Lookup) {
				if at := l.DNS; at != nil && len(at.Addresses) > 0 && at.MinTTL.Duration() < time.Second && !at.Authoritative && !at.Uncached && at.MaxTTL.Duration() <= 24*time.Hour {
					c.Skip(kit.CannotTell("the answer comes from a cache, where lifetimes count down to nothing"))
				}
				c.Expect(l, kit.HaveTTLBetween(time.Second, 24*time.Hour))
			}),
		},
		{
			ID: d.ID("DNS-07"), Line: func(here func()) { here() }, Level: d.standard(), In: kit.RFC("6890", "2.2", "2013-04"),
			Text:  "A public name leads to public addresses only.",
			Scope: kit.Scope{Network: catalog.Public},
			It:    "leads to public addresses only",
			Judge: kit.NameOver(d.Over(), func(c *kit.Case, l kit.Lookup) {
				public := kit.LeadToNothing("that is not public", reason.ResolveBogon)
				if _, err := public.Match(l); err == nil && c.Plan.PrivateAllowed {
					c.Skip(kit.NotApplicable("the run permits private addresses"))
				}
				c.Expect(l, public)
			}),
		},
	}
}
