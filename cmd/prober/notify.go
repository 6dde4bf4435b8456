package main

import (
	"context"
	"net"
	"strconv"
	"time"

	"prober/limit"
)

// notifier tells the service manager how serve does, in the manner of sd_notify(3). One without a socket tells nobody. It is
// given its variables, which the library for it takes from the process.
type notifier struct {
	socket string
	every  time.Duration // from one sign of life to the next; 0: nobody waits for any
}

// newNotifier reads what a service manager has set.
func newNotifier(getenv func(string) string) notifier {
	n := notifier{socket: getenv("NOTIFY_SOCKET")}
	if us, err := strconv.ParseInt(getenv("WATCHDOG_USEC"), 10, 64); err == nil && us > 0 {
		n.every = time.Duration(us) * time.Microsecond / 3 // so that one may be late
	}
	return n
}

// tell sends one state. A manager that is gone is no trouble of ours.
func (n notifier) tell(state string) {
	if n.socket == "" {
		return
	}
	c, err := net.DialTimeout("unixgram", n.socket, limit.NotifyTime)
	if err != nil {
		return
	}
	defer c.Close() //nolint:errcheck // one datagram is all
	_ = c.SetWriteDeadline(time.Now().Add(limit.NotifyTime))
	_, _ = c.Write([]byte(state))
}

// watch gives a sign of life now and then for as long as alive says so, until ctx ends.
func (n notifier) watch(ctx context.Context, alive func() bool) {
	if n.socket == "" || n.every == 0 {
		return
	}
	ticks := time.NewTicker(n.every)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
			if alive() {
				n.tell("WATCHDOG=1")
			}
		}
	}
}
