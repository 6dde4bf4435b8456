package page

import (
	"fmt"
	"strings"
	"time"
)

// span is how far back a page, a badge or an answer looks.
type span struct {
	Name   string        // as links and parameters have it
	Words  string        // as people say it
	length time.Duration // until now
	row    time.Duration // that a row of a table sums up
}

const day = 24 * time.Hour

// spans are those that can be asked for, the shortest first. They are those over which
// availability is told.
func spans() []span {
	return []span{
		{"24h", "24 hours", day, time.Hour},
		{"7d", "7 days", 7 * day, 6 * time.Hour},
		{"30d", "30 days", 30 * day, day},
		{"90d", "90 days", 90 * day, 3 * day},
	}
}

// spanNamed finds the span of a parameter; of an empty one it is the shortest.
func spanNamed(name string) (span, error) {
	var names []string
	for _, s := range spans() {
		if name == s.Name || name == "" {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return span{}, fmt.Errorf("the parameter span is none of %s", strings.Join(names, ", "))
}
