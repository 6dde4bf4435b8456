package session

import (
	"maps"
	"slices"
	"strings"

	"prober/catalog"
	"prober/sandbox"
)

// Faults are the values of --fault. An endpoint has one fault at most.
type Faults struct {
	ByEndpoint map[string]string // the names of the faults, by the ids of the endpoints

	given []string          // in their order, as ENDPOINT=FAULT
	from  map[string]string // which of these is for an endpoint, by its id
}

// parseFaults reads the values of --fault. Errors are of type [*UsageError].
func parseFaults(c *catalog.Catalog, list []string) (Faults, error) {
	all := Faults{ByEndpoint: map[string]string{}, given: list, from: map[string]string{}}
	for _, text := range list {
		faults, err := sandbox.ParseFaults(c, []string{text})
		if err != nil {
			return all, &UsageError{err}
		}
		for _, id := range slices.Sorted(maps.Keys(faults)) {
			if other := all.from[id]; other != "" {
				return all, Usagef("--fault %s and --fault %s are both for %s, which can have one fault", other, text, id)
			}
			all.ByEndpoint[id], all.from[id] = faults[id], text
		}
	}
	return all, nil
}

// Idle says in a line which faults no endpoint of endpoints gets, so that nobody looks at what
// they break; "" when there are none.
func (f Faults) Idle(endpoints []catalog.Endpoint) string {
	idle := slices.Clone(f.given)
	for _, e := range endpoints {
		idle = slices.DeleteFunc(idle, func(text string) bool { return text == f.from[e.ID] })
	}
	if len(idle) == 0 {
		return ""
	}
	return "--fault " + strings.Join(idle, ", --fault ") + ": none of its endpoints is selected, so nothing shows it"
}
