package own

import (
	"slices"

	"prober/catalog"
	"prober/suites/common"
	"prober/suites/kit"
)

// Limited is the suite of a documented product together with the limits that a list sets for p, or for
// endpoints of it. Without limits it is the suite as it is.
func Limited(c *catalog.Catalog, p catalog.Product, s kit.Suite) kit.Suite {
	limits := func(set common.Limited) []kit.Requirement {
		return common.Limits(common.Document{Product: p}, documents{c, p}.limits(), set)
	}
	stated := s.Requirements
	here := map[common.Limited][]kit.Requirement{}
	var all common.Limited
	for _, e := range c.Endpoints {
		set := common.LimitsOf(p, e)
		if e.Product == p.ID && here[set] == nil {
			all, here[set] = all.Or(set), slices.Concat(stated(p), limits(set))
		}
	}
	if all == (common.Limited{}) {
		return s
	}
	s.Requirements = func(p catalog.Product) []kit.Requirement { return slices.Concat(stated(p), limits(all)) }
	s.At = func(e catalog.Endpoint) []kit.Requirement { return here[common.LimitsOf(p, e)] }
	return s
}
