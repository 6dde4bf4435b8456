package monitor

import (
	"strings"
	"testing"
	"time"

	"prober/probe/reason"
)

// The page says that endpoints are probed every minute only as long as they are.
func TestCadence(t *testing.T) {
	list := targets(3)
	tests := []struct {
		name  string
		gaps  []time.Duration // between the results of all
		wait  time.Duration
		want  string
		state reason.Outcome
	}{
		{"no results", nil, 0, "each endpoint is to be probed every 1 min", reason.Unknown},
		{"one each", []time.Duration{0}, 0, "each endpoint is to be probed every 1 min", reason.Unknown},
		{"kept", []time.Duration{0, time.Minute, time.Minute}, 0, "each endpoint is probed every 1 min", reason.Unknown},
		{"an early turn", []time.Duration{0, 10 * time.Second}, 0, "each endpoint is probed every 1 min", reason.Unknown},
		{"late", []time.Duration{0, time.Minute, 2 * time.Minute}, 0, "each endpoint is to be probed every 1 min, but 3 of 3 had their last results further apart, the furthest 2 min", reason.Degraded},
		{"late before", []time.Duration{0, 2 * time.Minute, time.Minute}, 0, "each endpoint is probed every 1 min", reason.Unknown},
		{"no more", []time.Duration{0, time.Minute}, 4 * time.Minute, "each endpoint is to be probed every 1 min; the last result of 3 endpoints is older than 3 min", reason.Degraded},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, c := monitorOf(t, list, nil)
			for _, gap := range tt.gaps {
				c.Advance(gap)
				for _, x := range list {
					feed(t, m, okObservation(x, c.Now()))
				}
			}
			c.Advance(tt.wait)
			got := m.cadence(c.Now())
			if got.Words() != tt.want || got.State() != tt.state {
				t.Errorf("%q %v, want %q %v", got.Words(), got.State(), tt.want, tt.state)
			}
			if old := tt.wait > 0; old != strings.Contains(get(t, m, "/").Body.String(), "stale</span>") {
				t.Errorf("a row says that its result is stale: %v", !old)
			}
		})
	}
}
