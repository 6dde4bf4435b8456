package catalog_test

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/limit"
)

// wholeCheck says everything that a check can.
const wholeCheck = `
endpoints:
  - url: https://a.example/
    check:
      request:
        method: POST
        path: /health?full=1
        headers: {X-Api-Key: env:API_KEY, Accept: application/json, X-Number: 7}
        body: {json: {a: [1, 2.50, null, true, "<&>"]}}
        bearer: file:secret/token
      expect:
        status: [200, 2XX, 300-304]
        content_type: application/json
        headers:
          - {name: X-Version, matches: '^2\.'}
          - {name: Server, absent: true}
          - {name: Cache-Control, equals: no-store}
        body: {contains: ok, not_contains: [error, fail], matches: '^\{', not_matches: ['(?i)panic'], max_bytes: 0}
        json:
          - {path: $.status, equals: ok}
          - {path: /a~1b/0, matches: '^\d+$'}
          - {path: '$.errors[?@.fatal]', absent: true}
          - {path: $.n, equals: null}
          - {path: $.there}
      redirects: 5
      limits: {total: 2s, resolve: 1s, connect: 300ms, tls: 1.5s, request: 1m30s, headers: 1s, body: 1s, certificate_days: 14, tls_version: TLS1.2}
`

func TestDecodeCheck(t *testing.T) {
	c := list(t, "shop.yaml", wholeCheck)
	zero := int64(0)
	want := &catalog.Check{
		Request: &catalog.Request{
			Method: "POST", Path: "/health?full=1", Headers: map[string]catalog.Text{"X-Api-Key": "env:API_KEY", "Accept": "application/json", "X-Number": "7"},
			Body: &catalog.Body{JSON: `{"a":[1,2.50,null,true,"<&>"]}`}, Bearer: "file:secret/token",
		},
		Expect: &catalog.Expect{
			Status: catalog.Statuses{"200", "2xx", "300-304"}, ContentType: "application/json",
			Headers: []catalog.HeaderExpect{{Name: "X-Version", Matches: `^2\.`}, {Name: "Server", Absent: true}, {Name: "Cache-Control", Equals: "no-store"}},
			Body:    &catalog.BodyExpect{Contains: catalog.Texts{"ok"}, NotContains: catalog.Texts{"error", "fail"}, Matches: catalog.Texts{`^\{`}, NotMatches: catalog.Texts{"(?i)panic"}, MaxBytes: &zero},
			JSON: []catalog.JSONExpect{
				{Path: "$.status", Equals: `"ok"`},
				{Path: "/a~1b/0", Matches: `^\d+$`},
				{Path: "$.errors[?@.fatal]", Absent: true},
				{Path: "$.n", Equals: "null"},
				{Path: "$.there"},
			},
		},
		Redirects: &catalog.Redirects{Follow: 5},
		Limits: &catalog.Limits{
			Total: catalog.Duration(2 * time.Second), Resolve: catalog.Duration(time.Second), Connect: catalog.Duration(300 * time.Millisecond),
			TLS: catalog.Duration(1500 * time.Millisecond), Request: catalog.Duration(90 * time.Second), Headers: catalog.Duration(time.Second), Body: catalog.Duration(time.Second),
			CertificateDays: 14, TLSVersion: "TLS1.2",
		},
	}
	got := c.Endpoints[0].Check
	for name, pair := range map[string][2]any{"request": {got.Request, want.Request}, "expect": {got.Expect, want.Expect}, "redirects": {got.Redirects, want.Redirects}, "limits": {got.Limits, want.Limits}} {
		if !reflect.DeepEqual(pair[0], pair[1]) {
			t.Errorf("%s: %+v, want %+v", name, pair[0], pair[1])
		}
	}
	again, err := catalog.Decode("again.json", catalog.Encode(c))
	if err != nil || again.Digest() != c.Digest() || !bytes.Equal(catalog.Encode(again), catalog.Encode(c)) {
		t.Errorf("%v: %s", err, catalog.Encode(c))
	}
	other := list(t, "shop.yaml", strings.Replace(wholeCheck, "equals: ok", "equals: well", 1))
	if other.Digest() == c.Digest() {
		t.Error("what is expected does not count for the digest")
	}
	changes := catalog.Diff(c, other)
	if len(changes) != 1 || len(changes[0].Fields) != 1 || changes[0].Fields[0].Field != "check" {
		t.Errorf("%+v", changes)
	}
}

