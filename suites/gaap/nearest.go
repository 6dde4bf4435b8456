package gaap

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"prober/report"
	"prober/suites/common"
	"prober/suites/kit"
)

// nearest says which region the nearest host leads to.
func nearest(d common.Document) kit.Requirement {
	return kit.Requirement{
		ID: d.ID("DNS-09"), Line: kit.Here(), Level: report.Info, In: d.At(d.Endpoints),
		Text:      "The nearest host leads to the addresses of a regional one.",
		Rationale: "the document says that the name resolves to a server of the nearest region; providers may give it addresses of its own",
		Scope:     kit.Scope{Regions: []string{"nearest"}},
		It:        "is seen to lead to a region",
		Judge: kit.NameBy(func(c *kit.Case, l kit.Lookup) {
			c.Expect(l, kit.LeadToNothing("")) // whatever has addresses
			surveys := c.Plan.Surveys.All(context.Background())
			var regions []string
			compared := 0
			for _, other := range c.Plan.Catalog.Endpoints {
				s := surveys[other.ID]
				if other.Product != c.Endpoint.Product || other.ID == c.Endpoint.ID || s == nil || s.HTTPS.DNS == nil {
					continue
				}
				compared++
				if overlap(l.DNS.Addresses, s.HTTPS.DNS.Addresses) {
					regions = append(regions, other.Region)
				}
			}
			switch {
			case compared == 0:
				c.Skip(kit.NotApplicable("no regional host is in the selection"))
			case len(regions) == 0:
				c.Notef("the nearest host has addresses that no regional host has")
			default:
				c.Notef("the nearest host shares an address with %s", strings.Join(regions, ", "))
			}
		}),
	}
}

func overlap(a, b []netip.Addr) bool {
	return slices.ContainsFunc(a, func(x netip.Addr) bool { return slices.Contains(b, x) })
}
