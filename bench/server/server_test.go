package server

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"testing"
)

// start serves three hosts until the test ends.
func start(t *testing.T) *World {
	t.Helper()
	w, stop, err := Start(3)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return w
}

// resolver is the standard library's own, pointed at w.
func resolver(w *World) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", w.Resolver.String())
	}}
}

// got is what a host served.
type got struct {
	status  int
	version uint16 // of TLS
	body    []byte
}

// get asks host of w for a path with the standard library's client and defaults.
func get(t *testing.T, w *World, host int, path string) got {
	t.Helper()
	roots, err := w.Roots()
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots},
		DialContext:     (&net.Dialer{Resolver: resolver(w)}).DialContext,
	}
	defer transport.CloseIdleConnections()
	response, err := (&http.Client{Transport: transport}).Get(fmt.Sprintf("https://%s:%d%s", w.Host(host), w.Port, path))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return got{response.StatusCode, response.TLS.Version, body}
}

func TestServesEveryHost(t *testing.T) {
	w := start(t)
	for host := range w.Hosts {
		g := get(t, w, host, "/")
		if g.status != 200 || g.version != tls.VersionTLS13 || len(g.body) != replySize || !json.Valid(g.body) {
			t.Errorf("%s: status %d, TLS %x, %d bytes %s", w.Host(host), g.status, g.version, len(g.body), g.body)
		}
	}
}

func TestServesAPIError(t *testing.T) {
	g := get(t, start(t), 1, "/?Action=DescribeRegions")
	var reply struct{ Code, HostId, RequestId string } //nolint:revive // the names of the API
	if err := json.Unmarshal(g.body, &reply); err != nil {
		t.Fatal(err)
	}
	if g.status != 400 || len(g.body) != replySize || reply.Code != "MissingAccessKeyId" || reply.RequestId == "" || reply.HostId == "" {
		t.Errorf("status %d, %d bytes, %+v", g.status, len(g.body), reply)
	}
}

func TestNoIPv6Address(t *testing.T) {
	w := start(t)
	addrs, err := resolver(w).LookupNetIP(t.Context(), "ip", w.Host(2))
	if err != nil || len(addrs) != 1 || addrs[0].Unmap() != netip.MustParseAddr("127.77.0.3") {
		t.Errorf("addresses %v, error %v", addrs, err)
	}
	_, err = resolver(w).LookupNetIP(t.Context(), "ip", w.Host(3))
	var notFound *net.DNSError
	if !errors.As(err, &notFound) || !notFound.IsNotFound {
		t.Errorf("a host beyond the last: %v", err)
	}
}

func TestLeafIsForHostsOnly(t *testing.T) {
	w := start(t)
	roots, err := w.Roots()
	if err != nil {
		t.Fatal(err)
	}
	address := netip.AddrPortFrom(addresses()[0], w.Port).String()
	conn, err := tls.Dial("tcp", address, &tls.Config{RootCAs: roots, ServerName: "elsewhere.test"})
	if err == nil {
		conn.Close()
		t.Error("the certificate is valid for elsewhere.test too")
	}
}

func TestWorldTravelsAsJSON(t *testing.T) {
	w := start(t)
	text, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	var back World
	if err := json.Unmarshal(text, &back); err != nil || back != *w {
		t.Errorf("%+v became %+v, error %v", w, back, err)
	}
}

func TestRootsOfNoCertificate(t *testing.T) {
	if _, err := (&World{Authority: "none"}).Roots(); err == nil {
		t.Error("no error")
	}
}

func TestStartRefuses(t *testing.T) {
	for _, hosts := range []int{-1, 0, maxHosts + 1} {
		if _, stop, err := Start(hosts); err == nil {
			stop()
			t.Errorf("%d hosts were served", hosts)
		}
	}
}