// A product's check is that of its endpoints, and an endpoint's goes over it field by field.
func TestCheckOf(t *testing.T) {
	c := list(t, "shop.yaml", `
products:
  - id: shop
    check:
      request: {path: /healthz, headers: {A: "1", B: "2"}, bearer: env:TOKEN}
      expect: {status: 200, body: {contains: [ok], max_bytes: 5}}
      redirects: 3
      limits: {total: 1s, connect: 1s}
endpoints:
  - https://plain.example
  - https://path.example/ready
  - url: https://own.example
    check:
      request: {headers: {B: "3"}, basic: {user: u, password: env:P}}
      expect: {status: 204, body: {contains: [well]}}
      redirects: {follow: 0}
      limits: {total: 2s}
`)
	p, _ := c.Product("shop")
	before := string(catalog.Encode(c))
	if got := p.CheckOf(c.Endpoints[0]); got != p.Check {
		t.Errorf("%+v", got)
	}
	if got := p.CheckOf(c.Endpoints[1]); got.Request.Path != "" || got.Request.Bearer != "env:TOKEN" || got.Expect != p.Check.Expect {
		t.Errorf("the path of the URL is not the endpoint's own: %+v", got.Request)
	}
	got := p.CheckOf(c.Endpoints[2])
	want := catalog.Request{Path: "/healthz", Headers: map[string]catalog.Text{"A": "1", "B": "3"}, Basic: &catalog.Basic{User: "u", Password: "env:P"}}
	if !reflect.DeepEqual(*got.Request, want) {
		t.Errorf("request %+v", *got.Request)
	}
	if x := got.Expect; x.Status.String() != "204" || x.Body.Contains[0] != "well" || *x.Body.MaxBytes != 5 {
		t.Errorf("expect %+v %+v", x, x.Body)
	}
	if l := got.Limits; l.Total != catalog.Duration(2*time.Second) || l.Connect != catalog.Duration(time.Second) || got.Redirects.Follow != 3 && got.Redirects.Follow != 0 {
		t.Errorf("limits %+v", l)
	}
	if got.Redirects.Follow != 0 {
		t.Errorf("%d redirects", got.Redirects.Follow)
	}
	if string(catalog.Encode(c)) != before {
		t.Error("the list was changed")
	}
	if p.CheckOf(catalog.Endpoint{}) != p.Check || (catalog.Product{}).CheckOf(catalog.Endpoint{}) != nil {
		t.Error("an endpoint without a check has another than its product's")
	}
}

// Files are looked for from the folder of the list that names them.
func TestCheckOfTwoLists(t *testing.T) {
	product := list(t, "one/shop.yaml", "products: [{id: shop, check: {request: {bearer: file:token, headers: {A: file:/a}}}}]\nendpoints: [https://a.example]")
	endpoint := list(t, "two/more.yaml", "endpoints: [{product: shop, url: https://b.example, check: {request: {headers: {B: file:b}, body: {file: c}}}}]")
	c, err := catalog.Merge(product, endpoint)
	if err != nil {
		t.Fatal(err)
	}
	p, _ := c.Product("shop")
	got := p.CheckOf(c.Endpoints[1])
	if r := got.Request; r.Bearer != "file:one/token" || r.Headers["A"] != "file:/a" || r.Headers["B"] != "file:two/b" || r.Body.File != "two/c" || got.Folder() != "" {
		t.Errorf("%+v from %q", r, got.Folder())
	}
	if one := p.CheckOf(c.Endpoints[0]); one.Request.Bearer != "file:token" || one.Folder() != "one" {
		t.Errorf("%+v from %q", one.Request, one.Folder())
	}
}

