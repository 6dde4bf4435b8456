package sandbox_test

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"prober"
	"prober/catalog"
	"prober/sandbox"
)

func embedded(t testing.TB) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Decode("endpoints.json", prober.Endpoints())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func start(t testing.TB, cfg sandbox.Config) *sandbox.Sandbox {
	t.Helper()
	if cfg.Catalog == nil {
		cfg.Catalog = embedded(t)
	}
	s, err := sandbox.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// client is an HTTP client that finds the endpoints by name, at their ports.
func client(s *sandbox.Sandbox) *http.Client {
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, s.Resolvers()[0].String())
	}}
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: s.Roots()},
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			host, _, err := net.SplitHostPort(address)
			if err != nil {
				return nil, err
			}
			list, err := s.Catalog().Match(host)
			if err != nil {
				return nil, err
			}
			addrs, err := resolver.LookupNetIP(ctx, "ip4", host)
			if err != nil {
				return nil, err
			}
			return new(net.Dialer).DialContext(ctx, network, netip.AddrPortFrom(addrs[0].Unmap(), list[0].Port(catalog.HTTPS)).String())
		},
	}}
}

func TestCatalogHasPorts(t *testing.T) {
	s := start(t, sandbox.Config{})
	c := s.Catalog()
	seen := make(map[uint16]string)
	for _, e := range c.Endpoints {
		for _, port := range []uint16{e.Port(catalog.HTTPS), e.Port(catalog.HTTP)} {
			key := e.ID
			if other, ok := seen[port]; ok && e.Network != catalog.VPC && !strings.HasSuffix(other, "/vpc") {
				t.Errorf("%s and %s have port %d", e.ID, other, port)
			}
			if port < 1024 {
				t.Errorf("%s has port %d", e.ID, port)
			}
			seen[port] = key
		}
	}
	if len(c.Endpoints) != 85 || embedded(t).Endpoints[0].Ports != nil {
		t.Error("the catalogue given to Start was changed")
	}
}

func TestWriteDir(t *testing.T) {
	s := start(t, sandbox.Config{})
	dir := filepath.Join(t.TempDir(), "new", "folder")
	for range 2 { // the second time replaces
		if err := s.WriteDir(dir); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "endpoints.json"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Decode("endpoints.json", text)
	if err != nil {
		t.Fatal(err)
	}
	if c.Digest() != s.Catalog().Digest() {
		t.Error("another catalogue was written")
	}
	if pem, err := os.ReadFile(filepath.Join(dir, "ca.pem")); err != nil || string(pem) != string(s.CAPEM()) {
		t.Errorf("ca.pem: %q, %v", pem, err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("%v, %v", entries, err)
	}
	file := filepath.Join(dir, "ca.pem", "below")
	if err := s.WriteDir(file); err == nil || !strings.Contains(err.Error(), "writing the sandbox's files") {
		t.Errorf("into a file: %v", err)
	}
}

// TestIPv6: public names lead to the same port on ::1 where the machine has it.
func TestIPv6(t *testing.T) {
	l, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		t.Skip("needs ::1")
	}
	_ = l.Close()
	s := start(t, sandbox.Config{})
	for _, id := range []string{"ecs/default/public", "kms/cn-beijing/vpc"} {
		e, _ := s.Catalog().Endpoint(id)
		w := &witness{s: s, e: e}
		if e.Network == catalog.Public {
			w.addresses = []netip.Addr{netip.IPv6Loopback()}
		}
		got := w.look()
		if problem := healthy(got); problem != "" {
			t.Errorf("%s: %s", id, problem)
		}
		if has := len(got.aaaa.addresses()) == 1; has != (e.Network == catalog.Public) {
			t.Errorf("%s: AAAA %v", id, got.aaaa.addresses())
		}
	}
}

// TestPrefixes: everything that DNS answers is public, private, or meant not to be dialled.
func TestPrefixes(t *testing.T) {
	s := start(t, sandbox.Config{})
	in := func(list []netip.Prefix, a netip.Addr) bool {
		return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(a) })
	}
	for _, test := range []struct {
		addr            string
		public, private bool
	}{
		{"127.0.0.1", true, false},
		{"127.0.0.2", true, false},
		{"::1", true, false},
		{"127.255.255.255", true, false},
		{"127.1.0.1", false, true},
		{"127.1.0.2", false, true},
		{"10.0.0.1", false, false},
		{"100.100.100.200", false, false},
		{"0.0.0.0", false, false},
		{"169.254.169.254", false, false},
	} {
		a := netip.MustParseAddr(test.addr)
		if in(s.Public(), a) != test.public || in(s.Private(), a) != test.private {
			t.Errorf("%s: public %v, private %v", a, in(s.Public(), a), in(s.Private(), a))
		}
	}
	for _, p := range slices.Concat(s.Public(), s.Private()) {
		if !p.Addr().IsLoopback() {
			t.Errorf("%v is not loopback", p)
		}
	}
}

