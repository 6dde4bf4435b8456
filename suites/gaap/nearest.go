package gaap

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"prober/suites/kit"
)

// nearest says which region the nearest host leads to.
func nearest(e *kit.Subject) {
	e.It("GAAP-DNS-09", "is seen to lead to a region", kit.Resolved(), func(c *kit.Case) {
		surveys := e.Surveys().All(context.Background())
		var regions []string
		compared := 0
		for _, other := range e.Catalog().Endpoints {
			s := surveys[other.ID]
			if other.Product != e.Endpoint.Product || other.ID == e.Endpoint.ID || s == nil || s.HTTPS.DNS == nil {
				continue
			}
			compared++
			if overlap(c.HTTPS.DNS.Addresses, s.HTTPS.DNS.Addresses) {
				regions = append(regions, other.Region)
			}
		}
		switch {
		case compared == 0:
			c.Skip(kit.NotApplicable, "no regional host is in the selection")
		case len(regions) == 0:
			c.Notef("the nearest host has addresses that no regional host has")
		default:
			c.Notef("the nearest host shares an address with %s", strings.Join(regions, ", "))
		}
	})
}

func overlap(a, b []netip.Addr) bool {
	return slices.ContainsFunc(a, func(x netip.Addr) bool { return slices.Contains(b, x) })
}
