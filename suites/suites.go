// Package suites lists the suites of the project. Each documented product has one in a package of its
// own, and package own makes one for any other product of a list; kit is what they are made of, and run
// runs them.
package suites

import (
	"slices"

	"prober/catalog"
	"prober/suites/ecs"
	"prober/suites/gaap"
	"prober/suites/kit"
	"prober/suites/kms"
	"prober/suites/own"
)

// All returns the suites of documented products, in the order of the catalogue.
func All() []kit.Suite { return []kit.Suite{ecs.Suite(), kms.Suite(), gaap.Suite()} }

// Of returns the suites that judge the endpoints of a list: those of documented products, and behind
// them one for each product that has none.
func Of(c *catalog.Catalog) []kit.Suite {
	var documented []kit.Suite
	for _, s := range All() {
		if p, ok := c.Product(s.Product); ok && p.APIStyle.IsAPI() {
			documented = append(documented, own.Limited(c, p, s))
		}
	}
	return slices.Concat(documented, OwnOf(c))
}

// OwnOf returns a suite for each product of a list that is no documented one. What is called as one of
// those and speaks plain HTTP is another one.
func OwnOf(c *catalog.Catalog) []kit.Suite {
	var all []kit.Suite
	for _, p := range c.Products {
		if !p.APIStyle.IsAPI() || !slices.ContainsFunc(All(), func(s kit.Suite) bool { return s.Product == p.ID }) {
			all = append(all, own.Suite(c, p))
		}
	}
	return all
}