func TestCredentialsAreRandom(t *testing.T) {
	a, b := start(t, sandbox.Config{}).Credentials(), start(t, sandbox.Config{}).Credentials()
	if a == b || len(a.Alibaba.AccessKeySecret) != 30 || len(a.Tencent.SecretKey) != 32 ||
		!strings.HasPrefix(a.Alibaba.AccessKeyID, "LTAI") || !strings.HasPrefix(a.Tencent.SecretID, "AKID") {
		t.Errorf("%+v, %+v", a, b)
	}
	zero := start(t, sandbox.Config{Random: zeros{}}).Credentials()
	if again := start(t, sandbox.Config{Random: zeros{}}).Credentials(); zero != again {
		t.Errorf("one source of chance gives %+v and %+v", zero, again)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestLatency: each part shows in the phase that it is named after, and is not less than
// it says. How much more it may be depends on the machine and is not looked at.
func TestLatency(t *testing.T) {
	const late = 120 * time.Millisecond
	for name, latency := range map[string]sandbox.Latency{
		"dns": {DNS: late}, "tls": {TLS: late}, "first_byte": {FirstByte: late}, "body": {Body: late},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, sandbox.Config{Latency: latency})
			e := s.Catalog().Endpoints[0]
			began := time.Now()
			if problem := healthy((&witness{s: s, e: e}).look()); problem != "" {
				t.Fatal(problem)
			}
			if took := time.Since(began); took < late {
				t.Errorf("took %v, want %v or more", took, late)
			}
		})
	}
}

// TestStyleNone: a catalogue of plain web sites is served too.
func TestStyleNone(t *testing.T) {
	s := start(t, sandbox.Config{Catalog: siteCatalog(t)})
	reply, err := client(s).Get("https://www.sandbox.test/any/path")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reply.Body.Close() }()
	body, err := io.ReadAll(reply.Body)
	if err != nil || reply.StatusCode != 200 || string(body) != "ok\n" {
		t.Errorf("%d %q, %v", reply.StatusCode, body, err)
	}
}

// TestFaultsAtStart: Config.Faults and SetFault do the same.
func TestFaultsAtStart(t *testing.T) {
	faults := map[string]string{"ecs/default/public": "nxdomain", "kms/cn-beijing/vpc": "cert_expired"}
	s := start(t, sandbox.Config{Faults: faults})
	got := make(map[string]string)
	for _, e := range s.Endpoints() {
		if e.Fault != "" {
			got[e.ID] = e.Fault
		}
	}
	if !reflect.DeepEqual(got, faults) {
		t.Errorf("%v, want %v", got, faults)
	}
}

func BenchmarkStart(b *testing.B) {
	c := embedded(b)
	for b.Loop() {
		s, err := sandbox.Start(sandbox.Config{Catalog: c})
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
