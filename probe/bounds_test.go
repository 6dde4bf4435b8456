package probe

import (
	"crypto/tls"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"prober/catalog"
	"prober/probe/hello"
	"prober/probe/reason"
)

// Limits make degraded what works, and say what was expected and what was got.
func TestLimits(t *testing.T) {
	p := newPKI()
	server := serveTLS(t, serverConfig(p), replying(okReply))
	old := serverConfig(p)
	old.MaxVersion = tls.VersionTLS12
	older := serveTLS(t, old, replying(okReply))
	failing := serveTLS(t, serverConfig(p), replying(reply(404, "", "")))
	for name, tt := range map[string]struct {
		server netip.AddrPort
		limits string
		why    reason.Reason
		detail string
	}{
		"none":            {server, "{}", reason.None, ""},
		"kept":            {server, "{total: 1h, connect: 1h, tls: 1h, request: 1h, headers: 1h, body: 1h, resolve: 1h, certificate_days: 1, tls_version: TLS1.3}", reason.None, ""},
		"days":            {server, "{certificate_days: 400}", reason.TLSCertEndsSoon, "in 100.0 days, expected are 400 at least"},
		"version":         {older, "{tls_version: TLS1.3}", reason.TLSVersionLow, "accepts TLS1.2, expected is TLS1.3 or later"},
		"of what failed":  {failing, "{certificate_days: 400, total: 1ns}", reason.VerifyBadStatus, "status 404 Not Found"},
		"of plain limits": {server, "{tls_version: TLS1.2}", reason.None, ""},
	} {
		t.Run(name, func(t *testing.T) {
			tg := at(goodHost, catalog.HTTPS, tt.server)
			tg.Check = goodCheck(t, "{limits: "+tt.limits+"}")
			o := New(onLoopback(p)).Probe(t.Context(), tg)
			outcome := reason.OK
			if tt.why != reason.None {
				outcome = tt.why.Outcome()
			}
			want(t, o, outcome, tt.why)
			if !strings.HasSuffix(o.Detail, tt.detail) {
				t.Errorf("%s, want %s", o.Detail, tt.detail)
			}
		})
	}
}

// Limits hold at endpoints of every kind: what is slow is degraded, and shown by a command that tells the time.
func TestLimitsOfOtherKinds(t *testing.T) {
	pki := newPKI()
	tcp := serve(t, func(c net.Conn) { _, _ = io.CopyN(c, c, 4); _, _ = io.Copy(io.Discard, c) })
	shaking := serveTLS(t, serverConfig(pki), func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	names := answeringOver(t, dnsmessage.RCodeSuccess, func(b *dnsmessage.Builder, h dnsmessage.ResourceHeader) {
		_ = b.AResource(h, dnsmessage.AResource{A: [4]byte{192, 0, 2, 1}})
	})
	for name, tt := range map[string]struct {
		scheme  catalog.Scheme
		server  netip.AddrPort
		own     *Own
		limits  string
		detail  string
		command []string
	}{
		"a connection":         {catalog.SchemeTCP, tcp, &Own{}, "{connect: 1ns}", "connect took", []string{"%{time_connect}", "--max-time 6 ", "telnet://" + tcp.String()}},
		"a talk":               {catalog.SchemeTCP, tcp, &Own{TCP: &catalog.TCPTalk{Send: "PING", Expect: "PING"}}, "{request: 1ns}", "request took", []string{"prober check tcp/slow --endpoints mine.yaml"}},
		"how a talk began":     {catalog.SchemeTCP, tcp, &Own{TCP: &catalog.TCPTalk{Send: "PING", Expect: "PING"}}, "{connect: 1ns}", "connect took", []string{"%{time_connect}"}},
		"a handshake":          {catalog.SchemeTLS, shaking, &Own{}, "{connect: 1ns}", "connect took", []string{"%{time_appconnect}", "https://" + goodHost + "/", "--connect-to ::" + shaking.String()}},
		"a question":           {catalog.SchemeDNS, names, &Own{DNS: &catalog.DNSQuestion{Name: "example.com"}}, "{request: 1ns}", "request took", []string{"dig @127.0.0.1 -p ", " example.com. A "}},
		"the whole of it":      {catalog.SchemeDNS, names, &Own{DNS: &catalog.DNSQuestion{Name: "example.com"}}, "{total: 1ns}", "the whole probe took", []string{"dig @127.0.0.1 -p "}},
		"all within its bound": {catalog.SchemeDNS, names, &Own{DNS: &catalog.DNSQuestion{Name: "example.com"}}, "{total: 1h}", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := onLoopback(pki)
			var asked atomic.Int64
			cfg.Clock.NowFunc = func() time.Time { return now.Add(time.Duration(asked.Add(1)) * time.Millisecond) }
			cfg.Self = func(catalog.Endpoint, netip.Addr) []string { return []string{"tcp/slow", "--endpoints", "mine.yaml"} }
			tg := of(tt.scheme, goodHost, tt.server, tt.own)
			tg.Check = goodCheck(t, "{limits: "+tt.limits+"}")
			o := New(cfg).Probe(t.Context(), tg)
			if tt.command == nil {
				want(t, o, reason.OK, reason.None)
				return
			}
			want(t, o, reason.Degraded, reason.VerifySlow)
			if !strings.HasPrefix(o.Detail, tt.detail) {
				t.Errorf("detail %q, want %q", o.Detail, tt.detail)
			}
			for _, part := range tt.command {
				if !strings.Contains(o.Reproduce, part) {
					t.Errorf("%s\nlacks %s", o.Reproduce, part)
				}
			}
		})
	}
}

