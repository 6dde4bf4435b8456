package report

import "prober/catalog"

// LabelFilter reads a filter over the labels of specs, and says which labels match it. The
// language is that of whoever runs the specs.
type LabelFilter func(filter string) (matches func(labels []string) bool, err error)

// covers tells which pairs of endpoint and requirement s selects. What a label filter selects
// only of specs with [HeavyLabel], which no report knows, is not covered for certain, and
// neither is anything by a filter that cannot be read.
func (s Selection) covers(read LabelFilter) func(e Endpoint, q Requirement) bool {
	matches := func([]string) bool { return false }
	if read != nil {
		if m, err := read(s.LabelFilter); err == nil {
			matches = m
		}
	}
	return func(e Endpoint, q Requirement) bool {
		switch {
		case s.Rerun != "": // what else that report holds is not known here
			return false
		case !catalog.Selection{Products: s.Products, Regions: s.Regions, Networks: s.Networks}.Covers(e.Product, e.Region, e.Network):
			return false
		case s.LabelFilter == "":
			return true
		}
		labels := Labels(e, q)
		return matches(labels) && matches(append(labels, HeavyLabel))
	}
}
