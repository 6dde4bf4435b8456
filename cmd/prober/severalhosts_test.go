package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// severalHosts is a list whose product has several hosts in one region and network.
const severalHosts = `{
 "schema_version": 1,
 "sources": [{"id": "own", "title": "Our own"}],
 "regions": [{"id": "eu", "provider": "us", "name": "Europe"}],
 "products": [{"id": "shop", "name": "Shop", "provider": "us", "api_style": "none"}],
 "endpoints": [
  {"id": "shop/eu/public", "product": "shop", "region": "eu", "network": "public", "host": "a.shop.test", "sources": ["own"]},
  {"id": "shop/eu/public/api-2", "product": "shop", "region": "eu", "network": "public", "host": "b.shop.test", "sources": ["own"]},
  {"id": "shop/eu/public/api-3", "product": "shop", "region": "eu", "network": "public", "host": "c.shop.test", "sources": ["own"]}
 ]
}
`

// Whatever takes an endpoint takes an id of four parts.
func TestSeveralHostsInOneRegion(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "several.json")
	if err := os.WriteFile(file, []byte(severalHosts), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args string
		code int
		says string
	}{
		{"endpoints validate " + file, 0, "is valid: 3 endpoints"},
		{"endpoints list --region eu --endpoints " + file, 0, "\nshop/eu/public/api-3 "},
		{"endpoints diff " + file + " " + file, 0, ""},
		{"check --sandbox --endpoints " + file + " shop/eu/public/api-2", 0, "\n1 ok\n"},
		{"check --sandbox --endpoints " + file + " shop/eu/public", 0, "\n1 ok\n"},
		{"check --sandbox --endpoints " + file + " --fault shop/*/api-?=cert_expired", 1, "\n1 ok, 2 failed\n"},
		{"check --sandbox --endpoints " + file + " shop/eu/public/api-4", 2, `did you mean "shop/eu/public/api-2"?`},
	} {
		r := runApp(t, nil, strings.Fields(test.args)...)
		if r.code != test.code || !strings.Contains(r.stdout+r.stderr, test.says) {
			t.Errorf("%s: exit code %d\n%s%s", test.args, r.code, r.stdout, r.stderr)
		}
	}
}
