package catalog

import (
	"errors"
	"fmt"
	"slices"

	"prober/limit"
	"prober/suggest"
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
	return fmt.Sprintf("unknown %s %q%s", e.Noun, e.Name, suggest.HintAndKnown(e.Name, e.Known))
}

// Select returns the endpoints that s names, in the order of the catalogue. A name that
// no endpoint has is an error, an [*UnknownError] for each of the first [limit.ShownErrors]; names
// that exist but have no endpoint in common select nothing, which is none: KMS has a region that
// ECS lacks.
func (c *Catalog) Select(s Selection) ([]Endpoint, error) {
	products := distinct(c.Endpoints, func(e Endpoint) string { return e.Product })
	regions := distinct(c.Endpoints, func(e Endpoint) string { return e.Region })
	slices.Sort(regions)
	err := errors.Join(
		allKnown("product", s.Products, products),
		allKnown("region", s.Regions, regions),
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

// distinct returns what endpoints are of, each once, in their order.
func distinct(endpoints []Endpoint, of func(Endpoint) string) []string {
	var list []string
	seen := map[string]bool{}
	for _, e := range endpoints {
		if s := of(e); !seen[s] {
			seen[s], list = true, append(list, s)
		}
	}
	return list
}

// allKnown returns an error for each name that is not known, as many as anybody reads.
func allKnown(noun string, names, known []string) error {
	is := map[string]bool{}
	for _, k := range known {
		is[k] = true
	}
	var errs []error
	more := 0
	for _, n := range names {
		switch {
		case is[n]:
		case len(errs) == limit.ShownErrors:
			more++
		default:
			errs = append(errs, &UnknownError{Noun: noun, Name: n, Known: known})
		}
	}
	if more > 0 {
		errs = append(errs, fmt.Errorf("and %d names more of no %s", more, noun))
	}
	return errors.Join(errs...)
}
