package sandbox_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"prober/probe/dns"
	"prober/probe/reason"
	"prober/sandbox"
)

// Every outage, put on one endpoint, shows at another and at names that are none, takes the control
// with it or not, and ends without a trace.
func TestOutages(t *testing.T) {
	s := start(t, sandbox.Config{})
	const sick, other = "ecs/default/public", "kms.cn-hangzhou.aliyuncs.com"
	type state struct {
		name, foreign reason.Reason // what DNS says of another host, and of a name that is none
		control       bool          // takes a connection
		shown         string        // the name in the certificate of the other host; empty: no handshake
	}
	const lost = reason.ResolveServFail
	well := state{reason.None, reason.ResolveNXDomain, true, other}
	wants := map[string]state{
		"resolver_unavailable_servfail":         {lost, lost, true, other},
		"resolver_unavailable_nxdomain":         {reason.ResolveNXDomain, reason.ResolveNXDomain, true, other},
		"resolver_unavailable_refused":          {reason.ResolveRefused, reason.ResolveRefused, true, other},
		"resolver_unavailable_silent":           {reason.ResolveTimeout, reason.ResolveTimeout, true, other},
		"resolver_unavailable_addresses_denied": {reason.ResolveNXDomain, reason.ResolveNXDomain, true, other},
		"resolver_unavailable_no_addresses":     {reason.ResolveNoData, reason.ResolveNoData, true, other},
		"bogon_every_name":                      {reason.None, reason.None, true, other},
		"resolver_unavailable_one_address":      {reason.None, reason.None, true, other},
		"vantage_offline_reset":                 {reason.None, reason.ResolveNXDomain, false, ""},
		"vantage_offline_silent":                {reason.None, reason.ResolveNXDomain, false, ""},
		"vantage_offline_portal":                {reason.None, reason.ResolveNXDomain, true, "portal.sandbox.test"},
	}
	look := func(hasty bool) state {
		client := &dns.Client{Timeout: patience}
		if hasty {
			client.Timeout = 50 * time.Millisecond
		}
		ask := func(name string) reason.Reason {
			return client.Query(t.Context(), s.Resolvers()[0], name, dns.A).Reason
		}
		got := state{name: ask(other), foreign: ask("made-up.example.com")}
		_, port, _ := strings.Cut(s.Controls()[0], ":")
		if c, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", port)); err == nil {
			got.control = true
			_ = c.Close()
		}
		for _, e := range s.Endpoints() {
			if e.Host == other {
				got.shown = certificateAt(t, e.HTTPS, other, client.Timeout)
			}
		}
		return got
	}
	if got := look(false); got != well {
		t.Fatalf("at first %+v", got)
	}
	outages := sandbox.Outages(embedded(t))
	if len(outages) != len(wants) {
		t.Errorf("%d outages, %d are tested", len(outages), len(wants))
	}
	for _, f := range outages {
		if err := s.SetFault(sick, f.Name); err != nil {
			t.Fatal(err)
		}
		if got := look(strings.HasSuffix(f.Name, "_silent")); got != wants[f.Name] || !f.Whole {
			t.Errorf("%s: %+v, want %+v", f.Name, got, wants[f.Name])
		}
	}
	// A second one, somewhere else, waits for the first to end.
	for _, id := range []string{sick, "kms/cn-hangzhou/public"} {
		if err := s.SetFault(id, "resolver_unavailable_refused"); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.ClearFault(sick); err != nil {
		t.Fatal(err)
	}
	if got := look(false); got.foreign != reason.ResolveRefused {
		t.Errorf("with a second outage %+v", got)
	}
	if err := s.Reset(); err != nil {
		t.Fatal(err)
	}
	if got := look(false); got != well {
		t.Errorf("at last %+v", got)
	}
}

// certificateAt is the name in the certificate that is shown at an address for a host; empty where
// no handshake comes about.
func certificateAt(t *testing.T, at netip.AddrPort, host string, within time.Duration) string {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), within)
	defer stop()
	d := tls.Dialer{Config: &tls.Config{ServerName: host, InsecureSkipVerify: true}}
	c, err := d.DialContext(ctx, "tcp", at.String())
	if err != nil {
		return ""
	}
	defer func() { _ = c.Close() }()
	return c.(*tls.Conn).ConnectionState().PeerCertificates[0].DNSNames[0]
}
