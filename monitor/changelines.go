package monitor

import (
	"time"

	"prober/limit"
	"prober/monitor/view"
	"prober/probe/reason"
)

// changeLines bounds what the log says of endpoints that change: when ten thousand fail at once, the
// line that says so must not be lost among ten thousand.
type changeLines struct {
	began  time.Time // of the minute
	lines  int
	left   [view.NumOutcomes]int // changes that had no room, by what the outcome became
	doubts int                   // failures to be confirmed, or not confirmed, that had none
}

// room says whether there is room for another line.
func (l *changeLines) room(now time.Time) bool {
	if l.began.IsZero() {
		l.began = now
	}
	if l.lines >= limit.ChangeLines {
		return false
	}
	l.lines++
	return true
}

// sumUp ends a minute that has passed, or that nothing follows, and says what had no room in it. The
// caller holds m.recording.
func (m *Monitor) sumUp(last bool) {
	l := m.changes
	if l.began.IsZero() || !last && m.steady().Sub(l.began) < time.Minute {
		return
	}
	m.changes = changeLines{}
	more := 0
	for _, n := range l.left {
		more += n
	}
	if more+l.doubts == 0 {
		return
	}
	m.config.Logger.Warn("more endpoints changed than have a line each", "outcomes_changed", more, "to_ok", l.left[reason.OK],
		"to_degraded", l.left[reason.Degraded], "to_fail", l.left[reason.Fail], "to_unknown", l.left[reason.Unknown], "confirmations", l.doubts)
}
