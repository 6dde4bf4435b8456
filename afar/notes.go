package afar

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"prober/monitor/view"
	"prober/prose"
)

// notes are what is wrong with those who probe, or with the rules.
func (a *asking) notes(r *reading) (all []view.Note) {
	if r.rules.IsZero() && a.err == nil {
		n := view.Note{What: "There are no records of a prober", Why: "endpoint:state:code has no value", Blinds: true}
		if len(a.ask("count(endpoint_up)")) > 0 {
			n.Advice = "Probers are scraped, so the recording rules are missing: windows.yml and state.yml of deploy/prometheus."
		} else {
			n.Advice = "Nor is there any endpoint_up: no prober is scraped, or none writes there."
		}
		all = append(all, n)
	}
	if r.old {
		all = append(all, view.Note{
			What: "The recording rules have not been evaluated", Why: "the server answers, and its records are old", Since: r.rules, Blinds: true,
			Advice: "Look at the server's page of rules.",
		})
	}
	var offline []string
	for _, x := range a.ask("max by (vantage, reason) (prober_vantage_suspicion) == 1") {
		offline = append(offline, of(x.labels)+" ("+word(x.labels["reason"])+")")
	}
	if len(offline) > 0 {
		all = append(all, view.Note{
			What: "A prober's own network is suspected", Why: listing(offline),
			Advice: "Everything that can tell fails there at once, so its results are unknown. The page of that prober says more.",
		})
	}
	heard := map[string]bool{} // vantages that have some prober
	for _, x := range a.ask("prober:heard:count") {
		heard[x.labels["vantage"]] = true
	}
	var absent []string
	for _, x := range a.ask(`ALERTS{alertname="ProberAbsent",alertstate="firing"}`) {
		who := of(x.labels)
		if heard[x.labels["vantage"]] {
			who = "a shard of " + who
		}
		absent = append(absent, cmp.Or(word(x.labels["instance"]), who))
	}
	if len(absent) > 0 {
		all = append(all, view.Note{
			What: plural(len(absent), "A prober is absent", "Probers are absent"), Why: listing(absent),
			Advice: "Nothing is known from there.",
		})
	}
	var busy []string
	for _, x := range a.ask("max by (instance, vantage) (prober_overloaded) == 1") {
		busy = append(busy, cmp.Or(word(x.labels["instance"]), of(x.labels)))
	}
	if len(busy) > 0 {
		all = append(all, view.Note{What: plural(len(busy), "A prober is overloaded", "Probers are overloaded"), Why: listing(busy), Advice: "Its own page says by what."})
	}
	return all
}

// of says which vantage labels are of.
func of(l labels) string {
	if v := word(l["vantage"]); v != "" {
		return "vantage " + v
	}
	return "the vantage without a name"
}

// listing names a few.
func listing(all []string) string {
	const few = 5
	slices.Sort(all)
	all = slices.Compact(all)
	if len(all) > few {
		all = append(all[:few], fmt.Sprintf("%d more", len(all)-few))
	}
	return prose.OneLine(strings.Join(all, ", "))
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
