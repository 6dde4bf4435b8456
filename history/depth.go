package history

import "prober/limit"

// depth says how many closed roll-ups are kept of one endpoint.
type depth struct {
	tiers     [3]int // by Steps
	dayPhases bool   // whether those of a day have the times of phases
}

// depthOf is the depth for a number of endpoints and a retention in days: at most some 32 kB of
// each of a thousand endpoints, 7 kB of each of ten thousand, 4 kB of each of more.
func depthOf(endpoints, days int) depth {
	switch {
	case endpoints <= limit.HistoryFull:
		return depth{[3]int{288, 192, days}, true}
	case endpoints <= limit.HistoryLean:
		return depth{[3]int{24, 26, days}, false}
	}
	return depth{[3]int{12, 26, min(days, 31)}, false}
}

// phases says whether the roll-ups of a step have the times of phases.
func (d depth) phases(s Step) bool { return s != Day || d.dayPhases }
