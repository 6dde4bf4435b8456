package run

import (
	"fmt"
	"slices"
	"strings"

	"prober/catalog"
	"prober/prose"
	"prober/suites"
	"prober/suites/kit"
)

// absent says, in a sentence each, of which products that were asked for nothing is judged:
// those that --product names, or with a region all of them.
func (o *Options) absent(p *kit.Plan) []string {
	var judged []string
	for _, s := range suites.Of(p.Catalog) {
		judged = append(judged, s.Product)
	}
	products := slices.Clone([]string(o.Products))
	if len(products) == 0 && len(o.Regions) > 0 {
		products = judged
	}
	var out []string
	for i, product := range products {
		switch {
		case slices.Contains(products[:i], product):
		case !slices.ContainsFunc(p.Endpoints, func(e catalog.Endpoint) bool { return e.Product == product }):
			out = append(out, product+" has no "+o.place())
		}
	}
	return out
}

// place is the selection without its products: "vpc endpoint in cn-hangzhou or cn-beijing".
func (o *Options) place() string {
	text := "endpoint"
	if len(o.Networks) > 0 && !slices.Contains(o.Networks, catalog.All) {
		text = strings.Join(o.Networks, " or ") + " endpoint"
	}
	if len(o.Regions) > 0 {
		text += " in " + strings.Join(o.Regions, " or ")
	}
	return text
}

// nothing says why no spec is left: what the selection lacks, or what the filter keeps out
// of the specs that were there.
func (o *ConformanceOptions) nothing(p *kit.Plan, specs int) string {
	why := o.absent(p)
	switch {
	case specs > 0 && o.Filter.RerunFailed != "":
		why = append(why, "nothing of what failed in "+o.Filter.RerunFailed+" is in the selection")
	case specs > 0:
		why = append(why, "no requirement of the selected endpoints matches "+o.Filter.String())
	case len(why) == 0 && len(p.Endpoints) == 0:
		why = append(why, "the list has no "+o.place())
	}
	return strings.Join(why, "; ")
}

// note says on stderr what a run leaves out.
func (env Environment) note(format string, args ...any) {
	fmt.Fprintf(stderr(env.Talk), "prober: note: %s\n", prose.Brief(fmt.Sprintf(format, args...)))
}
