package probe

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"testing"
	"time"

	"prober/catalog"
	"prober/probe/reason"
)

// TestBusy: what was not looked at in time is unknown, where so much is under way that every step of
// a probe waits.
func TestBusy(t *testing.T) {
	const ms = time.Millisecond
	for name, tt := range map[string]struct {
		each    time.Duration // that something waited
		times   uint64
		timeout time.Duration
		own     time.Duration // timeout of the endpoint itself
		err     error
		why     reason.Reason
	}{
		"nothing waits":                {0, 0, time.Second, 0, context.DeadlineExceeded, reason.ConnectTimeout},
		"as in any process":            {2 * ms, 100, 100 * ms, 0, context.DeadlineExceeded, reason.ConnectTimeout},
		"too long for the timeout":     {16 * ms, 100, time.Second, 0, context.DeadlineExceeded, reason.ProberStalled},
		"bearable within it":           {15 * ms, 100, time.Second, 0, context.DeadlineExceeded, reason.ConnectTimeout},
		"too long for its own timeout": {15 * ms, 100, time.Second, 500 * ms, context.DeadlineExceeded, reason.ProberStalled},
		"refused, whenever looked at":  {time.Second, 100, time.Second, 0, syscall.ECONNREFUSED, reason.ConnectRefused},
	} {
		t.Run(name, func(t *testing.T) {
			var c handClock
			cfg := onLoopback(newPKI())
			cfg.Clock.ElapsedFunc, cfg.Timeout = c.read, tt.timeout
			times := uint64(1000)
			cfg.Dial = func(context.Context, netip.AddrPort) (net.Conn, error) {
				times += tt.times
				return nil, tt.err
			}
			p := New(cfg)
			p.pulse.waited = func() (time.Duration, uint64) { return time.Duration(times) * tt.each, times }
			target := at(goodHost, catalog.HTTPS, netip.MustParseAddrPort("127.0.0.1:443"))
			if tt.own > 0 {
				target.Own = &Own{Timeout: tt.own}
			}
			o := p.Probe(t.Context(), target)
			want(t, o, tt.why.Outcome(), tt.why)
			if o.Stalled != (tt.why == reason.ProberStalled) {
				t.Errorf("stalled: %v", o.Stalled)
			}
		})
	}
}

// TestQueueIsToldByTheRuntime: what this test starts waits for its turn, however little.
func TestQueueIsToldByTheRuntime(t *testing.T) {
	var q queue
	before, times := q.waited()
	var wg sync.WaitGroup
	for range 10_000 {
		wg.Go(func() {})
	}
	wg.Wait()
	after, more := q.waited()
	if more <= times || after < before {
		t.Errorf("waited %s in %d times, then %s in %d", before, times, after, more)
	}
}
