package history

import "prober/limit"

// depth says how many closed roll-ups are kept of one endpoint.
type depth struct {
	tiers  [3]int // by Steps
	phased Step   // the widest step whose roll-ups have the times of phases; 0: none has
}

// depthOf is the depth for a number of endpoints and a retention in days: at most some 32 kB of
// each of a thousand endpoints, 7 kB of each of ten thousand, 4 kB of each of thirty thousand, 2 kB of
// each of more.
func depthOf(endpoints, days int) depth {
	switch {
	case endpoints <= limit.HistoryFull:
		return depth{[3]int{288, 192, days}, Day}
	case endpoints <= limit.HistoryLean:
		return depth{[3]int{24, 26, days}, Hour}
	case endpoints <= limit.HistoryScant:
		return depth{[3]int{12, 26, min(days, 31)}, Hour}
	}
	return depth{[3]int{2, 25, min(days, 8)}, 0}
}

// phases says whether the roll-ups of a step have the times of phases.
func (d depth) phases(s Step) bool { return s <= d.phased }
