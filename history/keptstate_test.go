package history

import (
	"testing"
	"time"

	"prober/probe/reason"
)

// What is kept of a state is all of it, and nothing of one that is not known.
func TestStateIsKept(t *testing.T) {
	at := time.Date(2026, 11, 27, 8, 0, 0, 7, time.UTC)
	full := State{
		Outcome: reason.Fail, Reason: reason.ConnectTimeout, Since: at, ReasonSince: at.Add(1),
		Detail: "detail", Reproduce: "reproduce", LastProbe: at.Add(2), Known: at.Add(3),
	}
	for _, want := range []State{{}, full} {
		kept := keptStateOf(&want)
		if got := kept.whole(); got != want {
			t.Errorf("%+v is kept as %+v", want, got)
		}
	}
}
