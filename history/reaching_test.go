package history_test

import (
	"testing"
	"time"

	"prober/history"
	"prober/probe/reason"
)

// Who asks for a day is answered in steps of five minutes, although time goes on between the question and
// the answer.
func TestADayHasFineSteps(t *testing.T) {
	w := &watch{start}
	h := follow(t, w, "a")
	for range 600 {
		h.Record("a", seen(w.at, reason.OK, reason.None), history.Turn)
		w.at = w.at.Add(5 * time.Minute)
	}
	for late, want := range map[time.Duration]time.Duration{
		0: 5 * time.Minute, time.Millisecond: 5 * time.Minute, 3 * time.Minute: 5 * time.Minute, 11 * time.Minute: time.Hour,
	} {
		from, to := w.at.Add(-24*time.Hour), w.at
		w.at = w.at.Add(late)
		if step, rollups := h.Series("a", from, to, 300); step.Duration() != want || want < time.Hour && len(rollups) < 287 {
			t.Errorf("%v later: %d steps of %v, want %v", late, len(rollups), step.Duration(), want)
		}
		cells := h.Strip("a", from, to, 300)
		if got := cells[0].To.Sub(cells[0].From); got != want {
			t.Errorf("%v later: cells of %v, want %v", late, got, want)
		}
		w.at = to
	}
}
