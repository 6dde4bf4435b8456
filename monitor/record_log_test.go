package monitor

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"prober/probe/reason"
)

// Who debugs sees a line for each probe, and others see none.
func TestDebugLogsEachProbe(t *testing.T) {
	for level, want := range map[slog.Level]int{slog.LevelDebug: 2, slog.LevelInfo: 0} {
		var out bytes.Buffer
		list := targets(1)
		m, c := monitorOf(t, list, func(c *Config) {
			c.Logger = slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: level}))
		})
		feed(t, m, okObservation(list[0], c.Now()))
		feed(t, m, badObservation(list[0], c.Now(), reason.ConnectTimeout))
		if got := strings.Count(out.String(), "msg=probed"); got != want {
			t.Errorf("%v: %d lines, want %d\n%s", level, got, want, out.String())
		}
		if want > 0 && !strings.Contains(out.String(), "outcome=fail reason=connect/timeout") {
			t.Errorf("no line says what was found:\n%s", out.String())
		}
	}
}
