package history

import (
	"iter"
	"time"

	"prober/probe"
	"prober/probe/reason"
)

// Timing is how long one phase of a probe took at one address, or with NoPhase, the whole.
type Timing struct {
	Phase reason.Phase
	Took  time.Duration
}

// Timings yields the times of an observation that say something about the endpoint: of each phase
// that was completed, and of the whole where an address answered in full. How long the others took
// to fail says how patient the prober is; and where this process stood still, nothing does.
func Timings(o *probe.Observation) iter.Seq[Timing] {
	return func(yield func(Timing) bool) {
		if o.Stalled {
			return
		}
		if len(o.Addresses) > 0 && o.DNS != nil && !yield(Timing{reason.Resolve, o.Addresses[0].Phases.Resolve}) {
			return
		}
		short := o.Scheme.IsKnown() && !o.Scheme.IsHTTP() // of another kind, which leaves phases out
		for i := range o.Addresses {
			a := &o.Addresses[i]
			for _, phase := range probe.TimedPhases()[1:] {
				if d, did := a.Phases.Took(phase); (did || !short) && completed(a, phase, d) && !yield(Timing{phase, d}) {
					return
				}
			}
			if answered(a) && !yield(Timing{reason.NoPhase, a.Phases.Total}) {
				return
			}
		}
	}
}

// answered says that an address gave its whole reply.
func answered(a *probe.AddressResult) bool {
	return a.Outcome == reason.OK || a.Outcome == reason.Degraded
}

// completed says that an address went through a whole phase. Over plain HTTP there is no TLS phase,
// so a time of 0 counts only for the phases that every probe with a request has.
func completed(a *probe.AddressResult, p reason.Phase, d time.Duration) bool {
	if p == reason.TLS && d == 0 {
		return false
	}
	return answered(a) || a.Phases.Reached > p && a.Phases.Reached < reason.Prober
}
