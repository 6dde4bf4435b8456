package main

import (
	"errors"
	"fmt"

	"prober/probe"
	"prober/probe/reason"
	"prober/prose"
	"prober/report"
)

// tally counts outcomes. Closed and doubtful endpoints, and those on a private network
// that the prober is outside of, are counted apart: they never change an exit code.
type tally struct {
	by       map[reason.Outcome]int
	aside    int                 // closed, doubtful, or skipped as private
	asideBad int                 // of those, the ones that are not ok
	lost     []probe.Observation // of those that count, for want of a resolver
	heard    bool                // a resolver told of some
}

func count(observations []probe.Observation) tally {
	t := tally{by: map[reason.Outcome]int{}}
	for _, o := range observations {
		if decides(o) {
			t.by[o.Outcome]++
			t.heard = t.heard || o.LookedUp().IsValid()
			if o.Lost() {
				t.lost = append(t.lost, o)
			}
			continue
		}
		t.aside++
		if o.Outcome != reason.OK {
			t.asideBad++
		}
	}
	return t
}

// decides reports whether an observation may change the exit code.
func decides(o probe.Observation) bool {
	return o.Endpoint.Lifecycle.IsActive() && o.Reason != reason.ProberPrivateNetwork
}

// checkVerdict turns the observations into the exit code, and says on stderr why nothing
// could be decided.
func (a *app) checkVerdict(observations []probe.Observation, strict bool) error {
	t := count(observations)
	unknown, worked := t.by[reason.Unknown], t.by[reason.OK]+t.by[reason.Degraded]
	switch {
	case t.by[reason.Fail] > 0, strict && t.by[reason.Degraded] > 0:
		return &exitError{code: report.ExitFail}
	case unknown > 0 && len(t.lost) == unknown && t.heard:
		return &exitError{report.ExitUndecided, fmt.Errorf("%s could not be looked up: %s", prose.Plural(unknown, "endpoint"), t.lost[0].Detail)}
	case unknown > 0 && len(t.lost) == unknown:
		return &exitError{report.ExitUndecided, fmt.Errorf("no resolver can be used, so %s could not be looked up: %s", prose.Plural(unknown, "endpoint"), t.lost[0].Detail)}
	case unknown > 0:
		return &exitError{report.ExitUndecided, fmt.Errorf("%s could not be decided", prose.Plural(unknown, "endpoint"))}
	case worked == 0 && len(observations) == 0:
		return &exitError{report.ExitUndecided, errors.New("nothing was selected: the flags name no common endpoint")}
	case worked == 0:
		return &exitError{report.ExitUndecided, errors.New("nothing was decided: all selected endpoints are closed, doubtful, or on a private network (--inside says that the prober is in it)")}
	}
	return nil
}
