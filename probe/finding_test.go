package probe

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"prober/catalog"
	"prober/probe/dns"
	"prober/probe/reason"
)

func TestWorst(t *testing.T) {
	var (
		fine    = reason.Finding{Detail: "fine"}
		defect  = reason.VerifyBOM.Found("bom")
		defect2 = reason.VerifyCharset.Found("charset")
		unsure  = reason.ProberRateLimited.Found("throttled")
		broken  = reason.TLSEOF.Found("eof")
		broken2 = reason.TLSReset.Found("reset")
	)
	for _, tt := range []struct {
		findings []reason.Finding
		want     verdict
		text     string
	}{
		{nil, verdict{}, ""},
		{[]reason.Finding{{}, fine}, verdict{Finding: fine}, "fine"},
		{[]reason.Finding{fine, {}}, verdict{}, ""},
		{[]reason.Finding{fine, defect}, verdict{Finding: defect}, "bom"},
		{[]reason.Finding{defect, fine}, verdict{Finding: defect}, "bom"},
		{[]reason.Finding{defect, defect}, verdict{Finding: defect}, "bom"},
		{[]reason.Finding{defect, defect2}, verdict{defect, []reason.Finding{defect2}}, "bom; also verify/charset: charset"},
		{[]reason.Finding{defect, unsure}, verdict{unsure, []reason.Finding{defect}}, "throttled; also verify/bom: bom"},
		{[]reason.Finding{unsure, broken}, verdict{broken, []reason.Finding{unsure}}, "eof; also prober/rate_limited: throttled"},
		{[]reason.Finding{broken, unsure, broken2}, verdict{broken, []reason.Finding{unsure, broken2}}, "eof; also prober/rate_limited: throttled; also tls/reset: reset"},
	} {
		got := worst(tt.findings...)
		if !reflect.DeepEqual(got, tt.want) || got.text() != tt.text {
			t.Errorf("worst(%v) = %v, want %v; %q", tt.findings, got, tt.want, got.text())
		}
		var bit verdict
		for _, f := range tt.findings {
			bit = bit.and(verdict{Finding: f})
		}
		if bit.Reason != tt.want.Reason || len(bit.also) != len(tt.want.also) {
			t.Errorf("one by one %v gives %v, want %v", tt.findings, bit, tt.want)
		}
	}
}

// TestAllFindings: one thing that is wrong does not hide another, and each has its own
// command.
func TestAllFindings(t *testing.T) {
	root := newEntity("Root", nil, authority, alive)
	past := func(c *x509.Certificate) { c.NotBefore, c.NotAfter = now.Add(-9*day), now.Add(-time.Hour) }
	leaf := newEntityWithKey(rsaKey(1024), "x", root, forHosts("other.test"), past)
	fine := newEntity(goodHost, root, forHosts(goodHost), alive)
	for _, tt := range []struct {
		name  string
		cert  *entity
		reply string
		rules map[catalog.TLSVersion]catalog.Expectation
		want  []reason.Reason
	}{
		{"a certificate", leaf, okReply, nil, []reason.Reason{reason.TLSCertExpired, reason.TLSCertHostname, reason.TLSWeakKey}},
		{
			"a reply", fine, "HTTP/1.1 404 Gone\nContent-Length: 2\r\n\r\nokMORE", nil,
			[]reason.Reason{reason.VerifyBadStatus, reason.HeadersBareLF, reason.VerifySurplusBytes},
		},
		{
			"versions", fine, okReply,
			map[catalog.TLSVersion]catalog.Expectation{catalog.TLS11: catalog.Required, catalog.TLS12: catalog.Refused},
			[]reason.Reason{reason.TLSVersionAccepted, reason.TLSVersionMissing},
		},
		{
			"a certificate and versions", leaf, okReply,
			map[catalog.TLSVersion]catalog.Expectation{catalog.TLS12: catalog.Refused},
			[]reason.Reason{reason.TLSCertExpired, reason.TLSCertHostname, reason.TLSWeakKey, reason.TLSVersionAccepted},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{served(tt.cert)}}, replying(tt.reply))
			tg := at(goodHost, catalog.HTTPS, server)
			if tt.rules != nil {
				tg.TLSVersions, tg.Product = true, withRules(tt.rules)
			}
			o := New(Config{Guard: Guard{AllowPrivate: true}, Roots: pool(root), Timeout: time.Minute, Clock: Clock{ElapsedFunc: unstalled}}).Probe(t.Context(), tg)
			var got []reason.Reason
			commands := map[string]bool{}
			for _, f := range o.Addresses[0].Findings {
				got = append(got, f.Reason)
				if f.Detail == "" || f.Reproduce == "" {
					t.Errorf("%s has the detail %q and the command %q", f.Reason, f.Detail, f.Reproduce)
				}
				commands[f.Reproduce] = true
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("found %v, want %v: %s", got, tt.want, o.Detail)
			}
			if o.Reason != tt.want[0] || o.Reproduce != o.Addresses[0].Findings[0].Reproduce {
				t.Errorf("%s %q decides", o.Reason, o.Reproduce)
			}
		})
	}
}

