package probe

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"prober/catalog"
	"prober/probe/dns"
	"prober/probe/hello"
	"prober/probe/reason"
)

// TestNeverDialled has DNS, or the user, give addresses that must not be contacted.
func TestNeverDialled(t *testing.T) {
	for _, tt := range []struct {
		name    string
		answer  string
		named   bool
		network catalog.Network
		private bool // AllowPrivate
		inside  bool
		outcome reason.Outcome
		why     reason.Reason
	}{
		{"loopback", "127.0.0.1", false, catalog.Public, false, false, reason.Fail, reason.ResolveBogon},
		{"private", "10.1.2.3", false, catalog.Public, false, true, reason.Fail, reason.ResolveBogon},
		{"metadata", "100.100.100.200", false, catalog.Public, true, true, reason.Fail, reason.ResolveBogon},
		{"metadata in NAT64", "64:ff9b::a9fe:a9fe", false, catalog.VPC, true, true, reason.Fail, reason.ResolveBogon},
		{"loopback of a VPC name", "127.0.0.1", false, catalog.VPC, false, true, reason.Fail, reason.ResolveBogon},
		{"public of a VPC name", "8.8.8.8", false, catalog.VPC, false, true, reason.Fail, reason.ResolveNotPrivate},
		{"VPC name seen from outside", "100.100.36.108", false, catalog.VPC, false, false, reason.Unknown, reason.ProberPrivateNetwork},
		{"named loopback", "127.0.0.1", true, catalog.Public, false, false, reason.Unknown, reason.ProberAddressRefused},
		{"named metadata", "169.254.169.254", true, catalog.Public, true, true, reason.Unknown, reason.ProberAddressRefused},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := New(Config{
				Guard: Guard{AllowPrivate: tt.private}, DNS: answering(tt.answer), Dial: neverDialled(t),
				Inside: func(region string) bool { return tt.inside && region == "office" },
			})
			tg := target(goodHost, catalog.HTTPS, 443)
			tg.Endpoint.Network, tg.TLSVersions, tg.Diagnose = tt.network, false, true
			if tt.named {
				tg.Address = netip.MustParseAddr(tt.answer)
			}
			o := p.Probe(t.Context(), tg)
			want(t, o, tt.outcome, tt.why)
			a := o.Addresses[0]
			if a.TLS != nil || a.HTTP != nil || a.Phases.Reached > reason.Resolve {
				t.Errorf("%+v", a)
			}
			if !strings.Contains(o.Detail, tt.answer) {
				t.Errorf("detail %q does not name the address", o.Detail)
			}
		})
	}
}

func TestInsideDials(t *testing.T) {
	dialled := make(chan netip.AddrPort, 1)
	p := New(Config{
		DNS: answering("100.100.36.108"), Inside: func(region string) bool { return region == "office" },
		Dial: func(_ context.Context, a netip.AddrPort) (net.Conn, error) {
			dialled <- a
			return nil, os.ErrDeadlineExceeded
		},
	})
	tg := target(goodHost, catalog.HTTPS, 8443)
	tg.Endpoint.Network = catalog.VPC
	want(t, p.Probe(t.Context(), tg), reason.Fail, reason.ConnectTimeout)
	if a := <-dialled; a.String() != "100.100.36.108:8443" {
		t.Errorf("dialled %s", a)
	}
}

func TestNoAddress(t *testing.T) {
	for _, tt := range []struct {
		lookup  dns.Lookup
		outcome reason.Outcome
		why     reason.Reason
	}{
		{*failing(reason.ResolveNXDomain)(nil, nil, "h", dns.Options{}), reason.Fail, reason.ResolveNXDomain},
		{*failing(reason.ProberResolverUnavailable)(nil, nil, "h", dns.Options{}), reason.Unknown, reason.ProberResolverUnavailable},
		{dns.Lookup{Outcome: reason.OK}, reason.Unknown, reason.ProberInternal},
		{dns.Lookup{Outcome: reason.Degraded, Reason: reason.ResolveHijacked}, reason.Unknown, reason.ProberInternal},
	} {
		p := New(Config{Dial: neverDialled(t), DNS: func(context.Context, []netip.AddrPort, string, dns.Options) *dns.Lookup { return &tt.lookup }})
		o := p.Probe(t.Context(), target(goodHost, catalog.HTTPS, 443))
		want(t, o, tt.outcome, tt.why)
		if o.Blame != tt.why.Blame() || o.Detail == "" || o.Addresses == nil {
			t.Errorf("%+v", o)
		}
	}
}

// TestDefaults probes with the zero Config and no Product: nothing may panic, and nothing
// leaves this machine, since the address is refused.
func TestDefaults(t *testing.T) {
	o := New(Config{}).Probe(t.Context(), Target{Endpoint: catalog.Endpoint{Host: "127.0.0.1"}})
	want(t, o, reason.Unknown, reason.ProberAddressRefused)
	if o.Scheme != catalog.HTTPS || o.DNS != nil || o.Started.IsZero() {
		t.Errorf("%+v", o)
	}
}

