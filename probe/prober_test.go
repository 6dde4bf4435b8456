package probe

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"prober/catalog"
	"prober/probe/dns"
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
		if o.Detail == "" || o.Addresses == nil {
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
	cfg := onLoopback(newPKI())
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
		got := canaryName(tt.host, rand.Reader)
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
