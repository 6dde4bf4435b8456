package catalog_test

import (
	"maps"
	"strings"
	"testing"

	"prober/catalog"
)

// several is a list with several hosts in one product, region and network.
const several = `{
 "schema_version": 1,
 "sources": [{"id": "own", "title": "Our own"}],
 "regions": [{"id": "eu", "provider": "us", "name": "Europe"}],
 "products": [{"id": "shop", "name": "Shop", "provider": "us", "api_style": "none"}],
 "endpoints": [
  {"id": "shop/eu/public", "product": "shop", "region": "eu", "network": "public", "host": "a.example", "sources": ["own"]},
  {"id": "shop/eu/public/api-2", "product": "shop", "region": "eu", "network": "public", "host": "b.example", "sources": ["own"]},
  {"id": "shop/eu/public/public", "product": "shop", "region": "eu", "network": "public", "host": "c.example", "sources": ["own"]},
  {"id": "shop/eu/vpc/api-2", "product": "shop", "region": "eu", "network": "vpc", "host": "b.example", "sources": ["own"]},
  {"id": "shop/eu/public/a-alt", "product": "shop", "region": "eu", "network": "public", "host": "a.example", "ports": {"https": 8443}, "sources": ["own"]}
 ]
}`

func decodeSeveral(t *testing.T) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Decode("several.json", []byte(several))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSeveralHostsInOneRegion(t *testing.T) {
	c := decodeSeveral(t)
	for id, want := range map[string]struct {
		name string
		line int
	}{
		"shop/eu/public": {"", 7}, "shop/eu/public/api-2": {"api-2", 8}, "shop/eu/public/public": {"public", 9}, "shop/eu/vpc/api-2": {"api-2", 10},
	} {
		e, found := c.Endpoint(id)
		if !found || e.Name() != want.name || c.Line(id) != want.line {
			t.Errorf("%s: found %v, name %q on line %d; want %q on line %d", id, found, e.Name(), c.Line(id), want.name, want.line)
		}
	}
	again, err := catalog.Decode("again.json", catalog.Encode(c))
	if err != nil || again.Digest() != c.Digest() {
		t.Errorf("written and read again it is another list: %v", err)
	}
	for word, want := range map[string]string{
		"shop/eu/public":   "shop/eu/public",
		"shop/eu/public/*": "shop/eu/public/api-2 shop/eu/public/public shop/eu/public/a-alt",
		"*/api-2":          "shop/eu/public/api-2 shop/eu/vpc/api-2",
		"c.example":        "shop/eu/public/public",
		"shop/*":           "shop/eu/public shop/eu/public/api-2 shop/eu/public/public shop/eu/vpc/api-2 shop/eu/public/a-alt",
	} {
		found, err := c.Match(word)
		if got := idsOf(found); got != want || err != nil {
			t.Errorf("%s names %s, %v; want %s", word, got, err, want)
		}
	}
}

func idsOf(endpoints []catalog.Endpoint) string {
	out := make([]string, len(endpoints))
	for i, e := range endpoints {
		out[i] = e.ID
	}
	return strings.Join(out, " ")
}

func TestTellApart(t *testing.T) {
	at := func(id, host string, https uint16, scheme catalog.Scheme) func() (catalog.Endpoint, catalog.Scheme) {
		return func() (catalog.Endpoint, catalog.Scheme) {
			return catalog.Endpoint{
				ID: id, Product: "shop", Region: "eu", Network: catalog.Public, Host: host, Ports: &catalog.Ports{HTTPS: https, HTTP: https},
			}, scheme
		}
	}
	type one = func() (catalog.Endpoint, catalog.Scheme)
	for name, tt := range map[string]struct {
		list []one
		want map[string]catalog.Apart
	}{
		"different hosts": {
			[]one{at("shop/eu/public", "a.example", 443, catalog.HTTPS), at("shop/eu/public/b", "b.example", 443, catalog.HTTPS)},
			map[string]catalog.Apart{},
		},
		"ports": {
			[]one{
				at("shop/eu/public", "a.example", 443, catalog.HTTPS), at("shop/eu/public/b", "a.example", 8443, catalog.HTTPS),
				at("shop/eu/public/c", "c.example", 8443, catalog.HTTPS),
			},
			map[string]catalog.Apart{"shop/eu/public": {Port: 443}, "shop/eu/public/b": {Port: 8443}},
		},
		"schemes": {
			[]one{at("shop/eu/public", "a.example", 8080, catalog.HTTPS), at("shop/eu/public/b", "a.example", 8080, catalog.HTTP)},
			map[string]catalog.Apart{"shop/eu/public": {Scheme: catalog.HTTPS}, "shop/eu/public/b": {Scheme: catalog.HTTP}},
		},
		"schemes and ports": {
			[]one{
				at("shop/eu/public", "a.example", 8080, catalog.HTTPS), at("shop/eu/public/b", "a.example", 8080, catalog.HTTP),
				at("shop/eu/public/c", "a.example", 8081, catalog.HTTP),
			},
			map[string]catalog.Apart{
				"shop/eu/public":   {Scheme: catalog.HTTPS, Port: 8080},
				"shop/eu/public/b": {Scheme: catalog.HTTP, Port: 8080}, "shop/eu/public/c": {Scheme: catalog.HTTP, Port: 8081},
			},
		},
		"an id that was given freely": {
			[]one{at("front", "a.example", 443, catalog.HTTPS), at("shop/eu/public/b", "a.example", 443, catalog.HTTPS)},
			map[string]catalog.Apart{"front": {Name: "front"}, "shop/eu/public/b": {Name: "b"}},
		},
		"nothing but the name": {
			[]one{at("shop/eu/public", "a.example", 443, catalog.HTTPS), at("shop/eu/public/b", "a.example", 443, catalog.HTTPS)},
			map[string]catalog.Apart{"shop/eu/public": {}, "shop/eu/public/b": {Name: "b"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := catalog.TellApart(func(yield func(catalog.Endpoint, catalog.Scheme) bool) {
				for _, each := range tt.list {
					if !yield(each()) {
						return
					}
				}
			})
			if !maps.Equal(got, tt.want) {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

// The labels of the built-in list are those that dashboards know.
func TestTheBuiltInListNeedsNoFurtherLabels(t *testing.T) {
	c := embedded(t)
	if apart := catalog.TellApart(func(yield func(catalog.Endpoint, catalog.Scheme) bool) {
		for _, e := range c.Endpoints {
			if !yield(e, catalog.HTTPS) {
				return
			}
		}
	}); len(apart) != 0 {
		t.Errorf("these need more: %+v", apart)
	}
	for _, e := range c.Endpoints {
		if e.Name() != "" {
			t.Errorf("%s has a name", e.ID)
		}
	}
}
