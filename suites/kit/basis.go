package kit

import (
	"prober/probe"
	"prober/probe/reason"
)

// Names of what a survey holds beside the answers to questions.
const (
	OverHTTPS = "https"
	OverHTTP  = "http"
)

// Basis is what a spec rests on: which parts of a survey, and whether they can tell.
//
// A spec about several addresses or answers is judged over those that can tell. What one of
// them shows to be broken is broken; but it is kept only where all could tell.
type Basis struct {
	// On names OverHTTPS, OverHTTP and questions.
	On []string
	// Heavy: one of the questions is.
	Heavy bool

	// tells says why nothing can be judged; "" when something can.
	tells func(s *Survey) (SkipReason, string)
	// part returns what can be judged, and what is lacking for the whole; nil means all.
	part func(s *Survey) (telling *Survey, lacking string)
}

// orWithout lets another function judge surveys in which no address can tell.
func (b Basis) orWithout(tells func(*Survey) (SkipReason, string)) Basis {
	addresses := b.tells
	b.tells = func(s *Survey) (SkipReason, string) {
		if why, _ := addresses(s); why == "" {
			return "", ""
		}
		return tells(s)
	}
	return b
}

// unless asks another function first.
func (b Basis) unless(skips func(*Survey) (SkipReason, string)) Basis {
	tells := b.tells
	b.tells = func(s *Survey) (SkipReason, string) {
		if why, text := skips(s); why != "" {
			return why, text
		}
		return tells(s)
	}
	return b
}

func undecided(o probe.Observation) (SkipReason, string) {
	if o.Reason == reason.ProberPrivateNetwork {
		return PrivateNetwork, o.Detail
	}
	if o.Reason == reason.None {
		return Inconclusive, "nothing was observed"
	}
	return Inconclusive, o.Reason.String() + ": " + o.Detail
}
