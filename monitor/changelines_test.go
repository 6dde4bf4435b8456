package monitor

import (
	"bytes"
	"log/slog"
	"strconv"
	"strings"
	"testing"

	"prober/limit"
	"prober/probe/reason"
)

// When many endpoints change at once the log has some lines, and one that sums up the rest.
func TestTheLogSumsUpWhenManyChange(t *testing.T) {
	const more = 7
	var out bytes.Buffer
	list := targets(limit.ChangeLines + more)
	m, c := monitorOf(t, list, func(c *Config) { c.Logger = slog.New(slog.NewTextHandler(&out, nil)) })
	for _, x := range list {
		e := m.list.Load().byID[x.Endpoint.ID]
		o := badObservation(x, c.Now(), reason.ConnectTimeout)
		m.recording.Lock()
		m.logChange(e, &o, change{first: true, to: reason.Fail, reason: o.Reason})
		m.logDoubt(e, &o, change{refuted: true})
		m.recording.Unlock()
	}
	said := func(text string) int { return strings.Count(out.String(), text) }
	if lines := said("outcome changed") + said("failure not confirmed"); lines != limit.ChangeLines {
		t.Errorf("%d lines, want %d", lines, limit.ChangeLines)
	}
	half := limit.ChangeLines / 2 // each endpoint had two lines to write
	m.sumUp(false)
	if said("more endpoints changed") != 0 {
		t.Error("the minute is summed up before it has passed")
	}
	m.sumUp(true)
	m.sumUp(true)
	if said("more endpoints changed") != 1 || said("outcomes_changed="+strconv.Itoa(half+more)+" ") != 1 || said("confirmations="+strconv.Itoa(half+more)) != 1 {
		t.Errorf("the sum is not right:\n%s", out.String()[max(0, out.Len()-300):])
	}
}
