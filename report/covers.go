package report

import (
	"slices"

	"github.com/onsi/ginkgo/v2/types"

	"prober/catalog"
)

// covers tells which pairs of endpoint and requirement s selects. A label filter is in the
// language of Ginkgo's --label-filter, over the labels that specs have. What it selects
// only of specs with [HeavyLabel], which no report knows, is not covered for certain, and
// neither is anything by a filter that cannot be read.
func (s Selection) covers() func(e Endpoint, q Requirement) bool {
	matches, err := types.ParseLabelFilter(s.LabelFilter)
	return func(e Endpoint, q Requirement) bool {
		switch {
		case s.Rerun != "": // what else that report holds is not known here
			return false
		case !names(s.Products, e.Product), !names(s.Regions, e.Region):
			return false
		case !names(s.Networks, string(e.Network)) && !slices.Contains(s.Networks, catalog.All):
			return false
		case s.LabelFilter == "":
			return true
		case err != nil:
			return false
		}
		labels := Labels(e, q)
		return matches(labels) && matches(append(labels, HeavyLabel))
	}
}

// names reports whether a list of wanted names has one; an empty list wants all.
func names(wanted []string, have string) bool {
	return len(wanted) == 0 || slices.Contains(wanted, have)
}
