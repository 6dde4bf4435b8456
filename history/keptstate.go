package history

import (
	"time"

	"prober/probe/reason"
)

// keptState is a State in half of its memory, without when the incident began, which the incident tells.
type keptState struct {
	since, reasonSince, lastProbe, known moment
	detail, reproduce                    string
	outcome                              reason.Outcome
	reason                               reason.Reason
}

func keptStateOf(s *State) keptState {
	return keptState{
		momentOf(s.Since), momentOf(s.ReasonSince), momentOf(s.LastProbe), momentOf(s.Known), s.Detail, s.Reproduce, s.Outcome, s.Reason,
	}
}

func (k *keptState) whole() State {
	return State{
		Outcome: k.outcome, Reason: k.reason, Since: k.since.time(), ReasonSince: k.reasonSince.time(),
		Detail: k.detail, Reproduce: k.reproduce, LastProbe: k.lastProbe.time(), Known: k.known.time(),
	}
}

// moment is a time of a probe in a third of the memory, in nanoseconds since 1970; 0: none.
type moment int64

func momentOf(t time.Time) moment {
	if t.IsZero() {
		return 0
	}
	return moment(t.UnixNano())
}

func (m moment) time() time.Time {
	if m == 0 {
		return time.Time{}
	}
	return time.Unix(0, int64(m)).UTC()
}
