package page

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"prober/catalog"
	"prober/limit"
	"prober/monitor/phrase"
	"prober/monitor/view"
	"prober/probe/reason"
)

// trait is what endpoints may have in common. An empty field says nothing; the zero trait is that
// of all that are listed.
type trait struct {
	provider, product, region string
	network                   catalog.Network
}

// traitsOf are the traits of an endpoint, each once. Where two describe the same endpoints the first
// is the plainer description.
func traitsOf(s *view.Status) iter.Seq2[int, trait] {
	all := [...]trait{
		{},
		{region: s.Region},
		{product: s.Product},
		{network: s.Network},
		{provider: s.Provider},
		{product: s.Product, region: s.Region},
		{product: s.Product, network: s.Network},
		{region: s.Region, network: s.Network},
	}
	return func(yield func(int, trait) bool) {
		for place, t := range all {
			if !slices.Contains(all[:place], t) && !yield(place, t) {
				return
			}
		}
	}
}

// has says whether an endpoint has the trait.
func (t trait) has(s *view.Status) bool {
	return (t.provider == "" || t.provider == s.Provider) && (t.product == "" || t.product == s.Product) &&
		(t.region == "" || t.region == s.Region) && (t.network == "" || t.network == s.Network)
}

// of says whose endpoints have the trait: " of kms in cn-beijing".
func (t trait) of() string {
	var b strings.Builder
	switch {
	case t.product != "":
		b.WriteString(" of " + t.product)
		if t.region != "" {
			b.WriteString(" in " + t.region)
		}
	case t.region != "":
		b.WriteString(" of " + t.region)
	case t.provider != "":
		b.WriteString(" of the provider " + t.provider)
	}
	if t.network != "" {
		b.WriteString(" on the " + string(t.network) + " network")
	}
	return b.String()
}

// population counts the active endpoints by each trait.
type population map[trait]count

// count is how many endpoints there are, and how many of them are decided: an endpoint of which
// nothing is known says neither that its region is down nor that it is not.
type count struct{ all, decided int }

func populationOf(all []view.Status) population {
	p := population{}
	for i := range all {
		if all[i].Lifecycle != catalog.Active {
			continue
		}
		for _, t := range traitsOf(&all[i]) {
			c := p[t]
			c.all++
			if all[i].Present() != reason.Unknown {
				c.decided++
			}
			p[t] = c
		}
	}
	return p
}

// part is some endpoints that share a trait, or share nothing worth telling.
type part struct {
	trait   trait
	of      int // endpoints that have it and could share the fate of the members; 0: the trait says nothing
	silent  int // endpoints that have it of which nothing is known
	Members []*view.Status
}

// parts divides endpoints that share a fate by what they have in common: each part is the one that
// some trait describes best, judged by how many of its endpoints share the fate (precision) and how
// many of those that do it has (recall), as the F-measure of 0.5 has it: two whole regions tell more
// than most of the product that both belong to. What is left when no trait fits most is the last one.
func (p population) parts(members []*view.Status) []part {
	var parts []part
	rest := slices.Clone(members)
	for len(rest) > 1 && len(parts) < limit.WebParts-1 {
		best, found := p.best(rest)
		if !found {
			break
		}
		var left []*view.Status
		for _, s := range rest {
			if best.trait.has(s) {
				best.Members = append(best.Members, s)
			} else {
				left = append(left, s)
			}
		}
		parts, rest = append(parts, best), left
	}
	if len(rest) > 0 {
		parts = append(parts, p.rest(rest))
	}
	return parts
}

// best finds the trait that most of its endpoints share the fate of members by.
func (p population) best(members []*view.Status) (best part, found bool) {
	type candidate struct{ n, place int }
	candidates := map[trait]candidate{}
	for _, s := range members {
		for place, t := range traitsOf(s) {
			candidates[t] = candidate{candidates[t].n + 1, place}
		}
	}
	score, place := 0.0, 0
	for t, c := range candidates {
		of, silent := p.fate(t, members[0].Outcome)
		if c.n < 2 || 2*c.n <= of {
			continue
		}
		fit := 5 * float64(c.n) / float64(4*of+len(members))
		if order := cmp.Or(cmp.Compare(fit, score), cmp.Compare(place, c.place), strings.Compare(best.trait.of(), t.of())); !found || order > 0 {
			best, found, score, place = part{trait: t, of: of, silent: silent}, true, fit, c.place
		}
	}
	return best, found
}

// fate returns how many endpoints of a trait could have come out as o, and how many say nothing.
func (p population) fate(t trait, o reason.Outcome) (of, silent int) {
	c := p[t]
	if o == reason.Unknown {
		return c.all, 0
	}
	return c.decided, c.all - c.decided
}

// rest is what is left of endpoints, with the narrowest trait that all of them have.
func (p population) rest(members []*view.Status) part {
	x := part{Members: members}
	if len(members) == 1 {
		return x
	}
	for _, t := range traitsOf(members[0]) {
		shared := !slices.ContainsFunc(members, func(s *view.Status) bool { return !t.has(s) })
		if of, silent := p.fate(t, members[0].Outcome); shared && t != (trait{}) && (x.of == 0 || of < x.of) {
			x.trait, x.of, x.silent = t, of, silent
		}
	}
	if all, _ := p.fate(trait{}, members[0].Outcome); x.of == all || x.of > 4*len(members) {
		x.trait, x.of, x.silent = trait{}, 0, 0 // what nearly all others have as well tells nothing of these
	}
	return x
}

// Words describe the part: "all 12 endpoints of ap-guangzhou".
func (x part) Words() string {
	n := len(x.Members)
	endpoints := phrase.Plural(n, "endpoint", "endpoints")
	silent := ""
	if x.silent > 0 {
		silent = fmt.Sprintf(" (nothing is known about %d more)", x.silent)
	}
	switch {
	case n == 1:
		return x.Members[0].ID
	case x.of == 0:
		return fmt.Sprintf("%d %s", n, endpoints)
	case n < x.of:
		return fmt.Sprintf("%d of %d endpoints%s%s", n, x.of, x.trait.of(), silent)
	case x.silent > 0:
		return fmt.Sprintf("%d of %d endpoints%s (nothing is known about the %s)", n, n+x.silent, x.trait.of(), phrase.Plural(x.silent, "other", "others"))
	case n == 2:
		return "both endpoints" + x.trait.of()
	default:
		return fmt.Sprintf("all %d %s%s", n, endpoints, x.trait.of())
	}
}
