package session

import (
	"maps"
	"slices"
	"strings"

	"prober/catalog"
	"prober/sandbox"
)

// Faults are the values of --fault, in their order. An endpoint has one fault at most.
type Faults []fault

type fault struct {
	text string            // ENDPOINT=FAULT
	of   map[string]string // the fault's name, by the ids of the endpoints that get it
}

// parseFaults reads the values of --fault. Errors are of type [*UsageError].
func parseFaults(c *catalog.Catalog, list []string) (Faults, error) {
	var out Faults
	for _, text := range list {
		of, err := sandbox.ParseFaults(c, []string{text})
		if err != nil {
			return nil, &UsageError{err}
		}
		for _, id := range slices.Sorted(maps.Keys(of)) {
			if i := slices.IndexFunc(out, func(f fault) bool { return f.of[id] != "" }); i >= 0 {
				return nil, Usagef("--fault %s and --fault %s are both for %s, which can have one fault", out[i].text, text, id)
			}
		}
		out = append(out, fault{text, of})
	}
	return out, nil
}

// ByEndpoint returns the names of the faults by the ids of the endpoints.
func (l Faults) ByEndpoint() map[string]string {
	all := map[string]string{}
	for _, f := range l {
		maps.Copy(all, f.of)
	}
	return all
}

// Of returns the name of the fault of an endpoint; "" when it has none.
func (l Faults) Of(id string) string {
	for _, f := range l {
		if name := f.of[id]; name != "" {
			return name
		}
	}
	return ""
}

// Idle says in a line which faults no endpoint of endpoints gets, so that nobody looks at what
// they break; "" when there are none.
func (l Faults) Idle(endpoints []catalog.Endpoint) string {
	var idle []string
	for _, f := range l {
		if !slices.ContainsFunc(endpoints, func(e catalog.Endpoint) bool { return f.of[e.ID] != "" }) {
			idle = append(idle, "--fault "+f.text)
		}
	}
	if len(idle) == 0 {
		return ""
	}
	return strings.Join(idle, ", ") + ": none of its endpoints is selected, so nothing shows it"
}
