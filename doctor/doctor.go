// Package doctor looks at what a prober stands on, and says of each part whether it makes results
// wrong: the resolvers, the ways out by IPv4 and IPv6, the clock, the authorities, the files that the
// process may have open, and what surrounds it and is not used. A prober says "unknown" where its own
// environment fails it; here stands why, and what to do about it.
//
// It asks nobody whom a probe would not ask: the resolvers of the prober, a few of the selected
// endpoints, and the controls that the user named.
package doctor

import (
	"context"
	"net/netip"
	"slices"
	"sync"

	"prober/limit"
	"prober/probe"
	"prober/probe/certs"
)

// Result says what a part of the environment does to results.
type Result string

// The results, from good to bad.
const (
	Fine    Result = "ok"
	Note    Result = "note"    // worth knowing; it makes no result wrong
	Unknown Result = "unknown" // it could not be told
	Wrong   Result = "wrong"   // results will be wrong, or unknown, for as long as it is so
)

// Finding is what was found about one part.
type Finding struct {
	Check   string `json:"check"`   // resolver, family, clock, ...
	Subject string `json:"subject"` // which of them; empty where there is one
	Result  Result `json:"result"`
	Detail  string `json:"detail"` // what was seen
	Advice  string `json:"advice"` // what to do; empty where there is nothing
}

// Patient is the environment of a prober.
type Patient struct {
	Prober    *probe.Prober
	Targets   []probe.Target // the selected ones
	Resolvers []netip.AddrPort
	// NoResolvers says why there are none.
	NoResolvers error
	Reaches     []probe.Reach // controls beyond the lookup
	Family      string        // "4", "6", or empty for both
	// Route reports whether the machine has a way to addresses of a family.
	Route func(six bool) bool

	Authorities Authorities
	Proxies     []string // names of proxy variables that are set
	Guard       probe.Guard
	// Files is how many files the process may have open; the complaint is empty if they are enough.
	Files     int
	FilesNeed string
}

// Authorities are the roots that certificates are verified with.
type Authorities struct {
	Source  string // where they are from: a file, or in words
	Anchors certs.Anchors
	// Uncounted says that the system keeps them where they cannot be counted; Some that it has some.
	Uncounted, Some bool
}

// Examine looks at everything, a line each. It takes about two timeouts of the prober's.
func Examine(ctx context.Context, p Patient) []Finding {
	targets := sample(p.Targets)
	exams := make([]probe.Examination, len(p.Resolvers))
	seen := make([]probe.Observation, len(targets))
	reached := make([]Finding, len(p.Reaches))
	var all sync.WaitGroup
	for i, r := range p.Resolvers {
		all.Go(func() { exams[i] = p.Prober.Examine(ctx, r) })
	}
	for i, t := range targets {
		all.Go(func() { seen[i] = p.Prober.Probe(ctx, t) })
	}
	for i, r := range p.Reaches {
		all.Go(func() { reached[i] = control(r, p.Prober.Try(ctx, r)) })
	}
	all.Wait()
	return slices.Concat(resolvers(exams, p.NoResolvers), reached, []Finding{endpoints(seen, reached)}, families(p, seen),
		[]Finding{clock(seen), guard(p.Guard, seen), authorities(p.Authorities), proxies(p.Proxies), descriptors(p.Files, p.FilesNeed)})
}

// sample picks a few targets that tell most: of different zones, those on the internet first.
func sample(targets []probe.Target) (some []probe.Target) {
	zones := map[string]bool{}
	for _, t := range targets {
		if zone := string(t.Endpoint.Network) + " " + probe.ZoneOf(t.Endpoint.Host); !zones[zone] && len(some) < limit.DoctorEndpoints {
			zones[zone] = true
			some = append(some, t)
		}
	}
	for _, t := range targets {
		if len(some) < limit.DoctorEndpoints && !slices.ContainsFunc(some, func(x probe.Target) bool { return x.Endpoint.ID == t.Endpoint.ID }) {
			some = append(some, t)
		}
	}
	return some
}

// Worst is the result of the whole: the worst of all.
func Worst(found []Finding) Result {
	order := []Result{Fine, Note, Unknown, Wrong}
	worst := Fine
	for _, f := range found {
		if slices.Index(order, f.Result) > slices.Index(order, worst) {
			worst = f.Result
		}
	}
	return worst
}
