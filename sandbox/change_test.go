package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"

	"prober/catalog"
	"prober/sandbox"
)

// shops is a list of one product with these endpoints in one region; the host of each is its name.
func shops(t testing.TB, style string, names ...string) *catalog.Catalog {
	t.Helper()
	var rows []string
	for _, n := range names {
		rows = append(rows, fmt.Sprintf(`{"id": "shop/eu/public/%s", "product": "shop", "region": "eu", "network": "public", "host": "%s.shop.test", "sources": ["own"]}`, n, n))
	}
	c, err := catalog.Decode("shops.json", []byte(`{"schema_version": 1, "sources": [{"id": "own", "title": "Our own"}],
 "regions": [{"id": "eu", "provider": "us", "name": "Europe"}],
 "products": [{"id": "shop", "name": "Shop", "provider": "us", `+style+`}],
 "endpoints": [`+strings.Join(rows, ",\n")+`]}`))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const website = `"api_style": "none"`

// where is the port of an endpoint over HTTPS, whether its name resolves, and whether something listens there.
func where(t *testing.T, s *sandbox.Sandbox, name string, port uint16) (at uint16, resolves, listens bool) {
	t.Helper()
	if e, listed := s.Catalog().Endpoint("shop/eu/public/" + name); listed {
		at = e.Port(catalog.HTTPS)
	}
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, s.Resolvers()[0].String())
	}}
	_, err := resolver.LookupNetIP(t.Context(), "ip4", name+".shop.test")
	c, dialled := net.Dial("tcp4", fmt.Sprintf("127.0.0.1:%d", max(at, port)))
	if dialled == nil {
		_ = c.Close()
	} else if !errors.Is(dialled, syscall.ECONNREFUSED) {
		t.Fatal(dialled)
	}
	return at, err == nil, dialled == nil
}

func TestChange(t *testing.T) {
	s := start(t, sandbox.Config{Catalog: shops(t, website, "a", "b"), Faults: map[string]string{"shop/eu/public/a": "cert_expired"}})
	before := map[string]uint16{}
	for _, n := range []string{"a", "b"} {
		before[n], _, _ = where(t, s, n, 0)
	}
	if err := s.Change(shops(t, website, "a", "c"), map[string]string{"shop/eu/public/a": "nxdomain", "shop/eu/public/c": "cert_expired"}); err != nil {
		t.Fatal(err)
	}
	if at, resolves, listens := where(t, s, "a", 0); at != before["a"] || !resolves || !listens || s.Fault("shop/eu/public/a") != "cert_expired" {
		t.Errorf("a moved from %d to %d, resolves: %v, listens: %v, has %q", before["a"], at, resolves, listens, s.Fault("shop/eu/public/a"))
	}
	if at, resolves, listens := where(t, s, "b", before["b"]); at != 0 || resolves || listens {
		t.Errorf("b is gone, yet: listed %d, resolves: %v, listens: %v", at, resolves, listens)
	}
	if at, resolves, listens := where(t, s, "c", 0); at == 0 || !resolves || !listens || s.Fault("shop/eu/public/c") != "cert_expired" {
		t.Errorf("c is new: listed %d, resolves: %v, listens: %v, has %q", at, resolves, listens, s.Fault("shop/eu/public/c"))
	}
	if status, text := manage(t, s, "GET", "/endpoints", ""); status != 200 || !strings.Contains(text, "public/c") || strings.Contains(text, "public/b") {
		t.Errorf("the management API lists %s", text)
	}
}

// A fault that cannot be put on a new endpoint leaves everything as it was.
func TestChangeIsWholeOrNotAtAll(t *testing.T) {
	s := start(t, sandbox.Config{Catalog: shops(t, website, "a", "b")})
	before := s.Endpoints()
	err := s.Change(shops(t, website, "a", "c", "d"), map[string]string{"shop/eu/public/c": "nxdomain", "shop/eu/public/d": "nxdomian"})
	if err == nil || !strings.Contains(err.Error(), `did you mean "nxdomain"`) {
		t.Errorf("got %v", err)
	}
	for i, e := range s.Endpoints() {
		if e != before[i] {
			t.Errorf("%+v became %+v", before[i], e)
		}
	}
	for _, n := range []string{"a", "b"} {
		if _, resolves, listens := where(t, s, n, 0); !resolves || !listens {
			t.Errorf("%s resolves: %v, listens: %v", n, resolves, listens)
		}
	}
	if _, resolves, _ := where(t, s, "c", 1); resolves {
		t.Error("c is not listed, yet it resolves")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Change(shops(t, website, "a"), nil); err == nil {
		t.Error("a sandbox that is closed was changed")
	}
}

// What a product is decides what its endpoints are: with other rules they are served anew.
func TestChangeOfAProduct(t *testing.T) {
	s := start(t, sandbox.Config{Catalog: shops(t, website, "a")})
	before, _, _ := where(t, s, "a", 0)
	if err := s.Change(shops(t, `"api_style": "alibaba-rpc", "api_version": "2020-01-01"`, "a"), nil); err != nil {
		t.Fatal(err)
	}
	at, resolves, listens := where(t, s, "a", 0)
	if _, _, old := where(t, s, "nowhere", before); at == before || !resolves || !listens || old {
		t.Errorf("a is at %d, was at %d, which listens: %v; resolves: %v, listens: %v", at, before, old, resolves, listens)
	}
}
