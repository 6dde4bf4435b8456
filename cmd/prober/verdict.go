package main

import (
	"errors"
	"fmt"

	"prober/catalog"
	"prober/probe"
	"prober/probe/reason"
)

// tally counts outcomes. Closed and doubtful endpoints, and those on a private network
// that the prober is outside of, are counted apart: they never change an exit code.
type tally struct {
	ok, degraded, failed, unknown int
	aside                         int // closed, doubtful, or skipped as private
	asideBad                      int // of those, the ones that are not ok
	resolverLost                  int
}

func count(observations []probe.Observation) (t tally) {
	for _, o := range observations {
		if o.Reason == reason.ProberResolverUnavailable {
			t.resolverLost++
		}
		if !decides(o) {
			t.aside++
			if o.Outcome != reason.OK {
				t.asideBad++
			}
			continue
		}
		switch o.Outcome {
		case reason.OK:
			t.ok++
		case reason.Degraded:
			t.degraded++
		case reason.Fail:
			t.failed++
		default:
			t.unknown++
		}
	}
	return t
}

// decides reports whether an observation may change the exit code.
func decides(o probe.Observation) bool {
	l := o.Endpoint.Lifecycle
	return (l == catalog.Active || l == "") && o.Reason != reason.ProberPrivateNetwork
}

// checkVerdict turns the observations into the exit code, and says on stderr why nothing
// could be decided.
func (a *app) checkVerdict(observations []probe.Observation, strict bool) error {
	t := count(observations)
	switch {
	case t.failed > 0, strict && t.degraded > 0:
		return &exitError{code: exitFailed}
	case t.resolverLost > 0 && t.resolverLost == t.unknown:
		return &exitError{exitUndecided, fmt.Errorf("no resolver can be used, so %s could not be looked up: %s", plural(t.resolverLost, "endpoint"), firstDetail(observations))}
	case t.unknown > 0:
		return &exitError{exitUndecided, fmt.Errorf("%s could not be decided", plural(t.unknown, "endpoint"))}
	case t.ok+t.degraded == 0 && len(observations) == 0:
		return &exitError{exitUndecided, errors.New("nothing was selected: the flags name no common endpoint")}
	case t.ok+t.degraded == 0:
		return &exitError{exitUndecided, errors.New("nothing was decided: all selected endpoints are closed, doubtful, or on a private network (--inside says that the prober is in it)")}
	}
	return nil
}

func firstDetail(observations []probe.Observation) string {
	for _, o := range observations {
		if o.Reason == reason.ProberResolverUnavailable {
			return o.Detail
		}
	}
	return ""
}