// TestFindingsOfABrokenHandshake: what is wrong with a certificate is told also where the
// server breaks the handshake off.
func TestFindingsOfABrokenHandshake(t *testing.T) {
	root := newEntity("Root", nil, authority, alive)
	leaf := newEntity("x", root, forHosts("other.test"), func(c *x509.Certificate) { c.NotBefore, c.NotAfter = now.Add(-9*day), now.Add(-time.Hour) })
	server := serveTLS(t, &tls.Config{
		Certificates: []tls.Certificate{served(leaf)}, ClientAuth: tls.RequireAnyClientCert, MaxVersion: tls.VersionTLS12,
	}, nil)
	o := New(Config{Guard: Guard{AllowPrivate: true}, Roots: pool(root), Timeout: time.Minute, Clock: Clock{ElapsedFunc: unstalled}}).Probe(t.Context(), at(goodHost, catalog.HTTPS, server))
	var got []reason.Reason
	for _, f := range o.Addresses[0].Findings {
		got = append(got, f.Reason)
	}
	if want := []reason.Reason{reason.TLSClientCertRequired, reason.TLSCertExpired, reason.TLSCertHostname}; !reflect.DeepEqual(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
}

// TestUnprobedAddressesAreJudged: an address beyond those that are probed is not dialled, and
// where it leads is told nonetheless.
func TestUnprobedAddressesAreJudged(t *testing.T) {
	p := newPKI()
	cfg := onLoopback(p)
	cfg.MaxAddresses, cfg.Dial = 1, refusing(errors.New("refused"))
	cfg.DNS = answering("127.0.0.1", "127.0.0.2", "169.254.169.254")
	o := New(cfg).Probe(t.Context(), target(goodHost, catalog.HTTPS, 443))
	if len(o.Addresses) != 1 || len(o.Findings) != 1 || o.Findings[0].Reason != reason.ResolveBogon || o.Findings[0].Reproduce == "" {
		t.Errorf("%d addresses probed, findings %+v", len(o.Addresses), o.Findings)
	}
}

// TestNameFindings: a name whose lookup is degraded for one reason may be hijacked as well.
func TestNameFindings(t *testing.T) {
	resolver := netip.MustParseAddrPort("192.0.2.53:53")
	p := New(Config{Resolvers: []netip.AddrPort{resolver}})
	l := &dns.Lookup{
		Host: goodHost, Outcome: reason.Degraded, Reason: reason.ResolveServFail, Detail: "SERVFAIL",
		Families: []dns.FamilyVerdict{{Type: dns.A, Resolver: resolver}, {Type: dns.AAAA, Reason: reason.ResolveServFail, Resolver: resolver}},
		Canary:   &dns.Answer{Resolver: resolver, Name: "good-1.test", Type: dns.A, Addresses: []netip.Addr{netip.MustParseAddr("192.0.2.9")}},
	}
	got := p.nameFindings(target(goodHost, catalog.HTTPS, 443), l)
	if len(got) != 2 || got[0].Reason != reason.ResolveServFail || got[1].Reason != reason.ResolveHijacked {
		t.Fatalf("found %+v", got)
	}
	for _, f := range got {
		if f.Detail == "" || f.Reproduce == "" {
			t.Errorf("%s has the detail %q and the command %q", f.Reason, f.Detail, f.Reproduce)
		}
	}
	fine := &dns.Lookup{Host: goodHost, Outcome: reason.OK, Families: []dns.FamilyVerdict{{Type: dns.A}, {Type: dns.AAAA, Reason: reason.ResolveNoData}}}
	if got := p.nameFindings(target(goodHost, catalog.HTTPS, 443), fine); len(got) != 0 {
		t.Errorf("found %+v of a name that is fine", got)
	}
}
