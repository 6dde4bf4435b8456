package probe

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"prober/catalog"
	"prober/probe/dns"
	"prober/probe/reason"
)

// TestLocalhost: no resolver is asked, and it counts as named by the user.
func TestLocalhost(t *testing.T) {
	at := serve(t, replying(okReply))
	for name, tt := range map[string]struct {
		port    uint16
		private bool
		outcome reason.Outcome
		why     reason.Reason
		says    string
	}{
		"one address serves": {at.Port(), true, reason.OK, reason.None, ""},
		"none serves":        {closedPort(t).Port(), true, reason.Fail, reason.ConnectRefused, "127.0.0.1"},
		"not permitted":      {at.Port(), false, reason.Unknown, reason.ProberAddressRefused, "127.0.0.1"},
	} {
		cfg := onLoopback(newPKI())
		cfg.DNS, cfg.Guard.AllowPrivate, cfg.Dial = nil, tt.private, func(ctx context.Context, a netip.AddrPort) (net.Conn, error) {
			if a.Addr().Is6() {
				return nil, syscall.ECONNREFUSED
			}
			return dialTCP(ctx, a)
		}
		o := New(cfg).Probe(t.Context(), target("localhost", catalog.HTTP, tt.port))
		if o.Outcome != tt.outcome || o.Reason != tt.why || !strings.Contains(o.Detail, tt.says) || tt.why != reason.None && !strings.Contains(o.Detail, "RFC 6761") {
			t.Errorf("%s: %s %s: %q", name, o.Outcome, o.Reason, o.Detail)
		}
	}
}

// TestHostsFile: that the hosts file knows a name is said where no resolver does, and only there.
func TestHostsFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "hosts")
	const text = "127.0.0.1 localhost\n# 192.0.2.1 commented.test\n192.0.2.2\tapi.shop.test  Shop # 192.0.2.3 after.test\n\nalone.test\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]string{
		"api.shop.test": "; " + file + " leads it to 192.0.2.2, but the hosts file is not read", "shop": "192.0.2.2",
		"commented.test": "", "after.test": "", "alone.test": "", "other.test": "",
	} {
		cfg := onLoopback(newPKI())
		cfg.HostsFile, cfg.DNS = file, failing(reason.ResolveNXDomain)
		o := New(cfg).Probe(t.Context(), target(host, catalog.HTTPS, 443))
		if got := strings.Contains(o.Detail, "hosts file"); got != (want != "") || !strings.Contains(o.Detail, want) {
			t.Errorf("%s: %q, want %q in it", host, o.Detail, want)
		}
	}
	if hostsSay("", "api.shop.test") != "" || hostsSay(file+".none", "api.shop.test") != "" {
		t.Error("a file that is not there says something")
	}
}

// TestWhyThereAreNoResolvers: it is said, and no command asks one that somebody else chooses.
func TestWhyThereAreNoResolvers(t *testing.T) {
	cfg := onLoopback(newPKI())
	cfg.DNS, cfg.NoResolvers = new(dns.Client).Lookup, errors.New("resolv.conf is a pipe")
	o := New(cfg).Probe(t.Context(), target("api.shop.test", catalog.HTTPS, 443))
	if o.Reason != reason.ProberResolverUnavailable || o.Detail != "no resolver is configured: resolv.conf is a pipe" || o.Reproduce != "" {
		t.Errorf("%s: %q, shown by %q", o.Reason, o.Detail, o.Reproduce)
	}
}
