package probe

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"prober/catalog"
	"prober/probe/dns"
	"prober/probe/hello"
	"prober/probe/reason"
)

// TestCancelled cancels a probe in each of its phases, with a cause of its own as
// signal.NotifyContext does.
func TestCancelled(t *testing.T) {
	p := newPKI()
	var cancel context.CancelCauseFunc
	stop := func() { cancel(errors.New("terminated signal received")) }
	hang := func(c net.Conn) { // reads, cancels, and says no more
		_, _ = c.Read(make([]byte, 4096))
		stop()
		_, _ = io.Copy(io.Discard, c)
	}
	handshaking, requesting := serve(t, hang), serve(t, hang)
	replies := serve(t, func(c net.Conn) {
		_, _ = c.Read(make([]byte, 4096))
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n")
		stop()
		_, _ = io.Copy(io.Discard, c)
	})
	for _, tt := range []struct {
		name   string
		scheme catalog.Scheme
		port   uint16
		dial   Dialer
		dns    func(context.Context, []netip.AddrPort, string, dns.Options) *dns.Lookup
	}{
		{"before it begins", catalog.HTTPS, 1, neverDialled(t), func(context.Context, []netip.AddrPort, string, dns.Options) *dns.Lookup {
			stop()
			return answering("127.0.0.1")(nil, nil, "", dns.Options{})
		}},
		{"while it resolves", catalog.HTTPS, 1, neverDialled(t), func(context.Context, []netip.AddrPort, string, dns.Options) *dns.Lookup {
			stop()
			return failing(reason.ProberCanceled)(nil, nil, "", dns.Options{})
		}},
		{"while it connects", catalog.HTTPS, 1, func(ctx context.Context, _ netip.AddrPort) (net.Conn, error) {
			stop()
			<-ctx.Done()
			return nil, ctx.Err()
		}, nil},
		{"in the handshake", catalog.HTTPS, handshaking.Port(), nil, nil},
		{"while it waits for a reply", catalog.HTTP, requesting.Port(), nil, nil},
		{"inside the reply", catalog.HTTP, replies.Port(), nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var ctx context.Context
			ctx, cancel = context.WithCancelCause(t.Context())
			defer stop()
			cfg := onLoopback(p)
			cfg.Dial, cfg.DNS = tt.dial, answering("127.0.0.1")
			if tt.dns != nil {
				cfg.DNS = tt.dns
			}
			tg := target(goodHost, tt.scheme, tt.port)
			tg.TLSVersions, tg.Diagnose = true, true // nor do these go on
			o := New(cfg).Probe(ctx, tg)
			want(t, o, reason.Unknown, reason.ProberCanceled)
			for _, a := range o.Addresses {
				if a.TLS == nil || a.TLS.Versions == nil {
					continue
				}
				for _, r := range a.TLS.Versions {
					if r.Verdict != hello.Inconclusive {
						t.Errorf("%s is %s after the end", r.Version, r.Verdict)
					}
				}
			}
		})
	}
}

// TestDeadlineOfTheCaller is a bound on waiting like the timeout: what it ends is a timeout
// of its phase. An address whose turn does not come before is undecided.
func TestDeadlineOfTheCaller(t *testing.T) {
	cfg := onLoopback(newPKI())
	cfg.DNS = answering("127.0.0.1")
	cfg.Dial = func(ctx context.Context, _ netip.AddrPort) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	synctest.Test(t, func(t *testing.T) { // where time passes only while all wait
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		want(t, New(cfg).Probe(ctx, target(goodHost, catalog.HTTPS, 443)), reason.Fail, reason.ConnectTimeout)
	})

	cfg.Dial = neverDialled(t)
	o := New(cfg).Probe(expired(t), target(goodHost, catalog.HTTPS, 443))
	want(t, o, reason.Unknown, reason.ProberCanceled)
	if !strings.Contains(o.Detail, "before it connected") {
		t.Errorf("detail %q", o.Detail)
	}
}

// TestPanic breaks in the middle of a probe: that probe is lost, the program is not.
func TestPanic(t *testing.T) {
	cfg := onLoopback(newPKI())
	cfg.DNS = answering("127.0.0.1", "127.0.0.2")
	cfg.Dial = func(context.Context, netip.AddrPort) (net.Conn, error) { panic("odd") }
	o := New(cfg).Probe(t.Context(), target(goodHost, catalog.HTTPS, 443))
	want(t, o, reason.Unknown, reason.ProberInternal)
	if !strings.Contains(o.Detail, "panic: odd") {
		t.Errorf("detail %q", o.Detail)
	}
	for _, pace := range New(cfg).pace.hosts {
		if len(pace.open) != 0 {
			t.Error("a slot is taken for ever")
		}
	}
}

// TestNoGoroutineStays cancels many probes and looks for what they left behind.
func TestNoGoroutineStays(t *testing.T) {
	silent := serve(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	cfg := onLoopback(newPKI())
	cfg.DNS = answering("127.0.0.1", "127.0.0.1", "127.0.0.1")
	prober := New(cfg)
	var wg sync.WaitGroup
	for range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		wg.Go(func() {
			tg := target(goodHost, catalog.HTTPS, silent.Port())
			tg.TLSVersions, tg.Diagnose = true, true
			if o := prober.Probe(ctx, tg); o.Outcome != reason.Unknown {
				t.Errorf("%s %s", o.Outcome, o.Reason)
			}
		})
		wg.Go(cancel)
	}
	wg.Wait()
	left := leftGoroutines()
	for range 100_000 { // a callback of a cancelled context may be on its way out
		if len(left) == 0 {
			return
		}
		runtime.Gosched()
		left = leftGoroutines()
	}
	t.Errorf("left behind:\n%s", strings.Join(left, "\n\n"))
}

// leftGoroutines returns the stacks of goroutines of this package, or of the networking it
// uses, that no test file takes part in.
func leftGoroutines() (left []string) {
	stacks := make([]byte, 1<<20)
	for stack := range strings.SplitSeq(string(stacks[:runtime.Stack(stacks, true)]), "\n\n") {
		ours := strings.Contains(stack, "prober/probe") || strings.Contains(stack, "crypto/tls.") || strings.Contains(stack, "net.(*")
		if ours && !strings.Contains(stack, "_test.go") {
			left = append(left, stack)
		}
	}
	return left
}
