package probe

import (
	"crypto/tls"
	"net/netip"
	"strings"
	"testing"
	"time"

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
