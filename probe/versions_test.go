package probe

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"prober/catalog"
	"prober/probe/hello"
	"prober/probe/reason"
)

// withRules is a product whose documents say this of the protocol versions.
func withRules(expect map[catalog.TLSVersion]catalog.Expectation) catalog.Product {
	p := catalog.Product{ID: "shop"}
	for v, e := range expect {
		p.Rules.TLS = append(p.Rules.TLS, catalog.TLSRule{Version: v, Expect: e})
	}
	return p
}

func TestVersions(t *testing.T) {
	p := newPKI()
	modern := serverConfig(p)
	modern.MinVersion = tls.VersionTLS12
	old := serverConfig(p)
	old.MinVersion, old.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	expect := func(list ...any) map[catalog.TLSVersion]catalog.Expectation {
		m := map[catalog.TLSVersion]catalog.Expectation{}
		for i := 0; i < len(list); i += 2 {
			m[list[i].(catalog.TLSVersion)] = list[i+1].(catalog.Expectation)
		}
		return m
	}
	for _, tt := range []struct {
		name    string
		server  *tls.Config
		rules   map[catalog.TLSVersion]catalog.Expectation
		reply   string
		want    reason.Reason
		detail  string
		accepts []hello.Version
	}{
		{"no rules", modern, nil, okReply, reason.None, "", []hello.Version{hello.TLS12, hello.TLS13}},
		{"rules kept", modern, expect(catalog.SSLv3, catalog.Refused, catalog.TLS12, catalog.Required), okReply, reason.None, "", []hello.Version{hello.TLS12, hello.TLS13}},
		{"required one missing", modern, expect(catalog.TLS10, catalog.Required), okReply, reason.TLSVersionMissing, "rejects TLS1.0, which the rules of shop require", []hello.Version{hello.TLS12, hello.TLS13}},
		{"refused one accepted", old, expect(catalog.TLS10, catalog.Refused, catalog.TLS11, catalog.Refused), okReply, reason.TLSVersionAccepted, "accepts TLS1.0, TLS1.1", []hello.Version{hello.TLS10, hello.TLS11}},
		{"the API's failure stands", old, expect(catalog.TLS10, catalog.Refused), reply(500, "", ""), reason.VerifyServerError, "", []hello.Version{hello.TLS10, hello.TLS11}},
		{"being throttled stands", old, expect(catalog.TLS10, catalog.Refused), reply(429, "", ""), reason.ProberRateLimited, "", []hello.Version{hello.TLS10, hello.TLS11}},
		{"two defects", old, expect(catalog.TLS10, catalog.Refused), okReply + "more", reason.TLSVersionAccepted, "also tls/version_old: the server chose TLS1.1 although TLS 1.2 and 1.3 were offered; OpenSSL, browsers and most other clients refuse that; also verify/surplus_bytes", []hello.Version{hello.TLS10, hello.TLS11}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tg := at(goodHost, catalog.HTTPS, serveTLS(t, tt.server, replying(tt.reply)))
			tg.Product, tg.TLSVersions = withRules(tt.rules), true
			cfg := onLoopback(p)
			cfg.Clock.SleepFunc = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
			o := New(cfg).Probe(t.Context(), tg)
			want(t, o, tt.want.Outcome(), tt.want)
			if !strings.Contains(o.Detail, tt.detail) {
				t.Errorf("detail %q lacks %q", o.Detail, tt.detail)
			}
			for _, r := range o.Addresses[0].TLS.Versions {
				if got, want := r.Verdict == hello.Accepted, slices.Contains(tt.accepts, r.Version); got != want {
					t.Errorf("%s: %s (%s)", r.Version, r.Verdict, r.Evidence)
				}
			}
		})
	}
}

