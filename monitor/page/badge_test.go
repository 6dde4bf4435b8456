package page

import (
	"strings"
	"testing"

	"prober/monitor/view"
	"prober/probe/reason"
)

func TestGroupInWords(t *testing.T) {
	for _, tt := range []struct {
		counts  [view.NumOutcomes]int
		want    string
		state   reason.Outcome
		excused int
	}{
		{[view.NumOutcomes]int{}, "none is listed", reason.Unknown, 0},
		{[view.NumOutcomes]int{reason.Unknown: 3}, "not known", reason.Unknown, 0},
		{[view.NumOutcomes]int{reason.OK: 3}, "3 of 3 up", reason.OK, 0},
		{[view.NumOutcomes]int{reason.OK: 2, reason.Unknown: 1}, "2 of 3 up, others not known", reason.Unknown, 0},
		{[view.NumOutcomes]int{reason.OK: 2, reason.Unknown: 2}, "2 of 4 up, others not known", reason.Unknown, 1},
		{[view.NumOutcomes]int{reason.OK: 2, reason.Unknown: 1}, "2 of 3 up, others not known", reason.OK, 1},
		{[view.NumOutcomes]int{reason.OK: 2, reason.Degraded: 1}, "1 of 3 degraded", reason.Degraded, 0},
		{[view.NumOutcomes]int{reason.Unknown: 2, reason.Degraded: 1, reason.Fail: 1}, "1 of 4 down", reason.Fail, 0},
	} {
		n := 0
		for _, c := range tt.counts {
			n += c
		}
		if got, state := groupInWords(n, tt.counts, tt.excused); got != tt.want || state != tt.state {
			t.Errorf("%v: %q %v, want %q %v", tt.counts, got, state, tt.want, tt.state)
		}
	}
}

// White on the colours of badges can be read.
func TestBadgeColours(t *testing.T) {
	for o, colour := range badgeColours {
		if c := contrast("ffffff", strings.TrimPrefix(colour, "#")); c < 4.5 {
			t.Errorf("white on the colour of %v has a contrast of %.1f", reason.Outcome(o), c)
		}
	}
}
