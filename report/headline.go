package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"prober/catalog"
	"prober/probe"
	"prober/probe/reason"
	"prober/prose"
	"prober/suspicion"
)

// Headline is what to know before the single results: that no resolver could be used, so that
// they say nothing about the endpoints, or that all of them fail and nothing tells it from trouble
// of this machine. It is empty where there is nothing of the kind. A host that
// the catalogue does not know stands for the owner of its zone.
func Headline(c *catalog.Catalog, observations []probe.Observation) string {
	seen, lost, cut, alike := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	heard := map[string]bool{} // resolvers that told of some endpoint
	var once suspicion.Once
	var resolvers, providers []string
	whys := map[reason.Reason]bool{}
	for _, o := range observations {
		if o.Reason == reason.ProberPrivateNetwork || !o.Endpoint.Lifecycle.IsActive() {
			continue
		}
		seen[o.Endpoint.ID] = true
		product, _ := c.Product(o.Endpoint.Product)
		once.See(product.Provider, &o)
		if r := o.LookedUp(); r.IsValid() {
			heard[r.String()] = true
		}
		if o.Lost() {
			lost[o.Endpoint.ID] = true
			for _, r := range o.Asked() {
				resolvers = appendOnce(resolvers, r.String())
			}
		}
		if o.Alike {
			alike[o.Endpoint.ID] = true
		} else if o.Reason == reason.ProberVantageOffline {
			cut[o.Endpoint.ID] = true
		}
		why := o.Reason
		if o.Outcome != reason.Fail {
			why = reason.None
		}
		whys[why] = true
		providers = appendOnce(providers, cmp.Or(product.Provider, probe.ZoneOf(o.Endpoint.Host)))
	}
	if len(lost) > 0 {
		which := "no resolver is configured"
		if len(resolvers) > 0 {
			which = "no resolver can be used (" + strings.Join(resolvers, ", ") + ")"
			if slices.ContainsFunc(resolvers, func(r string) bool { return heard[r] }) {
				which = "resolvers answer about some names and not about others (" + strings.Join(resolvers, ", ") + ")"
			}
		}
		return fmt.Sprintf("%s: %d of %s could not be looked up, which says nothing about them", which, len(lost), prose.Plural(len(seen), "endpoint"))
	}
	if len(cut) > 0 {
		return fmt.Sprintf("no control takes a connection, and no endpoint either: %d of %s could not be reached, which says nothing about them", len(cut), prose.Plural(len(seen), "endpoint"))
	}
	if len(alike) > 0 {
		return fmt.Sprintf("everything that can tell fails at once, at %s (%s): this machine's own network or clock is suspected, so that nothing can be told about %d of %s",
			prose.Plural(len(providers), "provider"), strings.Join(providers, ", "), len(alike), prose.Plural(len(seen), "endpoint"))
	}
	doubt := once.Doubt()
	if len(seen) == 0 || whys[reason.None] || once.Reached() || doubt == suspicion.NoDoubt && (len(providers) < 2 || len(whys) != 1) {
		return ""
	}
	var of []string
	for why := range whys {
		of = append(of, why.String())
	}
	slices.Sort(of)
	who := fmt.Sprintf("all %d endpoints, of %s (%s), fail", len(seen), prose.Plural(len(providers), "provider"), strings.Join(providers, ", "))
	if len(seen) == 1 {
		who = "the only endpoint fails"
	}
	headline := fmt.Sprintf("%s with %s: nothing that was probed tells this from trouble of this machine or its network", who, strings.Join(of, ", "))
	if doubt == suspicion.BeyondControls {
		headline += "; no control could, for it lies beyond the connection"
	}
	return headline
}

func appendOnce(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