// TestEveryAddress probes two good addresses and one where nothing listens.
func TestEveryAddress(t *testing.T) {
	addr := serve(t, replying(okReply))
	cfg := onLoopback(newPKI(t))
	cfg.DNS = answering("127.0.0.1", "127.0.0.2", "::ffff:127.0.0.1")
	cfg.Dial = func(ctx context.Context, a netip.AddrPort) (net.Conn, error) {
		if a.Addr().String() == "127.0.0.2" {
			return nil, errors.New("odd")
		}
		return dialTCP(ctx, a)
	}
	o := New(cfg).Probe(t.Context(), target(goodHost, catalog.HTTP, addr.Port()))
	want(t, o, reason.OK, reason.None)
	var got []string
	for _, a := range o.Addresses {
		got = append(got, fmt.Sprint(a.Address, " ", a.Outcome))
	}
	if want := []string{"127.0.0.1 ok", "127.0.0.2 unknown", "::ffff:127.0.0.1 ok"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestMaxAddresses(t *testing.T) {
	four := func(n int) (list []string) {
		for i := range n {
			list = append(list, fmt.Sprintf("192.0.2.%d", i+1))
		}
		return list
	}
	six := func(n int) (list []string) {
		for i := range n {
			list = append(list, fmt.Sprintf("2001:db8::%d", i+1))
		}
		return list
	}
	for _, tt := range []struct {
		four, six, limit   int
		wantFour, wantSix  int
		detailOfWhatIsLeft string
	}{
		{3, 2, 0, 3, 2, ""},
		{16, 0, 0, 16, 0, ""},
		{17, 0, 0, 16, 0, "16 of its 17 addresses were probed"},
		{40, 2, 0, 14, 2, "16 of its 42"},
		{2, 40, 0, 2, 14, "16 of its 42"},
		{40, 40, 0, 8, 8, "16 of its 80"},
		{3, 3, 1, 1, 0, "1 of its 6"},
		{0, 3, 1, 0, 1, "1 of its 3"},
		{3, 3, 4, 2, 2, "4 of its 6"},
	} {
		p := New(Config{
			MaxAddresses: tt.limit, Guard: Guard{AllowPrivate: true}, DNS: answering(append(four(tt.four), six(tt.six)...)...),
			Clock: newFakeClock().clock(), Dial: refusing(errors.New("odd")),
		})
		o := p.Probe(t.Context(), target(goodHost, catalog.HTTPS, 443))
		gotFour, gotSix := 0, 0
		for _, a := range o.Addresses {
			if a.Address.Is4() {
				gotFour++
			} else {
				gotSix++
			}
		}
		if gotFour != tt.wantFour || gotSix != tt.wantSix {
			t.Errorf("%d and %d addresses, limit %d: probed %d and %d, want %d and %d", tt.four, tt.six, tt.limit, gotFour, gotSix, tt.wantFour, tt.wantSix)
		}
		if !strings.Contains(o.Detail, tt.detailOfWhatIsLeft) {
			t.Errorf("detail %q lacks %q", o.Detail, tt.detailOfWhatIsLeft)
		}
	}
}

func TestCanaryName(t *testing.T) {
	random := bytes.NewReader([]byte{0x3f, 0x9a, 0x60, 0xc4, 0x1d, 0x2e})
	if got, want := canaryName("kms.cn-hangzhou.aliyuncs.com", random), "kms-3f9a60c41d2e.cn-hangzhou.aliyuncs.com"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := canaryName("a.test", random); got != "" {
		t.Errorf("without random bytes: %q", got)
	}
	long := strings.Repeat("l", 63)
	for _, tt := range []struct{ host, want string }{
		{"ecs.test", `^ecs-[0-9a-f]{12}\.test$`},
		{"ECS.test.", `^ECS-[0-9a-f]{12}\.test\.$`},
		{long + ".test", `^l{50}-[0-9a-f]{12}\.test$`},
		{"localhost", `^$`},
		{"localhost.", `^$`},
		{strings.Repeat(long+".", 3) + "abcdefghijklmnopqrstuvwxyz", `^l{50}-`},
		{"a." + strings.Repeat(long+".", 3) + "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz", `^$`},
	} {
		got := canaryName(tt.host, nil)
		if !regexp.MustCompile(tt.want).MatchString(got) {
			t.Errorf("canaryName(%q) = %q, want %s", tt.host, got, tt.want)
		}
	}
}

// TestLookupOptions looks at what DNS is asked.
func TestLookupOptions(t *testing.T) {
	for _, tt := range []struct {
		canary bool
		style  catalog.APIStyle
		want   bool
	}{
		{true, catalog.StyleAlibabaRPC, true},
		{false, catalog.StyleAlibabaRPC, false},
		{true, catalog.StyleNone, false}, // a zone of the user's may have a wildcard
	} {
		var got dns.Options
		var asked []netip.AddrPort
		p := New(Config{
			Families: dns.OnlyIPv6, Resolvers: []netip.AddrPort{loopback443},
			DNS: func(_ context.Context, r []netip.AddrPort, host string, opt dns.Options) *dns.Lookup {
				got, asked = opt, r
				return failing(reason.ResolveNXDomain)(nil, r, host, opt)
			},
		})
		tg := target(goodHost, catalog.HTTPS, 443)
		tg.Canary, tg.Product = tt.canary, product(tt.style)
		p.Probe(t.Context(), tg)
		if got.Canary != "" != tt.want || got.Families != dns.OnlyIPv6 || !slices.Equal(asked, []netip.AddrPort{loopback443}) {
			t.Errorf("%+v: asked %v with %+v", tt, asked, got)
		}
	}
}

// ticking is a clock that goes on by a millisecond whenever it is read, so that every
// interval that is left out of a sum shows.
func ticking() Clock {
	var mu sync.Mutex
	at := now
	return Clock{NowFunc: func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		at = at.Add(time.Millisecond)
		return at
	}}
}

func TestPhasesAddUp(t *testing.T) {
	p := newPKI(t)
	good := serveTLS(t, serverConfig(p), replying(okReply))
	hangsUp := serve(t, readHello)
	plain := serve(t, replying(okReply))
	for _, tt := range []struct {
		name    string
		scheme  catalog.Scheme
		port    uint16
		dial    Dialer
		reached reason.Phase
	}{
		{"whole", catalog.HTTPS, good.Port(), nil, reason.Body},
		{"without TLS", catalog.HTTP, plain.Port(), nil, reason.Body},
		{"broken handshake", catalog.HTTPS, hangsUp.Port(), nil, reason.TLS},
		{"no connection", catalog.HTTPS, 1, refusing(os.ErrDeadlineExceeded), reason.Connect},
		{"no reply", catalog.HTTP, 1, answeredBy(nil, io.EOF), reason.Request},
		{"part of the headers", catalog.HTTP, 1, answeredBy([]byte("HTTP/1.1 200 OK\r\nX"), io.EOF), reason.Headers},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := onLoopback(p)
			cfg.Clock, cfg.DNS, cfg.Dial = ticking(), answering("127.0.0.1", "127.0.0.1"), tt.dial
			o := New(cfg).Probe(t.Context(), target(goodHost, tt.scheme, tt.port))
			for _, a := range o.Addresses {
				ph := a.Phases
				if ph.Reached != tt.reached {
					t.Errorf("reached %s, want %s", ph.Reached, tt.reached)
				}
				if sum := ph.Resolve + ph.Connect + ph.TLS + ph.Request + ph.Headers + ph.Body; sum != ph.Total || sum == 0 {
					t.Errorf("phases %+v add up to %s", ph, sum)
				}
				if ph.Resolve != 3*time.Millisecond {
					t.Errorf("resolve %s, want that of the lookup for each address", ph.Resolve)
				}
				seconds, sum := ph.seconds(), 0.0
				for name, s := range seconds {
					if s <= 0 {
						t.Errorf("%s took %g seconds", name, s)
					}
					if name != "total" {
						sum += s
					}
				}
				if diff := sum - seconds["total"]; diff > 1e-9 || diff < -1e-9 {
					t.Errorf("%v adds up to %g", seconds, sum)
				}
				if _, ok := seconds[tt.reached.String()]; !ok {
					t.Errorf("%v lacks %s", seconds, tt.reached)
				}
			}
			if o.Duration <= 0 {
				t.Errorf("duration %s", o.Duration)
			}
		})
	}
}

// TestCancelled cancels a probe in each of its phases, with a cause of its own as
// signal.NotifyContext does.
func TestCancelled(t *testing.T) {
	p := newPKI(t)
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
	cfg := onLoopback(newPKI(t))
	cfg.DNS = answering("127.0.0.1")
	cfg.Dial = func(ctx context.Context, _ netip.AddrPort) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	want(t, New(cfg).Probe(ctx, target(goodHost, catalog.HTTPS, 443)), reason.Fail, reason.ConnectTimeout)

	cfg.Dial = neverDialled(t)
	o := New(cfg).Probe(expired(t), target(goodHost, catalog.HTTPS, 443))
	want(t, o, reason.Unknown, reason.ProberCanceled)
	if !strings.Contains(o.Detail, "before it connected") {
		t.Errorf("detail %q", o.Detail)
	}
}

// TestPanic breaks in the middle of a probe: that probe is lost, the program is not.
func TestPanic(t *testing.T) {
	cfg := onLoopback(newPKI(t))
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
	cfg := onLoopback(newPKI(t))
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
