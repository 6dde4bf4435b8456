package session

import (
	"maps"
	"slices"
	"strings"

	"prober/catalog"
	"prober/sandbox"
)

// ParseFaults reads the values of --fault: each ENDPOINT=FAULT gives the endpoints of c that
// it names a fault. An endpoint has one fault, so that a second one for it is refused. Errors
// are of type [*UsageError].
func ParseFaults(c *catalog.Catalog, list []string) (map[string]string, error) {
	all, first := map[string]string{}, map[string]string{}
	for _, text := range list {
		faults, err := sandbox.ParseFaults(c, []string{text})
		if err != nil {
			return nil, &UsageError{err}
		}
		for _, id := range slices.Sorted(maps.Keys(faults)) {
			if other, twice := first[id]; twice {
				return nil, usagef("--fault %s and --fault %s are both for %s, which can have one fault", other, text, id)
			}
			all[id], first[id] = faults[id], text
		}
	}
	return all, nil
}

// IdleFaults returns the values of --fault that no endpoint of endpoints gets: nobody looks at
// what they break. [ParseFaults] has accepted them.
func IdleFaults(c *catalog.Catalog, list []string, endpoints []catalog.Endpoint) []string {
	var idle []string
	for _, text := range list {
		faults, err := sandbox.ParseFaults(c, []string{text})
		used := slices.ContainsFunc(endpoints, func(e catalog.Endpoint) bool { return faults[e.ID] != "" })
		if err == nil && !used {
			idle = append(idle, text)
		}
	}
	return idle
}

// NoteIdleFaults says in a line that nobody looks at some faults; "" when there are none.
func NoteIdleFaults(idle []string) string {
	if len(idle) == 0 {
		return ""
	}
	return "--fault " + strings.Join(idle, ", --fault ") + ": none of its endpoints is selected, so nothing shows it"
}