// Two endpoints of one URL are two where something else is looked at.
func TestOneURLWithTwoChecks(t *testing.T) {
	const of = "endpoints:\n- {id: a, url: 'https://a.example/x', check: {expect: {status: 200}}}\n- {id: b, url: 'https://a.example/x', check: {expect: {status: %s}}}\n- {id: c, url: 'https://a.example/x'}"
	list(t, "l.yaml", fmt.Sprintf(of, "204"))
	_, err := catalog.DecodeList("l.yaml", fmt.Appendf(nil, of, "200"))
	if want := `l.yaml:3: endpoints[1].url: "a.example" is listed twice for l, first on line 2 as "a": both would measure the same`; err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
}

// Each field of a check refuses what it cannot mean.
func TestCheckErrors(t *testing.T) {
	long := strings.Repeat("x", limit.ExpectedBytes+1)
	for name, tt := range map[string]struct{ check, field, want string }{
		"unknown":           {"expects: {}", "expects", `unknown field; did you mean "expect"?`},
		"method":            {"request: {method: get}", "request.method", `"get" is not a method; want one in capitals, as GET or POST`},
		"tunnel":            {"request: {method: CONNECT}", "request.method", `CONNECT is no request for a reply of the endpoint's`},
		"path":              {"request: {path: a b}", "request.path", `"a b" is not the path and query of a request; want one as /healthz?full=1, with what is no part of it written as %XX`},
		"header name":       {"request: {headers: {'X Y': a}}", `request.headers."X Y"`, `"X Y" is not the name of a header field`},
		"own header":        {"request: {headers: {Host: a}}", "request.headers.Host", `Host is not to be given: authority of the endpoint says it`},
		"same header":       {"request: {headers: {X-A: a, x-a: b}}", `request.headers."x-a"`, `"x-a" is the same field as "X-A"`},
		"line end":          {`request: {headers: {X-A: "a\nb"}}`, `request.headers."X-A"`, `the character '\n' at byte 1 cannot stand in a header field`},
		"no query":          {"request: {query: {key: 'env:A B'}}", `request.query.key`, `"env:A B" is not the name of a variable; want one as env:API_TOKEN`},
		"no place in JSON":  {"request: {body: {json: {a: ['env:A-B']}}}", `request.body.json`, `"env:A-B" is not the name of a variable; want one as env:API_TOKEN`},
		"no name":           {"request: {query: {'': a}}", `request.query`, `a parameter without a name`},
		"no variable":       {"request: {headers: {X-A: 'env:A B'}}", `request.headers."X-A"`, `"env:A B" is not the name of a variable; want one as env:API_TOKEN`},
		"no file":           {"request: {bearer: 'file:'}", "request.bearer", `file: names no file; want one as file:/run/secrets/token`},
		"authorization":     {"request: {headers: {Authorization: a}, bearer: b}", "request.headers.Authorization", `basic and bearer say it; give one of them`},
		"two credentials":   {"request: {basic: {user: a, password: b}, bearer: c}", "request.bearer", `the request has a name and password already, in basic; give one of the two`},
		"no password":       {"request: {basic: {user: a}}", "request.basic.password", `missing`},
		"colon":             {"request: {basic: {user: 'a:b', password: c}}", "request.basic.user", `a user name with a colon: that is where the password would begin (RFC 7617)`},
		"two bodies":        {"request: {body: {text: a, file: b}}", "request.body", `want one of text, json and file`},
		"body of a GET":     {"request: {method: GET, body: {text: a}}", "request.body", `GET has no body; leave one of the two out`},
		"octal":             {"request: {body: {json: {a: 0x1f}}}", "request.body.json", `0x1f is not a number as JSON has it`},
		"status":            {"expect: {status: 600}", "expect.status", `"600" is not a status; want one from 100 to 599 as 200, a class as 2xx, or a range as 200-299`},
		"class":             {"expect: {status: [6xx]}", "expect.status[0]", `"6xx" is not a status; want one from 100 to 599 as 200, a class as 2xx, or a range as 200-299`},
		"range":             {"expect: {status: [200, 299-200]}", "expect.status[1]", `"299-200" is not a status; want one from 100 to 599 as 200, a class as 2xx, or a range as 200-299`},
		"kind of status":    {"expect: {status: true}", "expect.status", `want a string, got true or false`},
		"content type":      {"expect: {content_type: json}", "expect.content_type", `"json" is not a media type; want one as application/json`},
		"expected header":   {"expect: {headers: [{name: 'a:', equals: b}]}", "expect.headers[0].name", `"a:" is not the name of a header field`},
		"header and":        {"expect: {headers: [{name: a}]}", "expect.headers[0]", `want one of absent, equals, matches, not_matches`},
		"header twice":      {"expect: {headers: [{name: a, equals: b, absent: true}]}", "expect.headers[0]", `says absent and equals; give one of them`},
		"header pattern":    {"expect: {headers: [{name: a, matches: '('}]}", "expect.headers[0].matches", "\"(\" is not a regular expression of RE2: missing closing ): `(`"},
		"empty body":        {"expect: {body: {}}", "expect.body", `says nothing of the body; want contains, not_contains, matches, not_matches or max_bytes`},
		"empty text":        {"expect: {body: {contains: ''}}", "expect.body.contains", `an empty text is in every body`},
		"body pattern":      {"expect: {body: {not_matches: [a, '(?=b)']}}", "expect.body.not_matches[1]", "\"(?=b)\" is not a regular expression of RE2: invalid or unsupported Perl syntax: `(?=`"},
		"long text":         {"expect: {body: {contains: " + long + "}}", "expect.body.contains", `a text of 4097 bytes; at most 4096`},
		"kind of text":      {"expect: {body: {contains: [5]}}", "expect.body.contains[0]", `want a string, got a number; put it in quotes`},
		"size":              {"expect: {body: {max_bytes: -1}}", "expect.body.max_bytes", `-1 is not a size that can be judged; want 0 to 9437184`},
		"member":            {"expect: {json: [{path: status, equals: ok}]}", "expect.json[0].path", `"status": want a JSONPath, which begins with $, or a JSON pointer, which begins with /`},
		"JSONPath":          {"expect: {json: [{path: '$.['}]}", "expect.json[0].path", `"$.[": no JSONPath: unexpected '[' at position 3`},
		"member and":        {"expect: {json: [{path: $.a, equals: 1, matches: b}]}", "expect.json[0]", `says equals and matches; give one of them`},
		"no member":         {"expect: {json: [{equals: 1}]}", "expect.json[0].path", `missing`},
		"redirects":         {"redirects: 21", "redirects", `21 redirects are more than are followed, 20`},
		"kind of redirects": {"redirects: many", "redirects", `want a number, got a string`},
		"duration":          {"limits: {total: 2}", "limits.total", `2 is not a duration; want a number above 0 with its unit, as 300ms, 2s or 1m30s`},
		"negative":          {"limits: {connect: -1s}", "limits.connect", `"-1s" is not a duration; want a number above 0 with its unit, as 300ms, 2s or 1m30s`},
		"long":              {"limits: {body: 2h}", "limits.body", `2h0m0s is longer than a bound may be, 1h0m0s`},
		"days":              {"limits: {certificate_days: 0}", "limits.certificate_days", `0 bounds nothing; want 1 or more`},
		"version":           {"limits: {tls_version: TLS1.4}", "limits.tls_version", `"TLS1.4" is not a TLS version; did you mean "TLS1.0"? known: SSLv2, SSLv3, TLS1.0, TLS1.1, TLS1.2, TLS1.3`},
		"lowest version":    {"limits: {tls_version: TLS1.0}", "limits.tls_version", `"TLS1.0" bounds nothing; want TLS1.1, TLS1.2 or TLS1.3`},
	} {
		t.Run(name, func(t *testing.T) {
			text := "endpoints:\n- url: https://a.example\n  check:\n    " + tt.check + "\n"
			_, err := catalog.DecodeList("l.yaml", []byte(text))
			if want := "l.yaml:4: endpoints[0].check." + tt.field + ": " + tt.want; err == nil || err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}
}

func TestCheckErrorsOfProducts(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"of a product":    {"products: [{id: shop, check: {limits: {total: 0s}}}]\nendpoints: [https://a.example]", `l.yaml:1: products[0].check.limits.total: "0s" is not a duration; want a number above 0 with its unit, as 300ms, 2s or 1m30s`},
		"a signature":     {"products: [{id: sts, api_style: alibaba-rpc, api_version: '2015-04-01', signature: HMAC-SHA256}]\nendpoints: [{host: a.example}]", `l.yaml:1: products[0].signature: "HMAC-SHA256" is not a signature; did you mean "HMAC-SHA1"? known: HMAC-SHA1, ACS3-HMAC-SHA256`},
		"none to choose":  {"products: [{id: shop, api_style: tencent-3, api_version: '2018-05-29', signature: HMAC-SHA1}]\nendpoints: [{host: a.example}]", `l.yaml:1: products[0].signature: of an API of style "tencent-3" it cannot be chosen; leave it out`},
		"of an API":       {"products: [{id: shop, api_style: tencent-3, api_version: '2018-05-29', check: {expect: {status: 200}}}]\nendpoints: [{host: a.example}]", `l.yaml:1: products[0].check.expect: an API of style "tencent-3" has its own request and replies; of a check it takes limits alone`},
		"together":        {"products: [{id: shop, check: {request: {body: {text: a}}}}]\nendpoints: [{url: https://a.example, check: {request: {method: HEAD}}}]", `l.yaml:2: endpoints[0].check: with that of the product, a HEAD with a body; leave one of the two out`},
		"of a connection": {"endpoints: [{url: 'tcp://a.example:5432', check: {redirects: 1}}]", `l.yaml:1: endpoints[0].check: an endpoint of kind tcp sends no request; leave out request, expect and redirects`},
		"null":            {"endpoints: [{url: https://a.example, check: {expect: {status: null}}}]", `l.yaml:1: endpoints[0].check.expect.status: null is no value; leave the field out`},
		"many statuses":   {"endpoints: [{url: https://a.example, check: {expect: {status: [" + strings.Repeat("200, ", 65) + "]}}}]", `l.yaml:1: endpoints[0].check.expect.status: 65 expectations; at most 64`},
	} {
		if _, err := catalog.DecodeList("l.yaml", []byte(tt.text)); err == nil || err.Error() != tt.want {
			t.Errorf("%s: %v\nwant %s", name, err, tt.want)
		}
	}
}

// FuzzCheck: whatever is accepted is written and read again as the same.
func FuzzCheck(f *testing.F) {
	f.Add([]byte(wholeCheck))
	f.Add([]byte("endpoints: [{url: https://a.example, check: {expect: {status: 2xx, json: [{path: $..a}]}}}]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := catalog.DecodeList("l.yaml", text)
		if err != nil {
			return
		}
		again, err := catalog.DecodeList("l.json", catalog.Encode(c))
		if err != nil || again.Digest() != c.Digest() {
			t.Fatalf("%v\n%s", err, catalog.Encode(c))
		}
		for _, e := range c.Endpoints {
			if p, known := c.Product(e.Product); known {
				p.CheckOf(e)
			}
		}
	})
}

// The lists that the document shows are lists.
func TestDocumentedChecks(t *testing.T) {
	data, err := os.ReadFile("../docs/own-endpoints.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(data), "## What healthy means")
	section, _, _ = strings.Cut(section, "\n## ")
	blocks := strings.Split(section, "```yaml\n")
	if len(blocks) < 3 {
		t.Fatalf("%d lists", len(blocks)-1)
	}
	for _, block := range blocks[1:] {
		text, _, _ := strings.Cut(block, "```")
		list(t, "shop.yaml", text)
	}
}
