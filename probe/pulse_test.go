package probe

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"prober/catalog"
	"prober/probe/reason"
)

// handClock is a clock that a test turns.
type handClock struct {
	mu  sync.Mutex
	now time.Duration
}

func (c *handClock) read() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) turn(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now += d
}

// TestStalled: what fails while this process does not run is unknown, if it may pass.
func TestStalled(t *testing.T) {
	for name, tt := range map[string]struct {
		passes  []time.Duration // between the moments in which the process runs
		err     error
		outcome reason.Outcome
		why     reason.Reason
	}{
		"it runs":                      {[]time.Duration{100 * time.Millisecond, 100 * time.Millisecond}, context.DeadlineExceeded, reason.Fail, reason.ConnectTimeout},
		"a little late, as ever":       {[]time.Duration{110 * time.Millisecond, 119 * time.Millisecond}, context.DeadlineExceeded, reason.Fail, reason.ConnectTimeout},
		"stopped":                      {[]time.Duration{20 * time.Second}, context.DeadlineExceeded, reason.Unknown, reason.ProberStalled},
		"stopped and again not":        {[]time.Duration{20 * time.Second, 100 * time.Millisecond}, context.DeadlineExceeded, reason.Unknown, reason.ProberStalled},
		"short of the processor":       {[]time.Duration{150 * time.Millisecond, 250 * time.Millisecond, 200 * time.Millisecond}, context.DeadlineExceeded, reason.Unknown, reason.ProberStalled},
		"a second of five is bearable": {append(every(100*time.Millisecond, 40), 400*time.Millisecond, 400*time.Millisecond), context.DeadlineExceeded, reason.Fail, reason.ConnectTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			var c handClock
			cfg := onLoopback(newPKI())
			cfg.Clock.ElapsedFunc = c.read
			var p *Prober
			cfg.Dial = func(context.Context, netip.AddrPort) (net.Conn, error) {
				for _, d := range tt.passes {
					c.turn(d)
					p.pulse.mu.Lock() // the timer goes off
					p.pulse.beat()
					p.pulse.mu.Unlock()
				}
				return nil, tt.err
			}
			p = New(cfg)
			o := p.Probe(t.Context(), at(goodHost, catalog.HTTPS, netip.MustParseAddrPort("127.0.0.1:443")))
			want(t, o, tt.outcome, tt.why)
			if o.Stalled != (tt.why == reason.ProberStalled) || o.Outcome == reason.Unknown && o.Addresses[0].Outcome != reason.Unknown {
				t.Errorf("stalled %v, address %s", o.Stalled, o.Addresses[0].Outcome)
			}
			if p.pulse.under != 0 || p.pulse.timer.Stop() {
				t.Error("the heart still beats")
			}
		})
	}
}

func every(d time.Duration, times int) []time.Duration {
	out := make([]time.Duration, times)
	for i := range out {
		out[i] = d
	}
	return out
}

// TestAStallHidesNothingThatStays: a certificate does not expire because nobody looked, and nobody
// refuses a connection because of it.
func TestAStallHidesNothingThatStays(t *testing.T) {
	for _, why := range []reason.Reason{reason.TLSCertExpired, reason.VerifyServerError, reason.ResolveNXDomain, reason.ConnectRefused} {
		o := Observation{Outcome: why.Outcome(), Reason: why}
		o.excuse("stopped")
		if o.Reason != why || !o.Stalled {
			t.Errorf("%s became %s", why, o.Reason)
		}
	}
	o := Observation{Outcome: reason.OK}
	o.excuse("stopped")
	if o.Outcome != reason.OK || !o.Stalled {
		t.Errorf("what is well became %s, stalled %v", o.Outcome, o.Stalled)
	}
}
