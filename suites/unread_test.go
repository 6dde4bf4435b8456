package suites_test

import (
	"fmt"
	"strings"
	"testing"

	endpoints "prober"
	"prober/catalog"
	"prober/suites"
)

// A rule that nobody judges is told of, with its line; none of the built-in list is one.
func TestUnreadRules(t *testing.T) {
	const https, http, ldap = "{product: shop, url: 'https://a.example'}", "{product: shop, url: 'http://a.example:8080'}", "{product: shop, url: 'tls://a.example'}"
	const no = `mine.yaml:2: the rule "shop/x" is judged by nothing: no requirement that the endpoints of shop are judged by reads it`
	for name, tt := range map[string]struct{ rules, endpoints, want string }{
		"all":                {"schemes: {id: shop/x, served: [https], refused: [http]}", https, ""},
		"methods":            {"methods: {id: shop/x, served: [GET]}", https, ""},
		"sizes":              {"size_limits: [{id: shop/x, method: POST, bytes: 9}]", http, ""},
		"encoding":           {"encoding: {id: shop/x, charset: UTF-8}", https + ", " + ldap, ""},
		"version of tls":     {"tls: [{id: shop/x, version: TLS1.0, expect: refused}]", ldap, ""},
		"no TLS":             {"tls: [{id: shop/x, version: TLS1.0, expect: refused}]", http, no},
		"another region":     {"tls: [{id: shop/x, version: TLS1.0, expect: refused, regions: [eu]}]", https + ", {product: wiki, region: eu, url: 'https://w.example'}", `mine.yaml:2: the rule "shop/x" is judged by nothing: no endpoint of shop is in eu`},
		"no requests":        {"methods: {id: shop/x, served: [GET]}", ldap, no},
		"errors of an API":   {"errors: [{id: shop/x, situation: throttled, codes: [A]}]", https, no},
		"parameters":         {"parameters: {id: shop/x, in_url: true, required: [a]}", https, no},
		"no port":            {"schemes: {id: shop/x, served: [https], refused: [http]}", "{product: shop, url: 'https://a.example:8443'}", `mine.yaml:2: the rule "shop/x" is judged in part: no endpoint of shop is looked at over http; its URL or its ports say where that is`},
		"of no such kind":    {"schemes: {id: shop/x, served: [https]}", ldap, `mine.yaml:2: the rule "shop/x" is judged by nothing: no endpoint of shop is looked at over https; its URL or its ports say where that is`},
		"nobody is there":    {"methods: {id: shop/x, served: [GET]}", "{product: wiki, url: 'https://w.example'}", `mine.yaml:2: the rule "shop/x" is judged by nothing: the list has no endpoint of shop`},
		"one endpoint of it": {"methods: {id: shop/x, served: [GET]}", ldap + ", " + https, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := catalog.DecodeList("mine.yaml", []byte("products:\n  - {id: shop, rules: {"+tt.rules+"}}\n  - {id: wiki}\nendpoints: ["+tt.endpoints+"]"))
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(suites.Unread(c), "\n"); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
	c, err := catalog.Decode("endpoints.json", endpoints.Endpoints())
	if err != nil {
		t.Fatal(err)
	}
	if all := suites.Unread(c); len(all) > 0 {
		t.Errorf("of the built-in list: %s", strings.Join(all, "\n"))
	}
}

// So is a text that is sent as it stands where a variable or a file seems to be meant; the text itself is not told.
func TestLiteralVariables(t *testing.T) {
	const sent = "mine.yaml:2: check.request.%s of shop is sent as it stands: a text that is somewhere else is all of it env:NAME or file:PATH"
	for request, field := range map[string]string{
		"bearer: $TOKEN":                                          "bearer",
		`bearer: "${TOKEN}"`:                                      "bearer",
		"basic: {user: $USER, password: env:A}":                   "basic.user",
		"basic: {user: a, password: $P_2}":                        "basic.password",
		`headers: {Authorization: "Bearer env:TOKEN"}`:            "headers.Authorization",
		`headers: {A: env:A, X-Key: "ApiKey $KEY"}`:               "headers.X-Key",
		`query: {key: "v file:key"}`:                              "query.key",
		"bearer: env:TOKEN":                                       "",
		"basic: {user: a, password: $ecret}":                      "",
		`headers: {A: "US$", B: "costs $5", C: "x=env:Y", D: $$}`: "",
	} {
		t.Run(request, func(t *testing.T) {
			want := ""
			if field != "" {
				want = fmt.Sprintf(sent, field)
			}
			for at, list := range map[string]string{
				"product":  "products:\n  - {id: shop, check: {request: {" + request + "}}}\nendpoints: [{product: shop, url: 'https://a.example'}]",
				"endpoint": "endpoints:\n  - {id: shop, url: 'https://a.example', check: {request: {" + request + "}}}\n",
			} {
				c, err := catalog.DecodeList("mine.yaml", []byte(list))
				if err != nil {
					t.Fatal(err)
				}
				if got := strings.Join(suites.Unread(c), "\n"); got != want {
					t.Errorf("%s: got  %s\nwant %s", at, got, want)
				}
			}
		})
	}
}

// So is a limit of handshakes where there are none.
func TestUnkeepableLimits(t *testing.T) {
	const (
		days    = "check: {limits: {certificate_days: 5}}"
		https   = "{product: shop, url: 'https://a.example'"
		product = "mine.yaml:2: limits.certificate_days of shop is judged by nothing: no endpoint of it makes a TLS handshake"
	)
	for name, tt := range map[string]struct{ product, endpoints, want string }{
		"a handshake":      {days, https + ", " + days + "}", ""},
		"of kind tls":      {days, "{product: shop, url: 'tls://a.example'}", ""},
		"some of them":     {days, https + "}, {product: shop, url: 'http://a.example'}", ""},
		"of the product":   {days, "{product: shop, url: 'http://a.example'}", product},
		"nobody is there":  {days, "{product: wiki, url: 'http://a.example'}", ""},
		"times":            {"check: {limits: {total: 1s}}", "{product: shop, url: 'http://a.example'}", ""},
		"of its endpoints": {"name: x", "{id: a, product: shop, url: 'tcp://a.example:1', " + days + "}, {id: b, product: shop, url: 'http://a.example', check: {limits: {certificate_days: 5, tls_version: TLS1.2}}}", "mine.yaml:4: limits.certificate_days of a is judged by nothing: the endpoint makes no TLS handshake; it is the same with 1 more of shop\nmine.yaml:4: limits.tls_version of b is judged by nothing: the endpoint makes no TLS handshake"},
	} {
		c, err := catalog.DecodeList("mine.yaml", []byte("products:\n  - {id: shop, "+tt.product+"}\n  - {id: wiki}\nendpoints: ["+tt.endpoints+"]"))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(suites.Unread(c), "\n"); got != tt.want {
			t.Errorf("%s: got  %s\nwant %s", name, got, tt.want)
		}
	}
}
