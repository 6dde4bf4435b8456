package main

import (
	"context"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"prober/limit"
	"prober/report"
)

// untilSignalled returns a context that ends with the first of the signals, and what that was. A
// second one ends the process at once, with the code of a command that was cut short: whoever sends
// it does not want to wait. Nor for ever after the first one: what hangs in the system, such as a
// file on a server that is gone, hears of no context.
func untilSignalled(ctx context.Context, signals <-chan os.Signal, exit func(report.ExitCode)) (context.Context, func() os.Signal) {
	ctx, cancel := context.WithCancel(ctx)
	var first atomic.Pointer[os.Signal]
	go func() {
		s := <-signals
		first.Store(&s)
		cancel()
		select {
		case second := <-signals:
			exit(signalled(second))
		case <-time.After(limit.StopTime):
			exit(signalled(s))
		}
	}()
	return ctx, func() os.Signal {
		if s := first.Load(); s != nil {
			return *s
		}
		return nil
	}
}

// onHangup calls do at each SIGHUP, one after the other, until the returned function is called.
func onHangup(do func()) (stop func()) {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	go func() {
		for range hangup {
			do()
		}
	}()
	return func() {
		signal.Stop(hangup)
		close(hangup)
	}
}
