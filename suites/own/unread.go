package own

import (
	"slices"

	"prober/catalog"
	"prober/suites/common"
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

// Unkept is a limit that nothing can go beyond: an endpoint that makes no handshake shows no certificate and
// no version.
type Unkept struct {
	Field string // of limits
	By    string // the id of the endpoint that says it; empty: the product does, and none of it makes a handshake
	More  int    // endpoints that say it likewise
}

// Unkeepable are the limits of handshakes that are set for p where there are none.
func Unkeepable(c *catalog.Catalog, p catalog.Product) []Unkept {
	s := suite{product: p}
	var found []Unkept
	shakes, any := false, false
	note := func(field string, set bool, e catalog.Endpoint) {
		i := slices.IndexFunc(found, func(u Unkept) bool { return u.Field == field })
		switch {
		case !set:
		case i < 0:
			found = append(found, Unkept{Field: field, By: e.ID})
		default:
			found[i].More++
		}
	}
	for _, e := range c.Endpoints {
		if e.Product != p.ID {
			continue
		}
		any = true
		if k := s.kindOf(e); k.https || k.of == catalog.KindTLS {
			shakes = true
			continue
		}
		set := common.LimitsOf(catalog.Product{}, e)
		note("certificate_days", set.Days, e)
		note("tls_version", set.Version, e)
	}
	if of := common.LimitsOf(p, catalog.Endpoint{}); any && !shakes {
		for _, x := range []struct {
			field string
			set   bool
		}{{"certificate_days", of.Days}, {"tls_version", of.Version}} {
			if x.set {
				found = append(found, Unkept{Field: x.field})
			}
		}
	}
	return found
}
