package probe

import (
	"context"
	"time"
)

// Clock tells the time and waits. The zero Clock is the machine's.
type Clock struct {
	NowFunc   func() time.Time
	SleepFunc func(ctx context.Context, d time.Duration) error
	// ElapsedFunc tells time that passes whatever happens: while the machine sleeps, and when
	// somebody sets its clock. Only differences mean something. A Prober has the machine's
	// where it is nil.
	ElapsedFunc func() time.Duration
}

// Now returns the current time.
func (c Clock) Now() time.Time {
	if c.NowFunc != nil {
		return c.NowFunc()
	}
	return time.Now()
}

// Sleep waits for d or until ctx ends, whose error it then returns.
func (c Clock) Sleep(ctx context.Context, d time.Duration) error {
	if c.SleepFunc != nil {
		return c.SleepFunc(ctx, d)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
