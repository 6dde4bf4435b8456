package sandbox_test

import (
	"context"
	"net"
	"strings"
	"testing"

	"prober/catalog"
	"prober/sandbox"
)

// severalHosts is a list in which one product has three endpoints in one region and network, two of
// them at one host.
func severalHosts(t testing.TB) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Decode("several.json", []byte(`{
 "schema_version": 1,
 "sources": [{"id": "own", "title": "Our own"}],
 "regions": [{"id": "eu", "provider": "us", "name": "Europe"}],
 "products": [{"id": "shop", "name": "Shop", "provider": "us", "api_style": "none"}],
 "endpoints": [
  {"id": "shop/eu/public", "product": "shop", "region": "eu", "network": "public", "host": "a.shop.test", "sources": ["own"]},
  {"id": "shop/eu/public/fault", "product": "shop", "region": "eu", "network": "public", "host": "b.shop.test", "sources": ["own"]},
  {"id": "shop/eu/public/alt", "product": "shop", "region": "eu", "network": "public", "host": "a.shop.test", "ports": {"https": 8443}, "sources": ["own"]}
 ]
}`))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSeveralHostsInOneRegion(t *testing.T) {
	s := start(t, sandbox.Config{Catalog: severalHosts(t)})
	for id, want := range map[string]string{"shop/eu/public": "cert_expired", "shop/eu/public/fault": "nxdomain"} {
		if status, text := manage(t, s, "PUT", "/endpoints/"+id+"/fault", want); status != 200 {
			t.Errorf("%s: %d %s", id, status, text)
		}
	}
	for id, want := range map[string]string{"shop/eu/public": "cert_expired", "shop/eu/public/fault": "nxdomain", "shop/eu/public/alt": ""} {
		if status, text := manage(t, s, "GET", "/endpoints/"+id+"/fault", ""); status != 200 || !strings.Contains(text, `"`+want+`"`) || s.Fault(id) != want {
			t.Errorf("%s: %d %s, want %q", id, status, text, want)
		}
	}
	if status, text := manage(t, s, "PUT", "/endpoints/shop/eu/public/nowhere/fault", "nxdomain"); status != 404 {
		t.Errorf("no such endpoint: %d %s", status, text)
	}
}

// The ids of somebody's own list are any number of words.
func TestFaultsOfFreeIDs(t *testing.T) {
	c, err := catalog.DecodeList("own.yaml", []byte("endpoints:\n  - {id: shop, url: \"https://a.shop.test\"}\n  - {id: a/b/c/d/e, url: \"https://b.shop.test\"}\n  - {id: x/fault, url: \"https://c.shop.test\"}\n"))
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, sandbox.Config{Catalog: c})
	for _, e := range c.Endpoints {
		if status, text := manage(t, s, "PUT", "/endpoints/"+e.ID+"/fault", "cert_expired"); status != 200 || s.Fault(e.ID) != "cert_expired" {
			t.Errorf("%s: %d %s, and the fault is %q", e.ID, status, text, s.Fault(e.ID))
		}
		if status, text := manage(t, s, "DELETE", "/endpoints/"+e.ID+"/fault", ""); status != 200 || s.Fault(e.ID) != "" {
			t.Errorf("%s: %d %s, and the fault is %q", e.ID, status, text, s.Fault(e.ID))
		}
	}
	if status, text := manage(t, s, "GET", "/endpoints/shop", ""); status != 404 || !strings.Contains(text, "/endpoints/ID/fault") {
		t.Errorf("an endpoint without more: %d %s", status, text)
	}
}

// Endpoints of one host share its name: what one of them has done to it holds until that one is
// clean again, whatever happens to the others.
func TestEndpointsOfOneHostShareItsName(t *testing.T) {
	s := start(t, sandbox.Config{Catalog: severalHosts(t)})
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, s.Resolvers()[0].String())
	}}
	const one, other = "shop/eu/public", "shop/eu/public/alt"
	for _, step := range []struct {
		do       func() error
		resolves bool
	}{
		{func() error { return nil }, true},
		{func() error { return s.SetFault(one, "nxdomain") }, false},
		{func() error { return s.SetFault(other, "cert_expired") }, false},
		{func() error { return s.ClearFault(other) }, false},
		{func() error { return s.ClearFault(one) }, true},
		{func() error { return s.SetFault(other, "nxdomain") }, false},
		{s.Reset, true},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		if _, err := resolver.LookupNetIP(t.Context(), "ip4", "a.shop.test"); (err == nil) != step.resolves {
			t.Errorf("with %q and %q the name resolves: %v, want %v", s.Fault(one), s.Fault(other), err, step.resolves)
		}
	}
}
