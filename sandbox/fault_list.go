package sandbox

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"prober/catalog"
	"prober/probe/reason"
	"prober/suggest"
)

// Faults returns every fault that has a reason, in the order of the phases, with the
// products of c that it is for.
func Faults(c *catalog.Catalog) []Fault {
	return listed(c, func(f Fault) bool { return !f.Variant && !f.Whole && f.Reason != reason.None })
}

// Outages returns the faults of the sandbox's resolver and network: put on any endpoint, they break
// everything, so that a client should find that it is not the endpoints that are broken.
func Outages(c *catalog.Catalog) []Fault {
	return listed(c, func(f Fault) bool { return f.Whole })
}

// Breaches returns the faults without a reason: each breaks a requirement that takes more
// than one probe to judge, so that only the suites see it.
func Breaches(c *catalog.Catalog) []Fault {
	return listed(c, func(f Fault) bool { return !f.Variant && f.Reason == reason.None })
}

// Variants returns the harmless behaviours, which every client must take for healthy.
func Variants(c *catalog.Catalog) []Fault {
	return listed(c, func(f Fault) bool { return f.Variant })
}

func listed(c *catalog.Catalog, is func(Fault) bool) []Fault {
	var out []Fault
	for _, s := range allSpecs() {
		if is(s.Fault) {
			s.Products = s.products(c)
			if s.scope.network != "" {
				s.Networks = []catalog.Network{s.scope.network}
			}
			out = append(out, s.Fault)
		}
	}
	return out
}

// allSpecs returns every fault and variant in the order of the phases.
func allSpecs() []spec {
	return slices.Concat(
		resolveFaults(), connectFaults(), tlsFaults(), certificateFaults(), versionFaults(),
		requestFaults(), headerFaults(), bodyFaults(), laxFaults(), verifyFaults(), apiFaults(), checkFaults(), kindFaults(), outages(), breaches(), variants(),
	)
}

// specs returns every fault and variant by name.
func specs() map[string]spec {
	byName := make(map[string]spec)
	for _, s := range allSpecs() {
		byName[s.Name] = s
	}
	return byName
}

const lostNowhere = "loopback loses nothing, and a program cannot make it: what tears packets off needs the rights of an administrator"

// WithoutFault returns the reasons outside the phase prober that no fault causes, with why.
func WithoutFault() map[reason.Reason]string {
	return map[reason.Reason]string{
		reason.ConnectReset: "on loopback the kernel completes the handshake by itself: " +
			"a RST in answer to the SYN is a refusal, and whether one that follows the handshake " +
			"overtakes the end of connect(2) is chance",
		reason.TLSCertWildcard: "no host of the catalogue stands directly below a public suffix, and no issuer of their certificates excludes names",
		reason.RequestWriteTimeout: "a probe's request fits into the socket buffers, so that one which is not read " +
			"looks like one which is not answered",
		reason.TLSLost: lostNowhere, reason.RequestLost: lostNowhere, reason.HeadersLost: lostNowhere, reason.BodyLost: lostNowhere,
	}
}

// ParseFaults reads specifications of the form ENDPOINT=FAULT. ENDPOINT is an id, a host
// name or a pattern, as [catalog.Catalog.Match] reads them; a pattern puts the fault on
// those of its endpoints that can have it. Of several specifications for one endpoint
// the last counts. The result is what [Config.Faults] takes.
func ParseFaults(c *catalog.Catalog, list []string) (map[string]string, error) {
	out := make(map[string]string)
	if len(list) == 0 {
		return out, nil // most runs: the list of faults is long
	}
	known := specs()
	for _, text := range list {
		word, name, ok := strings.Cut(text, "=")
		if !ok || word == "" || name == "" {
			return nil, fmt.Errorf("fault %q: want ENDPOINT=FAULT", text)
		}
		f, err := lookup(known, name)
		if err != nil {
			return nil, err
		}
		endpoints, err := c.Match(word)
		if err != nil {
			return nil, fmt.Errorf("fault %q: %w", text, err)
		}
		suiting := 0
		var misfit error
		for _, e := range endpoints {
			if err := f.check(c, e); err != nil {
				misfit = err
				continue
			}
			out[e.ID] = f.Name
			suiting++
		}
		if suiting == 0 {
			return nil, misfit
		}
	}
	return out, nil
}

// formerNames are the names that faults had, which still name them.
func formerNames() map[string]string {
	return map[string]string{"bad_chunking_cut": "body_truncated_between_chunks"}
}

// lookup finds a fault by name.
func lookup(known map[string]spec, name string) (spec, error) {
	if f, ok := known[cmp.Or(formerNames()[name], name)]; ok {
		return f, nil
	}
	hint := near(name, slices.Sorted(maps.Keys(known)))
	return spec{}, fmt.Errorf("unknown fault %q%s", name, cmp.Or(hint, `; "prober sandbox --list-faults" shows them`))
}

// near returns a hint at the known words that are most like word, at most three.
func near(word string, known []string) string {
	far := func(k string) int {
		if strings.Contains(k, word) || strings.Contains(word, k) {
			return min(2, suggest.Edits(word, k))
		}
		return suggest.Edits(word, k)
	}
	like := slices.DeleteFunc(known, func(k string) bool { return far(k) > max(2, len(word)/3) })
	if len(like) == 0 {
		return ""
	}
	slices.SortStableFunc(like, func(a, b string) int { return far(a) - far(b) })
	like = like[:min(3, len(like))]
	for i := range like {
		like[i] = strconv.Quote(like[i])
	}
	return "; did you mean " + strings.Join(like, ", ") + "?"
}
