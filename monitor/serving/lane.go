package serving

import (
	"context"
	"sync/atomic"
	"time"
)

// Lanes are the places of those who are being written to. Few write at a time, each as fast as its
// client reads: hundreds that share the processor would keep the probes waiting behind them. A
// client that lets a piece lie loses its place to others until it has taken that piece, so those
// who read slowly, or never, keep nobody waiting.
type Lanes chan struct{}

// patience is how long a client may take for a piece before its place is given to others.
const patience = 20 * time.Millisecond

// lane is one such place, held or lost.
type lane struct {
	of   Lanes
	left func() // called when it is left
	held atomic.Bool
	slow *time.Timer
}

// take waits for the place if it is not held, at most until ctx ends.
func (x *lane) take(ctx context.Context) error {
	if x.held.Load() {
		return nil
	}
	select {
	case x.of <- struct{}{}:
		x.held.Store(true)
		return nil
	case <-ctx.Done():
		return ErrBusy
	}
}

// leave gives the place up, if it is held.
func (x *lane) leave() {
	if x.held.CompareAndSwap(true, false) {
		<-x.of
		x.left()
	}
}

// write writes one piece, and loses the place when that takes long. Who has lost it waits for
// another one first.
func (x *lane) write(ctx context.Context, piece func() error) error {
	if err := x.take(ctx); err != nil {
		return err
	}
	if x.slow == nil {
		x.slow = time.AfterFunc(patience, x.leave)
	} else {
		x.slow.Reset(patience)
	}
	defer x.slow.Stop()
	return piece()
}
