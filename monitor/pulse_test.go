package monitor

import (
	"context"
	"testing"
	"testing/synctest"

	"prober/monitor/fixture"
)

// A schedule gives signs of life however long nothing is due, and none while it does not run.
func TestPulse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, _ := monitorOf(t, fixture.Targets(1), nil)
		for range 2 {
			if m.Pulse() {
				t.Error("it lives without running")
			}
		}
		ctx, stop := context.WithCancel(t.Context())
		ran := make(chan error)
		go func() { ran <- m.Run(ctx) }()
		for range 3 {
			synctest.Wait()
			if !m.Pulse() {
				t.Error("it runs, and gives no sign of life")
			}
		}
		stop()
		<-ran
		m.Pulse()
		if m.Pulse() {
			t.Error("it has ended, and gives signs of life")
		}
	})
}
