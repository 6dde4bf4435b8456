package probe

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"prober/catalog"
	"prober/probe/dns"
	"prober/probe/reason"
)

// TestReaches: a control that takes a connection vouches for the network, one that takes none as
// well as no endpoint blames it, and what comes after the connection is none of its business.
func TestReaches(t *testing.T) {
	const endpoint, control = "127.0.0.1:443", "127.0.0.9:80"
	for name, tt := range map[string]struct {
		up      []string
		cut     []string // those of them that cut each connection off, the endpoint before it is seen to be taken
		reaches []Reach
		beside  bool // another endpoint takes a connection meanwhile
		outcome reason.Outcome
		why     reason.Reason
		vouched bool
	}{
		"no control":                    {nil, nil, nil, false, reason.Fail, reason.ConnectRefused, false},
		"the control is well":           {[]string{control}, nil, []Reach{{"127.0.0.9", 80}}, false, reason.Fail, reason.ConnectRefused, true},
		"by name":                       {[]string{control}, nil, []Reach{{"control.test", 80}}, false, reason.Fail, reason.ConnectRefused, true},
		"one of two is well":            {[]string{control}, nil, []Reach{{"127.0.0.8", 80}, {"127.0.0.9", 80}}, false, reason.Fail, reason.ConnectRefused, true},
		"another port of it":            {[]string{control}, nil, []Reach{{"127.0.0.9", 81}}, false, reason.Unknown, reason.ProberVantageOffline, false},
		"the control is down too":       {nil, nil, []Reach{{"127.0.0.9", 80}}, false, reason.Unknown, reason.ProberVantageOffline, false},
		"the control does not resolve":  {nil, nil, []Reach{{"prober-none.test", 80}}, false, reason.Fail, reason.ConnectRefused, false},
		"a metadata service":            {nil, nil, []Reach{{"100.100.100.200", 80}}, false, reason.Fail, reason.ConnectRefused, false},
		"only the control is down":      {nil, nil, []Reach{{"127.0.0.9", 80}}, true, reason.Fail, reason.ConnectRefused, false},
		"after the connection":          {[]string{endpoint, control}, nil, []Reach{{"127.0.0.9", 80}}, false, reason.Fail, reason.TLSEOF, false},
		"it cuts connections off":       {[]string{control}, []string{control}, []Reach{{"127.0.0.9", 80}}, false, reason.Fail, reason.ConnectRefused, true},
		"both cut connections off":      {[]string{endpoint, control}, []string{control}, []Reach{{"127.0.0.9", 80}}, false, reason.Unknown, reason.ProberVantageOffline, false},
		"so does one control of two":    {[]string{endpoint, control, "127.0.0.8:80"}, []string{control}, []Reach{{"127.0.0.9", 80}, {"127.0.0.8", 80}}, false, reason.Fail, reason.TLSEOF, false},
		"both do, and one answers":      {[]string{endpoint, control}, []string{control}, []Reach{{"127.0.0.9", 80}}, true, reason.Fail, reason.TLSEOF, false},
		"a reset, which may come later": {[]string{endpoint, control}, []string{endpoint}, []Reach{{"127.0.0.9", 80}}, false, reason.Fail, reason.ConnectReset, false},
		"a reset of both":               {[]string{endpoint, control}, []string{endpoint, control}, []Reach{{"127.0.0.9", 80}}, false, reason.Unknown, reason.ProberVantageOffline, false},
		"after it, without a control":   {[]string{endpoint}, nil, []Reach{{"127.0.0.9", 80}}, false, reason.Unknown, reason.ProberVantageOffline, false},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := onLoopback(newPKI())
			asking(&cfg, leadingTo("127.0.0.9", "control.test"))
			cfg.Reaches = tt.reaches
			cfg.Clock.NowFunc = ticking().NowFunc
			var p *Prober
			cfg.Dial = func(_ context.Context, to netip.AddrPort) (net.Conn, error) {
				if tt.beside {
					p.reach.heard(p.cfg.Clock.Now())
				}
				if !slices.Contains(tt.up, to.String()) {
					return nil, syscall.ECONNREFUSED
				}
				if to.String() == endpoint && slices.Contains(tt.cut, endpoint) {
					return nil, syscall.ECONNRESET
				}
				ours, theirs := net.Pipe()
				if slices.Contains(tt.cut, to.String()) {
					_ = theirs.Close()
				}
				go func() { _, _ = theirs.Read(make([]byte, 4096)); _ = theirs.Close() }()
				return ours, nil
			}
			p = New(cfg)
			o := p.Probe(t.Context(), at(goodHost, catalog.HTTPS, netip.MustParseAddrPort(endpoint)))
			want(t, o, tt.outcome, tt.why)
			if beyond := name == "after the connection" || strings.HasPrefix(name, "a reset, which") || strings.HasPrefix(name, "so does one"); o.Vouched != tt.vouched || o.BeyondControl != beyond {
				t.Errorf("vouched %v, beyond the control %v", o.Vouched, o.BeyondControl)
			}
			if o.Outcome == reason.Unknown && (o.Addresses[0].Outcome != reason.Unknown || !strings.Contains(o.Detail, tt.reaches[0].String())) {
				t.Errorf("%s %s", o.Addresses[0].Outcome, o.Detail)
			}
		})
	}
}

