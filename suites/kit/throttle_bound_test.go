package kit

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// An API that throttles whatever comes is given up before three timeouts are over, as one that is
// silent, and not before it was asked a few times.
func TestThrottlingIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := throttle{pause: func(_ context.Context, d time.Duration) error { time.Sleep(d); return nil }}
		began, asked := time.Now(), 0
		for slow.enough() == nil {
			pace, _ := slow.wait(t.Context())
			slow.heard("the question", complaint{made: true}, pace)
			asked++
		}
		if took := time.Since(began); took > within(3) || took < within(2) || asked < 6 {
			t.Errorf("asked %d times in %s", asked, took)
		}
	})
}
