package page

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"prober/catalog"
	"prober/limit"
	"prober/monitor/view"
	"prober/probe/reason"
	"prober/prose"
)

// refreshed is the value of refresh with which a page without JavaScript is loaded again.
const refreshed = "30"

// filter narrows a page down.
type filter struct {
	Product, Region, Network, State string
	Text                            string // words, each of which must occur
	Refresh                         bool
	Page                            int // of the table of endpoints, from 1

	// Ignored are the parameters, with their values, that there is nothing of: "product “nosuch”".
	Ignored []string
	words   []string
}

// newFilter reads the filter of a request. Products, networks and states that there are none of are
// ignored, and that is said; a region is a text where there are too many for a list.
func newFilter(query url.Values, products []string) filter {
	f := filter{
		Region:  prose.OneLine(prose.Cut(query.Get("region"), limit.WebFilter)),
		Text:    prose.OneLine(prose.Cut(query.Get("text"), limit.WebFilter)),
		Refresh: query.Get("refresh") == refreshed,
	}
	if product := query.Get("product"); slices.Contains(products, product) {
		f.Product = product
	} else {
		f.ignore("product", product)
	}
	if network := query.Get("network"); slices.Contains(f.Networks(), catalog.Network(network)) {
		f.Network = network
	} else {
		f.ignore("network", network)
	}
	if state := query.Get("state"); slices.ContainsFunc(f.States(), func(o reason.Outcome) bool { return o.String() == state }) {
		f.State = state
	} else {
		f.ignore("state", state)
	}
	f.words = strings.Fields(strings.ToLower(f.Text))
	page := query.Get("page")
	number, err := strconv.Atoi(page)
	if err != nil || number < 1 { // what is no number is the first page
		f.ignore("page", page)
	}
	f.Page = max(number, 1)
	return f
}

// ignore notes a value that there is nothing of.
func (f *filter) ignore(name, value string) {
	if value = prose.OneLine(prose.Cut(value, limit.WebFilter)); value != "" {
		f.Ignored = append(f.Ignored, fmt.Sprintf("%s “%s”", name, value))
	}
}

// key tells apart the pages of filters: it is the link, with what was ignored, which is said.
func (f filter) key() string { return f.Link() + "#" + strings.Join(f.Ignored, "\n") }

// regionsOf are the regions to choose from; nil where there are too many for a list.
func regionsOf(all []view.Status) []string {
	var regions []string
	for i := range all {
		regions = append(regions, all[i].Region)
	}
	slices.Sort(regions)
	if regions = slices.Compact(regions); len(regions) > limit.WebRegions {
		return nil
	}
	return regions
}

// Networks and States are what a filter can choose from.
func (f *filter) Networks() []catalog.Network { return catalog.Networks() }

// States are those of an endpoint, the worst first.
func (f *filter) States() []reason.Outcome {
	return []reason.Outcome{reason.Fail, reason.Degraded, reason.OK, reason.Unknown}
}

// Narrow says whether the filter leaves anything out.
func (f *filter) Narrow() bool {
	return f.Product != "" || f.Region != "" || f.Network != "" || f.State != "" || len(f.words) > 0
}

// wants says whether an endpoint fits.
func (f *filter) wants(s *view.Status) bool {
	if f.Product != "" && f.Product != s.Product || f.Region != "" && f.Region != s.Region ||
		f.Network != "" && f.Network != string(s.Network) || f.State != "" && f.State != s.Present().String() {
		return false
	}
	if len(f.words) == 0 {
		return true
	}
	text := strings.ToLower(strings.Join([]string{s.ID, s.Host, s.RegionName, s.Provider, s.Cause.String(), string(s.Lifecycle)}, "\n"))
	return !slices.ContainsFunc(f.words, func(word string) bool { return !strings.Contains(text, word) })
}

// Link is the query that shows what a filter wants.
func (f filter) Link() string {
	q := url.Values{}
	for name, value := range map[string]string{"product": f.Product, "region": f.Region, "network": f.Network, "state": f.State, "text": f.Text} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Refresh {
		q.Set("refresh", refreshed)
	}
	if f.Page > 1 {
		q.Set("page", strconv.Itoa(f.Page))
	}
	return "?" + q.Encode()
}

// Other is the filter with the other value of refresh.
func (f filter) Other() filter {
	f.Refresh = !f.Refresh
	return f
}
