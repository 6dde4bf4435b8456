package groups

import (
	"time"

	"prober/catalog"
	"prober/probe/reason"
	"prober/suites/kit"
)

// DNSRequirements are the statements about names. The documents list names and presume that
// they work; what working means stands in the RFCs.
func (p Product) DNSRequirements() []kit.Requirement {
	public := p.from("RFC 6890", "2.2", "2013-04", "DNS-07", kit.Must, "A public name leads to public addresses only.")
	public.Scope.Networks = []catalog.Network{catalog.Public}
	return []kit.Requirement{
		p.stated("DNS-01", kit.Must, p.Document.Endpoints, "The host name of the endpoint resolves to an address."),
		because(p.from("RFC 8020", "2", "2016-11", "DNS-02", kit.Should, "A and AAAA questions are both answered, be it that there is no such record."),
			"no document lists IPv6 addresses, so none is demanded; an AAAA question that fails slows every dual-stack client down"),
		p.from("RFC 8020", "2", "2016-11", "DNS-03", kit.Should, "A name beside the endpoint's that cannot exist leads nowhere."),
		because(p.from("RFC 1034", "3.6", "1987-11", "DNS-04", kit.Should, "Every resolver leads to the endpoint when one of them does."),
			"the addresses themselves may differ from resolver to resolver: providers answer by place"),
		p.from("RFC 1034", "3.6.2", "1987-11", "DNS-05", kit.Should, "The chain of aliases is short, has no circle and ends at a name with addresses."),
		because(p.from("RFC 2181", "8", "1997-07", "DNS-06", kit.Should, "The records may be kept for a second at least and for a day at most."),
			"addresses change without notice; a record without a lifetime burdens the resolvers, one of weeks outlives its truth"),
		public,
	}
}

// DNS states the specs of the group dns.
func (p Product) DNS(e *kit.Subject) {
	e.It(p.ID("DNS-01"), "has an address", kit.Looked(), func(c *kit.Case) {
		c.Expect(c.HTTPS).To(kit.BeResolved())
	})
	e.It(p.ID("DNS-02"), "answers for both address families", kit.AskedBothFamilies(), func(c *kit.Case) {
		c.Expect(c.HTTPS).To(kit.ResolveInBothFamilies())
	})
	e.It(p.ID("DNS-03"), "does not resolve a name beside it that cannot exist", kit.AskedBeside(), func(c *kit.Case) {
		c.Expect(c.HTTPS).To(kit.NotResolveBeside())
	})
	e.It(p.ID("DNS-04"), "is known to every resolver or to none", kit.ResolversCompared(), func(c *kit.Case) {
		c.Expect(c.HTTPS).To(kit.ResolveAlike())
	})
	e.It(p.ID("DNS-05"), "has a sane chain of aliases", kit.Chained(), func(c *kit.Case) {
		c.Expect(c.HTTPS).To(kit.NotShow("wrong with the aliases",
			reason.ResolveCNAMELoop, reason.ResolveCNAMEDangling, reason.ResolveCNAMETooLong))
	})
	e.It(p.ID("DNS-06"), "has records that are kept for a sane time", kit.Resolved(), func(c *kit.Case) {
		if l := c.HTTPS.DNS; l.MinTTL.Duration() < time.Second && !l.Authoritative && l.MaxTTL.Duration() <= 24*time.Hour {
			c.Skip(kit.Inconclusive, "the answer comes from a cache, where lifetimes count down to nothing")
		}
		c.Expect(c.HTTPS).To(kit.HaveTTLBetween(time.Second, 24*time.Hour))
	})
	e.It(p.ID("DNS-07"), "leads to public addresses only", kit.Resolved(), func(c *kit.Case) {
		if e.PrivateAllowed() {
			c.Skip(kit.NotApplicable, "the run permits private addresses")
		}
		c.Expect(c.HTTPS).To(kit.NotShow("that is not public", reason.ResolveBogon))
	})
}
