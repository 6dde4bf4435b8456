package monitor

import (
	"time"

	"prober/limit"
	"prober/monitor/view"
	"prober/probe/reason"
)

// doubt is a failure that is counted and not confirmed yet: the endpoint's state is still what it
// was. The next result that can tell decides, be it of a turn or of a probe made for that; but a turn
// that comes right after the failure and fails too has not seen it last.
type doubt struct {
	failed view.FailureStatus
	stands time.Time // from then on a turn that fails too confirms it
	mute   int       // results since then that could tell nothing
}

// confirmation is what came of a probe that was made to confirm a failure. It is the label of
// prober_confirmations_total.
type confirmation uint8

const (
	confirmed        confirmation = iota // it fails
	refuted                              // it does not
	undecided                            // it is unknown
	numConfirmations = iota
)

// String returns the value of the label.
func (c confirmation) String() string { return [...]string{"confirmed", "refuted", "undecided"}[c] }

func confirmationBy(o reason.Outcome) confirmation {
	switch o {
	case reason.Fail:
		return confirmed
	case reason.Unknown:
		return undecided
	}
	return refuted
}

// decide makes a result the state, unless it is a failure to be confirmed first, which one that an
// earlier process has confirmed is not any more. A result that could tell nothing leaves the doubt as it is, a few times; then it is not known any more how the
// endpoint is. The caller holds e.mu.
func (e *endpoint) decide(next *summary, failed view.FailureStatus, in intake) (c change) {
	first := !e.last.probed()
	c.first, c.from = first, e.last.outcome
	if first && e.before != nil {
		c.first, c.from = false, *e.before
	}
	switch d := e.doubt; {
	case in.confirm && d == nil && next.outcome == reason.Fail && c.from != reason.Fail:
		e.doubt = &doubt{failed: failed, stands: in.stands}
		c.doubted, c.ask = true, true
	case d != nil && next.outcome == reason.Fail && in.counts && next.started.Before(d.stands):
		c.ask = true
	case d != nil && next.outcome == reason.Unknown && d.mute+1 < limit.MuteConfirmations:
		d.mute++
		c.ask = true
	default:
		c.refuted = d != nil && view.Up(next.outcome)
		e.doubt, e.before = nil, nil
		if first || e.last.outcome != next.outcome || e.last.reason != next.reason {
			e.since = instantOf(next.started)
		}
		e.last = *next
	}
	c.stays = e.doubt != nil
	if c.stays && !first && !e.last.recalled { // it was looked at all the same
		e.last.started, e.last.total = next.started, next.total
	}
	c.to, c.reason = e.last.outcome, e.last.reason
	if c.doubted {
		c.reason = next.reason
	}
	return c
}

// beginConfirming begins a probe that is to confirm a failure; false where nothing is in doubt any
// more, or a turn that will tell has begun.
func (e *endpoint) beginConfirming() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.removed || e.doubt == nil || e.busy {
		return false
	}
	e.busy, e.confirming = true, true
	return true
}

// counts says of the probe that has just ended whether it was a turn, and not made to confirm a
// failure.
func (e *endpoint) counts() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	counts := !e.confirming
	e.confirming = false
	return counts
}
