package catalog_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	endpoints "prober"
	"prober/catalog"
)

// beside are the fields of an object that a field needs beside it, and where the object stands in a list. The
// longest path that begins that of a field is its.
var beside = map[string]struct{ list, fields string }{
	"":                                    {"%s", "endpoints: [https://a.example]"},
	"sources":                             {"sources: [%s]\nendpoints: [{url: https://a.example, sources: [handbook]}]", "id: handbook; title: T"},
	"regions":                             {"regions: [%s]\nendpoints: [{url: https://a.example, region: eu}]", "id: eu"},
	"products":                            {"products: [%s]\nendpoints: [{host: a.example, product: shop}]", "id: shop"},
	"products.api_style":                  {"products: [%s]\nendpoints: [{host: a.example, product: shop}]", "id: shop"},
	"products.api_version":                {"products: [%s]\nendpoints: [{host: a.example, product: shop}]", "id: shop; api_style: alibaba-rpc"},
	"products.read_only_action":           {"products: [%s]\nendpoints: [{host: a.example, product: shop}]", "id: shop; api_style: alibaba-rpc; api_version: '2015-04-01'"},
	"products.signature":                  {"products: [%s]\nendpoints: [{host: a.example, product: shop}]", "id: shop; api_style: alibaba-rpc; api_version: '2015-04-01'"},
	"products.rules.":                     {ruledList("rules: %s"), ""},
	"products.rules.schemes.":             {ruledList("rules: {schemes: %s}"), "id: shop/schemes; served: [https]"},
	"products.rules.methods.":             {ruledList("rules: {methods: %s}"), "id: shop/methods; served: [GET]"},
	"products.rules.parameters.":          {ruledList("rules: {parameters: %s}"), "id: shop/parameters; in_url: true; required: [A]"},
	"products.rules.content_types.":       {ruledList("api_style: tencent-3, api_version: '2018-05-29', rules: {content_types: [%s]}"), "id: shop/json; content_type: application/json; signature_methods: [TC3-HMAC-SHA256]"},
	"products.rules.size_limits.":         {ruledList("api_style: tencent-3, api_version: '2018-05-29', rules: {size_limits: [%s]}"), "id: shop/size; method: POST; bytes: 9"},
	"products.rules.content_types":        {ruledList("api_style: tencent-3, api_version: '2018-05-29', rules: %s"), ""},
	"products.rules.size_limits":          {ruledList("api_style: tencent-3, api_version: '2018-05-29', rules: %s"), ""},
	"products.rules.encoding.":            {ruledList("rules: {encoding: %s}"), "id: shop/encoding; charset: UTF-8"},
	"products.rules.tls.":                 {ruledList("rules: {tls: [%s]}"), "id: shop/tls/1.0; version: TLS1.0; expect: refused"},
	"products.rules.errors.":              {ruledList("rules: {errors: [%s]}"), "id: shop/throttled; situation: throttled; codes: [A]"},
	"endpoints":                           {"sources: [{id: handbook, title: T}]\nendpoints: [%s]", "host: a.example; region: eu; product: shop; network: public"},
	"endpoints.url":                       {"endpoints: [%s]", ""},
	"endpoints.ports.":                    {"endpoints: [{host: a.example, ports: %s}]", ""},
	"endpoints.ports.tls":                 {"endpoints: [{host: a.example, kind: tls, ports: %s}]", ""},
	"endpoints.ports.tcp":                 {"endpoints: [{host: a.example, kind: tcp, ports: %s}]", ""},
	"endpoints.ports.dns":                 {"endpoints: [{host: a.example, kind: dns, dns: {name: b.example}, ports: %s}]", ""},
	"endpoints.tcp":                       {"endpoints: [%s]", "host: a.example; kind: tcp; ports: {tcp: 25}"},
	"endpoints.tcp.":                      {"endpoints: [{host: a.example, kind: tcp, ports: {tcp: 25}, tcp: %s}]", "expect: a"},
	"endpoints.dns":                       {"endpoints: [%s]", "host: a.example; kind: dns"},
	"endpoints.dns.":                      {"endpoints: [{host: a.example, kind: dns, dns: %s}]", "name: b.example"},
	"endpoints.client_certificate":        {"endpoints: [%s]", "host: a.example; client_key: k.pem"},
	"endpoints.client_key":                {"endpoints: [%s]", "host: a.example; client_certificate: c.pem"},
	"endpoints.maintenance.":              {"endpoints: [{host: a.example, maintenance: [%s]}]", "days: [sun]; start: '02:00'; for: 2h"},
	"endpoints.maintenance.from":          {"endpoints: [{host: a.example, maintenance: [%s]}]", "to: '2026-12-01T02:00:00+08:00'"},
	"endpoints.maintenance.to":            {"endpoints: [{host: a.example, maintenance: [%s]}]", "from: '2026-12-01T00:00:00+08:00'"},
	"endpoints.check.":                    {"endpoints: [{url: https://a.example, check: %s}]", ""},
	"endpoints.check.request.":            {"endpoints: [{url: https://a.example, check: {request: %s}}]", ""},
	"endpoints.check.request.body.":       {"endpoints: [{url: https://a.example, check: {request: {body: %s}}}]", ""},
	"endpoints.check.request.basic.":      {"endpoints: [{url: https://a.example, check: {request: {basic: %s}}}]", "user: a; password: b"},
	"endpoints.check.expect.":             {"endpoints: [{url: https://a.example, check: {expect: %s}}]", ""},
	"endpoints.check.expect.headers.":     {"endpoints: [{url: https://a.example, check: {expect: {headers: [%s]}}}]", "name: A"},
	"endpoints.check.expect.headers.name": {"endpoints: [{url: https://a.example, check: {expect: {headers: [%s]}}}]", "absent: true"},
	"endpoints.check.expect.body.":        {"endpoints: [{url: https://a.example, check: {expect: {body: %s}}}]", ""},
	"endpoints.check.expect.json.":        {"endpoints: [{url: https://a.example, check: {expect: {json: [%s]}}}]", "path: $.a"},
	"endpoints.check.redirects.":          {"endpoints: [{url: https://a.example, check: {redirects: %s}}]", ""},
	"endpoints.check.limits.":             {"endpoints: [{url: https://a.example, check: {limits: %s}}]", ""},
}

