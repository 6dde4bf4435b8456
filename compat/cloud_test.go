package compat_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"prober"
	"prober/catalog"
	"prober/sandbox"
)

// cloud is a sandbox with every endpoint of the catalogue, and the way to it.
type cloud struct {
	*sandbox.Sandbox
	*recorder
}

// startCloud starts a sandbox whose clock is off by skew.
func startCloud(t testing.TB, skew time.Duration) *cloud {
	t.Helper()
	c, err := catalog.Decode("endpoints.json", prober.Endpoints())
	if err != nil {
		t.Fatal(err)
	}
	s, err := sandbox.Start(sandbox.Config{
		Catalog: c,
		Now:     func() time.Time { return time.Now().Add(skew) },
	})
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{
		DialContext:     dialOnly(s.Endpoints()),
		TLSClientConfig: &tls.Config{RootCAs: s.Roots()},
	}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		if err := s.Close(); err != nil {
			t.Errorf("closing the sandbox: %v", err)
		}
	})
	return &cloud{Sandbox: s, recorder: &recorder{next: transport}}
}

// withFault puts a fault on an endpoint until the test ends.
func (c *cloud) withFault(t testing.TB, id, fault string) {
	t.Helper()
	if err := c.SetFault(id, fault); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.ClearFault(id); err != nil {
			t.Error(err)
		}
	})
}

// dialOnly returns a dialer that leads the default ports of the endpoints' hosts to where
// the sandbox serves them, and nothing else anywhere.
func dialOnly(endpoints []sandbox.EndpointInfo) func(context.Context, string, string) (net.Conn, error) {
	ports := make(map[string]netip.AddrPort, 2*len(endpoints))
	for _, e := range endpoints {
		ports[net.JoinHostPort(e.Host, "443")] = e.HTTPS
		ports[net.JoinHostPort(e.Host, "80")] = e.HTTP
	}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		at, ok := ports[address]
		if !ok || !at.Addr().IsLoopback() {
			return nil, fmt.Errorf("dialling %s: not served by the sandbox", address)
		}
		return new(net.Dialer).DialContext(ctx, network, at.String())
	}
}

func TestNothingElseIsDialled(t *testing.T) {
	dial := dialOnly([]sandbox.EndpointInfo{
		{Host: "far.example", HTTPS: netip.MustParseAddrPort("192.0.2.1:443"), HTTP: netip.MustParseAddrPort("192.0.2.1:80")},
	})
	for _, address := range []string{
		"far.example:443", "far.example:80", "far.example:8443", // known, but not on loopback
		"ecs.aliyuncs.com:443", "100.100.100.200:80", "169.254.0.23:80", "127.0.0.1:443", "[::1]:443",
	} {
		conn, err := dial(t.Context(), "tcp", address)
		if err == nil {
			_ = conn.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "not served by the sandbox") {
			t.Errorf("dialling %s: %v", address, err)
		}
	}
}