// Each time has its own bound; what this program took of it does not count, and a process that stood still
// knows no time.
func TestLimitsOfTimes(t *testing.T) {
	ms := time.Millisecond
	phases := Phases{Resolve: 10 * ms, Connect: 20 * ms, TLS: 30 * ms, Request: 40 * ms, Headers: 50 * ms, Body: 60 * ms, Reached: reason.Body}
	most := func(d time.Duration) catalog.Duration { return catalog.Duration(d) }
	for name, tt := range map[string]struct {
		limits catalog.Limits
		own    time.Duration
		want   string
	}{
		"total":         {catalog.Limits{Total: most(209 * ms)}, 0, "the whole probe took 210ms, expected are 209ms at most"},
		"total is kept": {catalog.Limits{Total: most(210 * ms)}, 0, ""},
		"ours":          {catalog.Limits{Total: most(200 * ms), TLS: most(20 * ms)}, 10 * ms, ""},
		"resolve":       {catalog.Limits{Resolve: most(ms)}, 0, "resolve took 10ms, expected are 1ms at most"},
		"connect":       {catalog.Limits{Connect: most(ms)}, 0, "connect took 20ms, expected are 1ms at most"},
		"tls":           {catalog.Limits{TLS: most(ms)}, 0, "tls took 30ms, expected are 1ms at most"},
		"request":       {catalog.Limits{Request: most(ms)}, 0, "request took 40ms, expected are 1ms at most"},
		"headers, body": {catalog.Limits{Headers: most(ms), Body: most(59 * ms)}, 0, "headers took 50ms, expected are 1ms at most\nbody took 60ms, expected are 59ms at most"},
	} {
		var got []string
		for _, f := range slow(&AddressResult{Phases: phases, own: tt.own}, &tt.limits) {
			got = append(got, f.Detail)
		}
		if text := strings.Join(got, "\n"); text != tt.want {
			t.Errorf("%s: %q, want %q", name, text, tt.want)
		}
	}
	o := Observation{Outcome: reason.Degraded, Reason: reason.VerifySlow, Detail: "slow", Addresses: []AddressResult{{Outcome: reason.Degraded, Reason: reason.VerifySlow}}}
	o.excuse("it stood still")
	if o.Outcome != reason.Unknown || o.Reason != reason.ProberStalled || o.Addresses[0].Reason != reason.ProberStalled {
		t.Errorf("%+v", o)
	}
}

// The table of versions tells what is accepted beside what was chosen.
func TestLowestVersionOfTheTable(t *testing.T) {
	c := goodCheck(t, "{limits: {tls_version: TLS1.2}}")
	r := accepting(netip.MustParseAddr("192.0.2.7"), hello.TLS10)
	if f := lowVersion(c, r); f.Reason != reason.TLSVersionLow || f.Detail != "accepts TLS1.0, expected is TLS1.2 or later" {
		t.Errorf("%+v", f)
	}
	tg := target("good.test", catalog.HTTPS, 443)
	tg.Check = c
	if got := New(Config{}).reproduce(tg, r, reason.TLSVersionLow.Found("")); !strings.Contains(got, "-tls1 ") {
		t.Errorf("the command is %s", got)
	}
	if f := lowVersion(c, accepting(r.Address, hello.TLS12)); !f.OK() {
		t.Errorf("%+v", f)
	}
}
