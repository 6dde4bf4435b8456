package catalog_test

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"prober/catalog"
	"prober/limit"
)

// list decodes a list of somebody's own, which is right.
func list(t *testing.T, name, text string) *catalog.Catalog {
	t.Helper()
	c, err := catalog.DecodeList(name, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What a list does not say has a default, and the ids tell endpoints apart whatever else is listed.
func TestDecodeListFillsIn(t *testing.T) {
	for name, tt := range map[string]struct {
		file, text string
		want       string // of the first endpoint: id product region network host scheme ports path authority
	}{
		"one line":            {"shop.yaml", `endpoints: [https://api.example.com/healthz]`, "shop/default/public/api.example.com_healthz shop default public api.example.com https 443 /healthz "},
		"JSON":                {"shop.json", `{"endpoints": ["https://api.example.com"]}`, "shop/default/public/api.example.com shop default public api.example.com https 443  "},
		"no more than a list": {"shop.yml", `- https://api.example.com`, "shop/default/public/api.example.com shop default public api.example.com https 443  "},
		"of a pipe":           {"/dev/fd/63", `endpoints: [http://api.example.com]`, "own/default/public/api.example.com_80 own default public api.example.com http 80  "},
		"a port":              {"endpoints.yaml", `endpoints: ["https://API.example.com:8443/a-b/c?d=e%20f"]`, "own/default/public/api.example.com_8443_a-b_c-d-e-20f-c1eb235d own default public api.example.com https 8443 /a-b/c?d=e%20f api.example.com:8443"},
		"an address":          {"l.yaml", `endpoints: ["http://[2001:db8::1]:8080/", https://192.0.2.1/x]`, "l/default/public/2001-db8-1_8080-ecf93e68 l default public 2001:db8::1 http 8080  [2001:db8::1]:8080"},
		"places":              {"l.yaml", "endpoints:\n- {product: shop, region: eu, network: vpc, host: a.example}", "shop/eu/vpc/a.example shop eu vpc a.example  443  "},
		"free id":             {"l.yaml", "endpoints:\n- {id: web/front-1, url: https://a.example}", "web/front-1 l default public a.example https 443  "},
		"of the product":      {"l.yaml", "products: [{id: shop}]\nendpoints: [https://a.example]", "shop/default/public/a.example shop default public a.example https 443  "},
		"a comment":           {"l.yaml", "# mine\nendpoints: # all\n  - https://a.example # the first\n", "l/default/public/a.example l default public a.example https 443  "},
		"file_sd":             {"t.json", `[{"targets": ["https://a.example/x", "b.example:25"], "labels": {"product": "shop", "region": "eu", "network": "vpc", "__x": "y", "team": "web"}}]`, "shop/eu/vpc/a.example_x shop eu vpc a.example https 443 /x "},
		"file_sd in YAML":     {"t.yml", "- targets: [b.example:25]\n  labels: {product: 2026, team: 7}\n", "2026/default/public/b.example_25 2026 default public b.example  25  "},
	} {
		t.Run(name, func(t *testing.T) {
			e := list(t, tt.file, tt.text).Endpoints[0]
			got := fmt.Sprintln(e.ID, e.Product, e.Region, e.Network, e.Host, e.Scheme, e.Port(e.Scheme), e.Path, e.Authority)
			if got != tt.want+"\n" {
				t.Errorf("got  %swant %s", got, tt.want)
			}
		})
	}
}

// A record that is not in the file is as good as one that is: what is encoded decodes to the same, by
// the strict rules too unless ids are free.
func TestListIsWhole(t *testing.T) {
	c := list(t, "shop.yaml", "endpoints: [https://a.example:8443/x, {host: b.example, labels: {team: web}}]")
	again, err := catalog.Decode("again.json", catalog.Encode(c))
	if err != nil || !reflect.DeepEqual(again.Endpoints, c.Endpoints) || again.Digest() != c.Digest() {
		t.Errorf("%v\n%s", err, catalog.Encode(c))
	}
	if p, _ := c.Product("shop"); p.Provider != "own" || p.APIStyle != catalog.StyleNone || c.RegionName(c.Endpoints[0]) != "default" {
		t.Errorf("%+v", p)
	}
	if s, _ := c.Source("own"); s.Title != "own list" {
		t.Errorf("%+v", s)
	}
	if c.Endpoints[1].Labels["team"] != "web" {
		t.Errorf("%v", c.Endpoints[1].Labels)
	}
}

// The built-in list is right by the rules of one's own, and says the same.
func TestBuiltInListIsAList(t *testing.T) {
	data, err := os.ReadFile("../endpoints.json")
	if err != nil {
		t.Fatal(err)
	}
	if c := list(t, "endpoints.json", string(data)); c.Digest() != embedded(t).Digest() {
		t.Error("it says something else")
	}
}

// A file with nothing in it is empty, whatever it is called.
func TestDecodeNothing(t *testing.T) {
	for _, name := range []string{"l.json", "l.yaml", "l", "/dev/null"} {
		for _, text := range []string{"", " \n\t\n"} {
			if _, err := catalog.DecodeList(name, []byte(text)); err == nil || !strings.HasPrefix(err.Error(), name+":1: the list is empty; the smallest one is") {
				t.Errorf("%s, %q: %v", name, text, err)
			}
		}
	}
}

func TestDecodeListErrors(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"empty":            {"# nothing\n", `l.yaml:1: the list is empty; the smallest one is "endpoints: [https://api.example.com/healthz]"`},
		"no list":          {"hello", `l.yaml:1: this is a text and no list; want a URL on each line, as https://api.example.com/healthz, or endpoints: [URL, ...]`},
		"a number":         {"endpoints: [{host: a.example, family: ipv4}]", `l.yaml:1: endpoints[0].family: want a number, got the text "ipv4"; did you mean 4?`},
		"no number":        {"endpoints: [{host: a.example, family: four}]", `l.yaml:1: endpoints[0].family: want a number, got a string`},
		"too long":         {"endpoints: [{host: a.example, interval: 999999999h}]", `l.yaml:1: endpoints[0].interval: "999999999h" is longer than any time that can be given here`},
		"too large":        {"endpoints: [{host: a.example, family: 99999999999999999999}]", `l.yaml:1: endpoints[0].family: 99999999999999999999 is out of range`},
		"a tab within":     {"endpoints:\n  -\thttps://a.example", "l.yaml:2: found character that cannot start any token: put spaces in place of tabs"},
		"a bare version":   {"endpoints: [{host: a.example, check: {limits: {tls_version: '1.2'}}}]", `l.yaml:1: endpoints[0].check.limits.tls_version: "1.2" is not a TLS version; did you mean "TLS1.2"? known: SSLv2, SSLv3, TLS1.0, TLS1.1, TLS1.2, TLS1.3`},
		"one name of two":  {"endpoints:\n- https://a.example\n- http://a.example:443", "l.yaml:3: endpoints[1]: http://a.example:443 would be called as https://a.example on line 2 is; give one of them an id"},
		"near a field":     {"endpoints: [{hosts: a.example}]", `l.yaml:1: endpoints[0].hosts: unknown field; did you mean "host"?`},
		"Prometheus":       {"global: {}\nscrape_configs: []", `l.yaml:1: this is a configuration of Prometheus; "prober endpoints import BLACKBOX.YML --targets FILE" makes a list of what it has probed, and the targets below static_configs, in a file of their own, are one`},
		"Gatus":            {"endpoints:\n  - {name: site, url: https://a.example, conditions: ['[STATUS] == 200']}", `l.yaml:1: this is a configuration of Gatus, which is not read; want endpoints: [URL, ...], and what its conditions say as check.expect`},
		"Uptime Kuma":      {`{version: "1.23", notificationList: [], monitorList: []}`, `l.yaml:1: this is a backup of Uptime Kuma, which is not read; want endpoints: [URL, ...] of its monitors`},
		"cloudprober":      {"probe {\n  name: \"site\"\n}", `l.yaml:1: this is a configuration of cloudprober, which is not read; want endpoints: [URL, ...] of its targets`},
		"cloudprober YAML": {"probe:\n  - {name: site, type: HTTP}", `l.yaml:1: this is a configuration of cloudprober, which is not read; want endpoints: [URL, ...] of its targets`},
		"Upptime":          {"owner: me\nrepo: up\nsites: [{name: site, url: https://a.example}]", `l.yaml:1: this is a configuration of Upptime, which is not read; want endpoints: [URL, ...] of its sites`},
		"modules":          {"modules: {}", `l.yaml:1: this is a configuration of blackbox_exporter; "prober endpoints import FILE" makes a list of it`},
		"values":           {"config: {modules: {}}\nserviceMonitor: {}", `l.yaml:1: these are values of a chart; of what stands below config "prober endpoints import FILE" makes a list, in a file of its own`},
		"OpenAPI":          {"openapi: 3.1.0", `l.yaml:1: this is a description of an API, which says what may be asked and not where it runs; want endpoints: [URL, ...]`},
		"Swagger":          {"swagger: '2.0'", `l.yaml:1: this is a description of an API, which says what may be asked and not where it runs; want endpoints: [URL, ...]`},
		"requests":         {"{info: {}, item: []}", `l.yaml:1: this is a collection of requests; want endpoints: [URL, ...] of what is to be watched`},
		"containers":       {"services: {web: {image: nginx}}", `l.yaml:1: this says what containers run, and not where they are asked; want endpoints: [URL, ...]`},
		"Kubernetes":       {"apiVersion: v1\nkind: ConfigMap", `l.yaml:1: this is an object of Kubernetes; want a list alone, which a ConfigMap has below data`},
		"a URL of many":    {"# mine\n\nhttps://a.example\nftp://b.example", `l.yaml:4: endpoints[1]: URL "ftp://b.example": want https or http (tls, tcp and dns are other kinds)`},
		"syntax":           {"endpoints:\n  - a: [b\n", "l.yaml:2: did not find expected ',' or ']': a bracket that begins here has no end, or between two things in it there is no comma"},
		"a colon":          {"endpoints:\n- url: https://a.example\n  why: note: this", `l.yaml:3: mapping values are not allowed in this context: quote a text that has a colon and a blank in it, as "note: this"`},
		"too deep":         {"endpoints:\n- url: https://a.example\n    why: x", `l.yaml:3: mapping values are not allowed in this context: indent it as deep as the fields beside it`},
		"not deep enough":  {"endpoints:\n  - url: https://a.example\n   why: x", `l.yaml:2: did not find expected '-' indicator: in what begins here a line is indented otherwise than those beside it`},
		"another family":   {"endpoints: [{url: 'https://192.0.2.1/', family: 6}]", `l.yaml:1: endpoints[0].url: 192.0.2.1 is not of family 6, which alone is to be probed`},
		"family of all":    {"products: [{id: shop, family: 4}]\nendpoints:\n- {host: '2001:db8::1'}", `l.yaml:3: endpoints[0].host: 2001:db8::1 is not of family 4, which alone is to be probed`},
		"behind quotes":    {"endpoints:\n- why: \"a\" b\n  url: https://a.example", `l.yaml:2: did not find expected key: in what begins here a line is indented otherwise than those beside it, or something stands behind a text in quotes`},
		"a shell's":        {"endpoints:\n- {url: https://a.example, why: ${WHY}}", `l.yaml:2: did not find expected ',' or '}': the value of a variable is written as env:NAME`},
		"a backslash":      {"endpoints:\n- \"https://a.example/\\d\"", `l.yaml:2: found unknown escape character: in "..." a backslash begins an escape; put the text in '...'`},
		"an open quote":    {"endpoints:\n- \"https://a.example", `l.yaml:2: found unexpected end of stream: a quote that begins here has no end`},
		"UTF-16":           {"\xff\xfee\x00", `l.yaml:1: the file is UTF-16; save it as UTF-8`},
		"UTF-16 unmarked":  {"e\x00n\x00", `l.yaml:1: control characters are not allowed: save the file as UTF-8`},
		"gzip":             {"\x1f\x8b\x08", `l.yaml:1: the file is compressed by gzip; unpack it`},
		"yes":              {"endpoints: [{url: https://a.example, check: {expect: {headers: [{name: A, absent: yes}]}}}]", `l.yaml:1: endpoints[0].check.expect.headers[0].absent: want true or false, got a string; did you mean true?`},
		"Off":              {"endpoints: [{url: https://a.example, check: {expect: {headers: [{name: A, absent: Off}]}}}]", `l.yaml:1: endpoints[0].check.expect.headers[0].absent: want true or false, got a string; did you mean false?`},
		"an octal region":  {"endpoints: [{url: https://a.example, region: 0755}]", `l.yaml:1: endpoints[0].region: want a string, got a number; put it in quotes`},
		"redirects: true":  {"endpoints: [{url: https://a.example, check: {redirects: true}}]", `l.yaml:1: endpoints[0].check.redirects: want a number, got true or false`},
		"no endpoint":      {"endpoints:", `l.yaml:1: endpoints: there is none in it; the smallest one is "endpoints: [https://api.example.com/healthz]"`},
		"none of them":     {"endpoints: []", `l.yaml:1: endpoints: there is none in it; the smallest one is "endpoints: [https://api.example.com/healthz]"`},
		"tab":              {"endpoints:\n\t- https://a.example", "l.yaml:2: found character that cannot start any token: indent with spaces, not with tabs"},
		"query":            {"endpoints: [https://a.example/?a=1]", `l.yaml:1: did not find expected ',' or ']': quote a text that has one of ? [ ] { } , in it, as "https://api.example.com/healthz?full=1"`},
		"two documents":    {"endpoints: [https://a.example]\n---\nendpoints: []", "l.yaml:2: a second document begins here; a list is one"},
		"anchor":           {"endpoints: &all\n  - https://a.example\n", "l.yaml:1: anchors and aliases are not read here: write the value out"},
		"alias":            {"a: &a x\nendpoints: [*a]", "l.yaml:1: anchors and aliases are not read here: write the value out"},
		"tag":              {"endpoints: [!!str https://a.example]", "l.yaml:1: the tag !!str is not read here: write the bare value"},
		"key twice":        {"endpoints:\n- {host: a.example, host: b.example}", "l.yaml:2: endpoints[0].host: given twice"},
		"null":             {"endpoints:\n- {host: }", "l.yaml:2: endpoints[0].host: null is no value; leave the field out"},
		"depth":            {strings.Repeat("[", 70) + strings.Repeat("]", 70), "l.yaml:1: more than 64 values inside each other"},
		"merge":            {"endpoints:\n- {<<: {host: a.example}}", "l.yaml:2: a name is one word, without anchor and tag"},
		"octal":            {"endpoints:\n- {host: a.example, ports: {https: 0443}}", "l.yaml:2: endpoints[0].ports.https: 0443 is not a whole number"},
		"no URL":           {"endpoints: [api.example.com]", `l.yaml:1: endpoints[0]: "api.example.com" is no URL; want one as https://api.example.com/healthz`},
		"bad URL":          {"endpoints: [ftp://api.example.com]", `l.yaml:1: endpoints[0]: URL "ftp://api.example.com": want https or http (tls, tcp and dns are other kinds)`},
		"password":         {"endpoints: ['https://u:PASSWORD@api.example.com']", "l.yaml:1: endpoints[0]: URL with user information: leave out what stands before the @"},
		"bad url field":    {"endpoints:\n- url: 5", "l.yaml:2: endpoints[0].url: want a string, got a number"},
		"url and host":     {"endpoints: [{url: 'https://a.example', host: a.example}]", "l.yaml:1: endpoints[0].url: the URL says host already; give one of the two"},
		"too far out":      {"endpoints: [{host: a.example, expect: {status: 200}}]", "l.yaml:1: endpoints[0].expect: unknown field; it stands in check.expect or tcp.expect"},
		"much too far":     {"endpoints: [{host: a.example, bearer: env:TOKEN}]", "l.yaml:1: endpoints[0].bearer: unknown field; it stands in check.request.bearer"},
		"no address":       {"endpoints: [{id: x}]", "l.yaml:1: endpoints[0].host: missing"},
		"twice":            {"endpoints:\n- https://a.example\n- https://a.example", "l.yaml:3: endpoints[1]: https://a.example is listed twice, first on line 2; where both are meant, give each an id of its own"},
		"twice under ids":  {"endpoints:\n- {id: a, url: 'https://a.example/x'}\n- {id: b, url: 'https://a.example/x'}", `l.yaml:3: endpoints[1].url: "a.example" is listed twice for l, first on line 2 as "a": both would measure the same`},
		"id":               {"endpoints: [{id: a//b, host: a.example}]", `l.yaml:1: endpoints[0].id: "a//b" is not an id; use words of a-z and 0-9, joined by single '-', '_' or '.', with "/" between them, 200 bytes at most`},
		"misplaced id":     {"endpoints: [{id: shp/eu/public, product: shop, region: eu, host: a.example}]", `l.yaml:1: endpoints[0].id: "shp/eu/public" does not say product, region and network; want "shop/eu/public", or that with a name behind it, as "shop/eu/public/api-2"`},
		"which product":    {"products: [{id: a}, {id: b}]\nendpoints: [https://a.example]", "l.yaml:2: endpoints[0].product: missing; the list has several products"},
		"no such product":  {"products: [{id: shop}]\nendpoints: [{product: shp, host: a.example}]", `l.yaml:2: endpoints[0].product: unknown product "shp"; did you mean "shop"? known: shop`},
		"no such region":   {"regions: [{id: eu}]\nendpoints: [{region: ue, host: a.example}]", `l.yaml:2: endpoints[0].region: unknown region of own "ue"; did you mean "eu"? known: eu`},
		"path":             {"endpoints: [{host: a.example, path: x y}]", `l.yaml:1: endpoints[0].path: "x y" is not the path and query of a request; want one as /healthz?full=1, with what is no part of it written as %XX`},
		"authority":        {"endpoints: [{host: a.example, authority: a b}]", `l.yaml:1: endpoints[0].authority: "a b" is not the Host of a request; want a host that may have a port`},
		"label":            {"endpoints: [{host: a.example, labels: {__a: b}}]", `l.yaml:1: endpoints[0].labels.__a: "__a" is not the name of a label; use letters, digits and '_', with no digit and no "__" at the beginning`},
		"taken label":      {"endpoints: [{host: a.example, labels: {region: b}}]", `l.yaml:1: endpoints[0].labels.region: "region" is a label that every endpoint has; give this one another name`},
		"long label":       {"endpoints: [{host: a.example, labels: {a: " + strings.Repeat("b", 201) + "}}]", "l.yaml:1: endpoints[0].labels.a: a label of 201 bytes; its name and its value have at most 200 each"},
		"label twice":      {"endpoints: [{host: a.example, labels: {a: b, a: c}}]", "l.yaml:1: endpoints[0].labels.a: given twice"},
		"bad label":        {"endpoints: [{host: a.example, labels: {a: [b]}}]", "l.yaml:1: endpoints[0].labels.a: want a string, got a list"},
		"target":           {"- targets: [5]", "l.yaml:1: [0].targets[0]: want a string, got a number"},
		"no targets":       {"- targets: [a.example]\n- labels: {a: b}", "l.yaml:2: [1].targets: want a list of targets"},
		"group":            {"- targets: [a.example]\n  label: {a: b}", "l.yaml:2: [0].label: unknown field; a group has targets and labels"},
		"made region":      {"endpoints:\n- host: a.example\n  region: EU West", `l.yaml:3: endpoints[0].region: "EU West" is not an id; use a-z and 0-9, joined by single '-', '_' or '.'`},
		"made product":     {"- targets: [a.example]\n  labels:\n    product: Shop", `l.yaml:3: [0].labels.product: "Shop" is not an id; use a-z and 0-9, joined by single '-', '_' or '.'`},
		"label of group":   {"- targets: [a.example]\n  labels:\n    team: web\n    Team-Name: web", `l.yaml:4: [0].labels."Team-Name": "Team-Name" is not the name of a label; use letters, digits and '_', with no digit and no "__" at the beginning`},
		"odd label":        {"endpoints:\n- host: a.example\n  labels:\n    team: web\n    a.b: web", `l.yaml:5: endpoints[0].labels."a.b": "a.b" is not the name of a label; use letters, digits and '_', with no digit and no "__" at the beginning`},
		"bad target":       {"- targets:\n  - a.example\n  - A_B", `l.yaml:3: [0].targets[1]: "a_b" is not a host name: it has a character other than a-z, 0-9, hyphen and dot`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := catalog.DecodeList("l.yaml", []byte(tt.text))
			if err == nil {
				t.Fatal("it is taken")
			}
			if got, _, _ := strings.Cut(err.Error(), "\n"); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// The bounds of labels are met, and no more than met.
func TestListLabelsAreBounded(t *testing.T) {
	labels := func(n, from int) string {
		var out []string
		for i := range n {
			out = append(out, fmt.Sprintf("l%d: x", from+i))
		}
		return fmt.Sprintf("- {id: e%d, host: h%d.example, labels: {%s}}\n", from, from, strings.Join(out, ", "))
	}
	list(t, "l.yaml", labels(limit.Labels, 0)+labels(limit.LabelNames-limit.Labels, limit.Labels))
	for text, want := range map[string]string{
		labels(limit.Labels+1, 0): "l.yaml:1: endpoints[0].labels: 17 labels; at most 16",
		labels(limit.Labels, 0) + labels(limit.Labels, limit.Labels) + labels(1, limit.LabelNames): `l.yaml:3: endpoints[2].labels.l32: "l32" is one more than the 32 names of labels that a list may have`,
	} {
		if _, err := catalog.DecodeList("l.yaml", []byte(text)); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// A long list is read in pieces, and says the same, on the same lines.
func TestLongYAMLIsReadInPieces(t *testing.T) {
	var text strings.Builder
	text.WriteString("# long\nproducts: [{id: shop}]\nendpoints:\n")
	for i := range 5000 {
		fmt.Fprintf(&text, "  # number %d\n  - url: https://h%d.example/healthz\n    note: >\n      - not an item\n    region: eu\n", i, i)
	}
	text.WriteString("regions:\n- {id: eu, name: Europe}\n")
	c := list(t, "l.yaml", text.String())
	if len(c.Endpoints) != 5000 || c.Endpoints[4999].Host != "h4999.example" || c.Endpoints[7].Note != "- not an item\n" {
		t.Fatalf("%d endpoints, %+v", len(c.Endpoints), c.Endpoints[7])
	}
	if line := c.Line(c.Endpoints[4000].ID); line != 3+4000*5+2 {
		t.Errorf("line %d", line)
	}
	for from, want := range map[string]string{
		"region: eu\nregions":    "l.yaml:25003: endpoints[4999].region: unknown region of own \"ue\"; did you mean \"eu\"? known: eu",
		"regions:\n":             "l.yaml:25004: rejoins: unknown field; did you mean \"regions\"?",
		"h3000.example/":         "l.yaml:15005: endpoints[3000].url: URL \"https://h3000..example/healthz\": the host has an empty label, or one longer than 63 characters, or is longer than 253",
		"  - url: https://h2000": "l.yaml:10005: mapping values are not allowed in this context",
	} {
		to := map[string]string{"region: eu\nregions": "region: ue\nregions", "regions:\n": "rejoins:\n", "h3000.example/": "h3000..example/", "  - url: https://h2000": "  - ]url: https://h2000"}[from]
		_, err := catalog.DecodeList("l.yaml", []byte(strings.Replace(text.String(), from, to, 1)))
		if err == nil {
			t.Errorf("%s: it is taken", to)
		} else if got, _, _ := strings.Cut(err.Error(), "\n"); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestMerge(t *testing.T) {
	builtIn := embedded(t)
	a := list(t, "a.yaml", "endpoints:\n- {id: one, url: 'https://a.example', product: shop}\n- {product: kms, region: moon, host: kms.moon.example}")
	b := list(t, "b.yaml", "products: [{id: shop, name: The shop, provider: us}]\nendpoints: [https://b.example]")
	c, err := catalog.Merge(builtIn, a, b)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Endpoints) != len(builtIn.Endpoints)+3 {
		t.Errorf("%d endpoints", len(c.Endpoints))
	}
	if p, _ := c.Product("shop"); p.Name != "The shop" {
		t.Errorf("what is said of a product is not what is kept: %+v", p)
	}
	if p, _ := c.Product("kms"); p.APIStyle != catalog.StyleAlibabaRPC {
		t.Errorf("what is only named takes the place of what is said: %+v", p)
	}
	for _, e := range c.Endpoints {
		p, _ := c.Product(e.Product)
		if _, ok := c.Region(p.Provider, e.Region); !ok {
			t.Errorf("%s is in a region that nobody knows", e.ID)
		}
	}
	if e, ok := c.Endpoint("one"); !ok || e.Host != "a.example" {
		t.Error("an endpoint is not found")
	}
	for name, tt := range map[string]struct {
		other *catalog.Catalog
		want  string
	}{
		"an id":     {list(t, "c.yaml", "endpoints:\n\n- {id: one, host: c.example}"), `c.yaml:3: endpoint "one" is listed twice, first in a.yaml:2; give one of them another id, or leave it out`},
		"a list":    {list(t, "a.yaml", "endpoints:\n- {id: one, host: a.example}\n- {id: two, host: b.example}"), "a.yaml:1: this list is given twice; leave it out once"},
		"a product": {list(t, "d.yaml", "products:\n- {id: shop, provider: them}\nendpoints: [https://d.example]"), "d.yaml:2: product shop is another one than in b.yaml:1"},
	} {
		if _, err := catalog.Merge(a, b, tt.other); err == nil || err.Error() != tt.want {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
}

// Whatever is a list is one as well when it is written out, and nothing makes the reader fail otherwise
// than by an error.
func FuzzDecodeList(f *testing.F) {
	for _, s := range []string{
		"endpoints: [https://api.example.com/healthz]", "- targets: [a.example:1]\n  labels: {a: b}", `{"endpoints": [{"host": "a.example"}]}`,
		"endpoints:\n- {id: a, url: 'http://[::1]:80/x?y', labels: {a: 1}}\nproducts: [{id: b, rules: {schemes: {id: b/s, served: [https]}}}]",
		"endpoints: [&a [*a]]", "? [a]: b", "endpoints: !!binary aaaa", "endpoints:\n-\n- -",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := catalog.DecodeList("fuzz", []byte(text))
		if err != nil {
			return
		}
		again, err := catalog.DecodeList("again.json", catalog.Encode(c))
		if err != nil || again.Digest() != c.Digest() {
			t.Errorf("%q is a list, and written out it is none: %v\n%s", text, err, catalog.Encode(c))
		}
	})
}

// URLs alone, one a line, are a list, however the lines end.
func TestListOfURLs(t *testing.T) {
	c := list(t, "mine.txt", "# mine\r\n\r\nhttps://a.example/healthz?full=1\r\n  tcp://b.example:5432  \r\nhttp://c.example")
	var got []string
	for i, e := range c.Endpoints {
		_, line := c.StatedAt(catalog.SectionEndpoint, e.ID)
		got = append(got, fmt.Sprintf("%d %d %s", i, line, e.ID))
	}
	want := "0 3 mine/default/public/a.example_healthz-full-1-"
	if all := strings.Join(got, "\n"); len(got) != 3 || !strings.HasPrefix(all, want) || !strings.HasSuffix(all, "1 4 mine/default/public/b.example_5432_tcp\n2 5 mine/default/public/c.example_80") {
		t.Errorf("%s", all)
	}
	_, err := catalog.DecodeList("mine.csv", []byte("url,name\nhttps://a.example,a\n"))
	if want := "mine.csv:1: a table of values is no list; give the column of the URLs alone, one on each line and without its title, in a file that ends in .txt"; err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
}

// Of groups of targets each mistake is told once, at its place, whatever else is wrong.
func TestDecodeListErrorsOfGroups(t *testing.T) {
	_, err := catalog.DecodeList("l.yaml", []byte(`- {targets: [a.example], labels: {region: US East}}
- {targets: [b.example, c.example], labels: {region: EU, network: dmz}}
- {targets: [d.example, "https://e f/"]}
`))
	const want = `l.yaml:1: [0].labels.region: "US East" is not an id; use a-z and 0-9, joined by single '-', '_' or '.'
l.yaml:2: [1].labels.region: "EU" is not an id; use a-z and 0-9, joined by single '-', '_' or '.'
l.yaml:2: [1].labels.network: "dmz" is not a network; known: public, vpc
l.yaml:3: [2].targets[1]: URL "https://e f/" cannot be parsed`
	if err == nil || err.Error() != want {
		t.Errorf("%v\nwant\n%s", err, want)
	}
}

// A label is one mistake, however many targets its group has, and whether it is told or counted.
func TestDecodeListCountsEachLabelOfGroups(t *testing.T) {
	const groups, more = limit.ShownErrors + 7, 7 + 1 // one of another kind
	var text strings.Builder
	for i := range groups {
		fmt.Fprintf(&text, "- {targets: [a%d.example:1, b%d.example:2, c%d.example:3], labels: {network: %d}}\n", i, i, i, i)
	}
	text.WriteString("- {targets: [a.example:1, a.example:1]}\n") // one twice
	_, err := catalog.DecodeList("t.yml", []byte(text.String()))
	lines := strings.Split(err.Error(), "\n")
	if last := lines[len(lines)-1]; len(lines) != limit.ShownErrors+1 || !strings.HasSuffix(last, fmt.Sprintf(": and %d errors more", more)) || !strings.Contains(lines[19], "[19].labels.network: ") {
		t.Errorf("%d lines, the last ones %q", len(lines), lines[len(lines)-2:])
	}
}