// TestVersionsOfUnreachedAddress has no table to show, and says so for each version.
func TestVersionsOfUnreachedAddress(t *testing.T) {
	dials := 0
	cfg := onLoopback(newPKI())
	cfg.Dial = func(context.Context, netip.AddrPort) (net.Conn, error) {
		dials++
		return nil, context.DeadlineExceeded
	}
	tg := at(goodHost, catalog.HTTPS, loopback443)
	tg.TLSVersions = true
	o := New(cfg).Probe(t.Context(), tg)
	want(t, o, reason.Fail, reason.ConnectTimeout)
	if dials != 1 {
		t.Errorf("dialled %d times", dials)
	}
	for i, r := range o.Addresses[0].TLS.Versions {
		if r.Verdict != hello.Inconclusive || r.Version != hello.Versions()[i] || r.Evidence != "not reached: connect/timeout" {
			t.Errorf("%+v", r)
		}
	}
}

// A server that is silent to two hellos is asked about each version all the same, unless the
// look is to be brief.
func TestVersionsOfSilentAddress(t *testing.T) {
	for _, begins := range []bool{false, true} {
		for _, brief := range []bool{false, true} {
			var dials atomic.Int32
			silent := serve(t, func(c net.Conn) {
				dials.Add(1)
				if begins {
					_, _ = c.Write([]byte{22, 3}) // and never more
				}
				_, _ = io.Copy(io.Discard, c)
			})
			cfg := onLoopback(newPKI())
			cfg.Timeout = 100 * time.Millisecond
			tg := at(goodHost, catalog.HTTPS, silent)
			tg.TLSVersions, tg.Diagnose, tg.Brief = true, true, brief
			o := New(cfg).Probe(t.Context(), tg)
			for try := 0; o.Reason == reason.ProberStalled && try < 20; try++ { // as a busy machine has it
				dials.Store(0)
				o = New(cfg).Probe(t.Context(), tg)
			}
			want(t, o, reason.Fail, reason.TLSTimeout)
			first := o.Addresses[0].TLS.Versions[0]
			if first.Verdict != hello.Inconclusive || brief != (dials.Load() == 2) || brief != (first.Evidence == "not reached: tls/timeout") {
				t.Errorf("begins %t, brief %t: dialled %d times: %+v", begins, brief, dials.Load(), first)
			}
		}
	}
}

// TestVersionNames checks that catalogue, scanner and handshake call a version the same.
func TestVersionNames(t *testing.T) {
	for _, v := range catalog.TLSVersions() {
		if !slices.ContainsFunc(hello.Versions(), func(h hello.Version) bool { return h.String() == string(v) }) {
			t.Errorf("the scanner does not know %s", v)
		}
	}
	for _, v := range []uint16{tls.VersionTLS10, tls.VersionTLS11, tls.VersionTLS12, tls.VersionTLS13} {
		if !slices.Contains(catalog.TLSVersions(), catalog.TLSVersion(versionName(v))) {
			t.Errorf("the catalogue does not know %s", versionName(v))
		}
	}
	if got := versionName(0x0305); got != "" {
		t.Errorf("a version to come is called %q", got)
	}
}

// A brief version table waits for other versions by the handshake that was answered.
func TestHelloTimeout(t *testing.T) {
	p := New(Config{Timeout: 4 * time.Second})
	for name, tt := range map[string]struct {
		brief   bool
		reached reason.Phase
		took    time.Duration
		small   bool
		want    time.Duration
	}{
		"not brief":               {false, reason.Body, time.Millisecond, false, 4 * time.Second},
		"brief":                   {true, reason.Body, 10 * time.Millisecond, false, 1080 * time.Millisecond},
		"brief, and slow":         {true, reason.Body, time.Second, false, 4 * time.Second},
		"brief, no handshake":     {true, reason.TLS, 4 * time.Second, false, 4 * time.Second},
		"brief, small hello only": {true, reason.TLS, 4 * time.Second, true, time.Second},
	} {
		r := &AddressResult{TLS: &TLSFacts{small: tt.small}, Phases: Phases{Connect: tt.took, TLS: tt.took, Reached: tt.reached}}
		if got := p.helloTimeout(Target{Brief: tt.brief}, r); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}
