package report

import (
	"fmt"
	"slices"
	"strings"

	"prober/catalog"
	"prober/probe"
	"prober/probe/reason"
	"prober/prose"
)

// Headline is what to know before the single results: that no resolver could be used, so that
// they say nothing about the endpoints, or that all of them, of several providers, fail for one
// reason. It is empty where there is nothing of the kind. A host that
// the catalogue does not know stands for the owner of its zone.
func Headline(c *catalog.Catalog, observations []probe.Observation) string {
	seen, lost, cut := map[string]bool{}, map[string]bool{}, map[string]bool{}
	var resolvers, providers []string
	whys := map[reason.Reason]bool{}
	for _, o := range observations {
		if o.Reason == reason.ProberPrivateNetwork || o.Endpoint.Lifecycle != catalog.Active && o.Endpoint.Lifecycle != "" {
			continue
		}
		seen[o.Endpoint.ID] = true
		if o.Reason == reason.ProberResolverUnavailable {
			lost[o.Endpoint.ID] = true
			for _, r := range o.Asked() {
				resolvers = appendOnce(resolvers, r.String())
			}
		}
		if o.Reason == reason.ProberVantageOffline {
			cut[o.Endpoint.ID] = true
		}
		why := o.Reason
		if o.Outcome != reason.Fail {
			why = reason.None
		}
		whys[why] = true
		provider := probe.ZoneOf(o.Endpoint.Host)
		if p, ok := c.Product(o.Endpoint.Product); ok {
			provider = p.Provider
		}
		providers = appendOnce(providers, provider)
	}
	if len(lost) > 0 {
		which := "no resolver is configured"
		if len(resolvers) > 0 {
			which = "no resolver can be used (" + strings.Join(resolvers, ", ") + ")"
		}
		return fmt.Sprintf("%s: %d of %s could not be looked up, which says nothing about them", which, len(lost), prose.Plural(len(seen), "endpoint"))
	}
	if len(cut) > 0 {
		return fmt.Sprintf("no control takes a connection, and no endpoint either: %d of %s could not be reached, which says nothing about them", len(cut), prose.Plural(len(seen), "endpoint"))
	}
	if len(seen) < 2 || len(providers) < 2 || len(whys) != 1 || whys[reason.None] {
		return ""
	}
	for why := range whys {
		return fmt.Sprintf("all %d endpoints, of %d providers (%s), fail with %s: nothing that was probed tells this from trouble of this machine or its network",
			len(seen), len(providers), strings.Join(providers, ", "), why)
	}
	return ""
}

func appendOnce(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
