package own

import (
	"slices"

	"prober/catalog"
)

// Unlooked are the schemes that the rule about schemes of p names and over which no endpoint of it is looked
// at: it is of another kind, or its URL says no port for them.
func Unlooked(c *catalog.Catalog, p catalog.Product) []catalog.Scheme {
	rule := p.Rules.Schemes
	if rule == nil {
		return nil
	}
	s := suite{product: p}
	left := slices.Concat(rule.Served, rule.Refused)
	for _, e := range c.Endpoints {
		if len(left) == 0 {
			break
		}
		if e.Product == p.ID {
			k := s.kindOf(e)
			left = slices.DeleteFunc(left, func(scheme catalog.Scheme) bool {
				return k.https && scheme == catalog.HTTPS || k.http && scheme == catalog.HTTP
			})
		}
	}
	return left
}