func ruledList(rules string) string {
	return "sources: [{id: handbook, title: T}]\nproducts: [{id: shop, " + rules + "}]\nendpoints: [{host: a.example, product: shop, region: eu}]"
}

// bounded are bad values of the right kind; of the other fields one of a wrong kind is bad.
var bounded = map[string]string{
	"id": `"a b"`, "date": "yesterday", "url": "ftp://a", "api_version": "v1", "method": "get", "content_type": "json", "bytes": "-1", "charset": "latin1",
	"from": "tomorrow", "to": "tomorrow", "days": "[holiday]", "start": `"25:00"`, "for": "8d", "time_zone": "Mars", "interval": "5", "timeout": "0s", "resolvers": "[dns.example]",
	"addresses": "[a.example]", "family": "5", "path": "a b", "bearer": `"file:"`, "status": "600", "matches": "(", "not_matches": "(", "max_bytes": "-1",
	"follow": "21", "total": "2", "resolve": "2", "connect": "2", "request": "2", "certificate_days": "0", "host": "a_b", "https": "70000", "http": "0", "records": "[[]]", "json": "0x1f", "equals": "0x1f", "redirects": "many",
	"contains": `""`, "not_contains": `""`, "send": `"hex:0"`, "statuses": "[99]", "per_second": "-1", "authority": `"a b"`, "labels": `{"1": a}`, "schema_version": "2",
}

// at is the list that has a field with a value.
func at(path, value string) string {
	var best string
	for prefix := range beside {
		if strings.HasPrefix(path, prefix) && len(prefix) > len(best) {
			best = prefix
		}
	}
	if !strings.Contains(path, ".") {
		best = "" // of the list itself
	}
	around := beside[best]
	name := path[strings.LastIndex(path, ".")+1:]
	fields := []string{name + ": " + value}
	for _, f := range strings.Split(around.fields, "; ") {
		if other, _, _ := strings.Cut(f, ":"); f != "" && other != name && (name != "host" || other != "url") {
			fields = append(fields, f)
		}
	}
	return fmt.Sprintf(around.list, "{"+strings.Join(fields, ", ")+"}")
}

// Every field that the schema has takes its example, and refuses a bad value by a message that names it.
// testdata/fields.txt has the messages: a new field without a line there is red. Fields of products that
// endpoints have too are looked at there.
func TestEveryField(t *testing.T) {
	fields, err := catalog.Fields(endpoints.Schema())
	if err != nil {
		t.Fatal(err)
	}
	var told strings.Builder
	for _, f := range fields {
		name := f.Path[strings.LastIndex(f.Path, ".")+1:]
		if of, is := strings.CutPrefix(f.Path, "products."); f.Path == "$schema" || is && hasField(fields, "endpoints."+of) && of != "id" {
			continue
		}
		if _, err := catalog.DecodeList("l.yaml", []byte(at(f.Path, f.Example))); err != nil {
			t.Errorf("%s: %s is no good value: %v\n%s", f.Path, f.Example, err, at(f.Path, f.Example))
		}
		bad, has := bounded[name]
		switch {
		case len(f.Words) > 0:
			bad = "nonsense"
		case has:
		case f.Kind == "a list", f.Kind == "an object", f.Kind == "true or false":
			bad = "5"
		default:
			bad = "[[]]"
		}
		_, err := catalog.DecodeList("l.yaml", []byte(at(f.Path, bad)))
		fmt.Fprintf(&told, "%s: %s\n\t%v\n", f.Path, bad, err)
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %s is taken, or the message does not name it: %v\n%s", f.Path, bad, err, at(f.Path, bad))
		}
	}
	const file = "testdata/fields.txt"
	if *update {
		if err := os.WriteFile(file, []byte(told.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != told.String() {
		t.Errorf("%s has other messages, or not all; see the difference that -update makes: %v", file, err)
	}
}

func hasField(fields []catalog.Field, path string) bool {
	for _, f := range fields {
		if f.Path == path {
			return true
		}
	}
	return false
}
