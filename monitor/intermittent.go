package monitor

import (
	"prober/monitor/view"
	"prober/probe/reason"
)

// When an endpoint is told to fail now and then: one outage that is over is no such thing, however long it was.
const (
	intermittentTimes   = 3  // that it failed, each with a result before the next that found it up
	intermittentResults = 30 // among which; of a long list fewer are kept
)

// intermittent tells how an endpoint fails now and then, whether each failure was confirmed or not; nil: it does not.
func (r results) intermittent() *view.IntermittentStatus {
	r = r[max(0, len(r)-intermittentResults):]
	times, failed, decided, down := 0, 0, 0, false
	var first, last result
	for _, x := range r {
		if x.outcome == reason.Unknown { // tells neither that it failed nor that it did not
			continue
		}
		if decided++; decided == 1 {
			first = x
		}
		failing := x.outcome == reason.Fail
		if failing {
			failed++
			last = x
			if !down {
				times++
			}
		}
		down = failing
	}
	if times < intermittentTimes {
		return nil
	}
	return &view.IntermittentStatus{
		Times: times, Failed: failed, Of: decided, From: first.time(), Last: last.time(), Words: last.reason.Words(), Cause: last.reason,
	}
}
