package catalog

import (
	"errors"
	"fmt"
	"slices"
)

// Selection says which endpoints a command is about. The zero Selection is all of them.
type Selection struct {
	Products []string // ids; none: all
	Regions  []string // ids; none: all
	Networks []string // "public", "vpc"; "all" or none: both
}

// All is the word for both networks in [Selection].
const All = "all"

// UnknownError says that a name is not in the catalogue, and what is.
type UnknownError struct {
	Noun  string // "product", "region", ...
	Name  string
	Known []string
}

// Error returns `unknown region "cn-beijng"; did you mean "cn-beijing"? known: ...`.
func (e *UnknownError) Error() string {
	return fmt.Sprintf("unknown %s %q%s", e.Noun, e.Name, hintAndKnown(e.Name, e.Known))
}

// Select returns the endpoints that s names, in the order of the catalogue. A name that
// no endpoint has is an error, an [*UnknownError] for each; names that exist but have no
// endpoint in common select nothing, which is none: KMS has a region that ECS lacks.
func (c *Catalog) Select(s Selection) ([]Endpoint, error) {
	var known struct{ products, regions []string }
	for _, e := range c.Endpoints {
		known.products = addNew(known.products, e.Product)
		known.regions = addNew(known.regions, e.Region)
	}
	slices.Sort(known.regions)
	err := errors.Join(
		allKnown("product", s.Products, known.products),
		allKnown("region", s.Regions, known.regions),
		allKnown("network", s.Networks, append(texts(Networks()), All)),
	)
	if err != nil {
		return nil, err
	}
	var out []Endpoint
	for _, e := range c.Endpoints {
		if s.Covers(e.Product, e.Region, e.Network) {
			out = append(out, e)
		}
	}
	return out, nil
}

// Covers reports whether s names an endpoint of a product in a region and a network.
func (s Selection) Covers(product, region string, n Network) bool {
	return matches(s.Products, product) && matches(s.Regions, region) && (matches(s.Networks, string(n)) || slices.Contains(s.Networks, All))
}

func matches(wanted []string, have string) bool {
	return len(wanted) == 0 || slices.Contains(wanted, have)
}

func addNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

func allKnown(noun string, names, known []string) error {
	var errs []error
	for _, n := range names {
		if !slices.Contains(known, n) {
			errs = append(errs, &UnknownError{Noun: noun, Name: n, Known: known})
		}
	}
	return errors.Join(errs...)
}