// A control whose name leads where all names lead shows nothing of the way, whoever takes its connection.
func TestReachLedAstray(t *testing.T) {
	cfg := onLoopback(newPKI())
	asking(&cfg, leading("127.0.0.9"))
	cfg.Reaches = []Reach{{"control.test", 80}}
	cfg.Dial = func(_ context.Context, to netip.AddrPort) (net.Conn, error) {
		if to.Port() != 80 {
			return nil, syscall.ECONNREFUSED
		}
		ours, _ := net.Pipe()
		return ours, nil
	}
	p := New(cfg)
	if why := p.Try(t.Context(), cfg.Reaches[0]); why != reason.ProberResolverUnavailable {
		t.Errorf("the control is %q", why)
	}
	o := p.Probe(t.Context(), at(goodHost, catalog.HTTPS, netip.MustParseAddrPort("127.0.0.1:443")))
	want(t, o, reason.Unknown, reason.ProberVantageOffline)
}

// A control whose lookup waits, here for what its resolver makes of names that nobody answers for, has
// all of its time for the connection.
func TestReachAfterALongLookup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := onLoopback(newPKI())
		asking(&cfg, about(silent, leadingTo("127.0.0.9", "control.test"), "shop.test"))
		ask := cfg.Ask
		cfg.Ask = func(ctx context.Context, resolver netip.AddrPort, name string, kind dns.Type) dns.Answer {
			a := ask(ctx, resolver, name, kind)
			if a.Reason == reason.ResolveTimeout {
				time.Sleep(cfg.Timeout)
			}
			return a
		}
		cfg.Reaches = []Reach{{"control.test", 80}}
		cfg.Dial = func(ctx context.Context, _ netip.AddrPort) (net.Conn, error) {
			ours, _ := net.Pipe()
			return ours, ctx.Err()
		}
		p := New(cfg)
		p.Among([]string{"api.shop.test"})
		if why := p.Try(t.Context(), cfg.Reaches[0]); why != reason.None {
			t.Errorf("the control is %q", why)
		}
		if well, _, said := p.reachable(t.Context()); !well {
			t.Errorf("the controls: %s", said)
		}
	})
}

// leadingTo leads one name to an address; no other exists.
func leadingTo(addr, only string) nameServer {
	return func(name string, _ dnsmessage.Type) (dnsmessage.RCode, string, bool) {
		if name == only {
			return dnsmessage.RCodeSuccess, addr, false
		}
		return dnsmessage.RCodeNameError, "", false
	}
}
