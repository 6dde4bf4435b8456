package expect_test

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/cloudapi"
	"prober/limit"
	"prober/probe/exchange"
	"prober/probe/expect"
	"prober/probe/reason"
)

// served is a connection that has a reply ready.
type served struct {
	net.Conn
	io.Reader
}

func (s served) Read(b []byte) (int, error)       { return s.Reader.Read(b) }
func (s served) Write(b []byte) (int, error)      { return len(b), nil }
func (s served) SetDeadline(time.Time) error      { return nil }
func (s served) SetReadDeadline(time.Time) error  { return nil }
func (s served) SetWriteDeadline(time.Time) error { return nil }

// read reads a reply as a probe does.
func read(t testing.TB, wire string) *exchange.Reply {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, "http://good.test/", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	return exchange.Do(context.Background(), served{nil, strings.NewReader(wire)}, req, exchange.Options{})
}

// reply is the bytes of an HTTP reply.
func reply(fields, body string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n%s", fields, len(body), body)
}

// rules makes expectations of the YAML of a list ready.
func rules(t testing.TB, text string) *expect.Rules {
	t.Helper()
	c, err := catalog.DecodeList("l.yaml", []byte("endpoints: [{url: https://a.example, check: {expect: "+text+"}}]"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := expect.New(c.Endpoints[0].Check.Expect)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// zipped is a text in gzip.
func zipped(t *testing.T, s string) string {
	t.Helper()
	var b strings.Builder
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestJudge(t *testing.T) {
	const (
		health = `{"status":"ok","n":1.50,"list":[{"up":true},{"up":false}],"token":"canary-token"}`
		typed  = "Content-Type: application/json; charset=UTF-8\r\n"
	)
	const doubled = "a name stands twice in an object, of which readers take what they like (RFC 8259, section 4): "
	long := strings.Repeat("x", limit.BodyBytes) + "END" + strings.Repeat("x", 100)
	for name, tt := range map[string]struct {
		expect, reply string
		want          string // the findings; empty: none
	}{
		"content type":            {"{content_type: application/json}", reply(typed, health), ""},
		"its parameter":           {"{content_type: application/json; charset=utf-8}", reply(typed, health), ""},
		"another parameter":       {"{content_type: application/json; charset=latin1}", reply(typed, health), `verify/content_type_mismatch: Content-Type is "application/json; charset=UTF-8", expected application/json; charset=latin1`},
		"another type":            {"{content_type: application/json}", reply("Content-Type: text/html\r\n", ""), `verify/content_type_mismatch: Content-Type is "text/html", expected application/json`},
		"no type":                 {"{content_type: application/json}", reply("", ""), `verify/content_type_mismatch: no Content-Type, expected application/json`},
		"one type twice":          {"{content_type: a/b}", reply("Content-Type: a/b\r\nContent-Type: a/b\r\n", ""), ""},
		"the parameter alone":     {"{content_type: application/json; charset=utf-8}", reply("Content-Type: text/html; charset=utf-8\r\n", ""), `verify/content_type_mismatch: Content-Type is "text/html; charset=utf-8", expected application/json; charset=utf-8`},
		"one of two parameters":   {"{content_type: a/b; x=1; y=2}", reply("Content-Type: a/b; y=2; x=2\r\n", ""), `verify/content_type_mismatch: Content-Type is "a/b; y=2; x=2", expected a/b; x=1; y=2`},
		"no parameter to read":    {"{content_type: a/b}", reply("Content-Type: a/b; charset\r\n", ""), ""},
		"parameters not readable": {"{content_type: a/b; x=1}", reply("Content-Type: a/b; x=1; charset\r\n", ""), `verify/content_type_mismatch: Content-Type is "a/b; x=1; charset", expected a/b; x=1`},
		"two types":               {"{content_type: text/html}", reply("Content-Type: text/html\r\nContent-Type: a/b\r\n", ""), `verify/content_type_mismatch: Content-Type is "text/html, a/b", expected text/html`},
		"header":                  {"{headers: [{name: x-version, equals: '2'}]}", reply("X-Version: 1\r\nX-Version: 2\r\n", ""), ""},
		"another header":          {"{headers: [{name: X-Version, equals: '2'}]}", reply("X-Version: 20\r\n", ""), `verify/header_mismatch: X-Version is "20", expected "2"`},
		"no header":               {"{headers: [{name: X-Version, matches: '^2'}]}", reply("", ""), `verify/header_mismatch: no field X-Version, expected a match of "^2"`},
		"header pattern":          {"{headers: [{name: X-Version, matches: '^2'}]}", reply("X-Version: 2.1\r\n", ""), ""},
		"other pattern":           {"{headers: [{name: X-Version, matches: '^2'}]}", reply("X-Version: 1.2\r\n", ""), `verify/header_mismatch: X-Version is "1.2", expected a match of "^2"`},
		"absent":                  {"{headers: [{name: Server, absent: true}]}", reply("", ""), ""},
		"present":                 {"{headers: [{name: Server, absent: true}]}", reply("Server: x\r\n", ""), `verify/header_mismatch: field Server is there: "x", expected none`},
		"contains":                {"{body: {contains: [ok, status]}}", reply("", health), ""},
		"lacks":                   {"{body: {contains: [ok, nok]}}", reply("", "it is ok"), `verify/body_mismatch: the body does not contain "nok": it is "it is ok"`},
		"empty":                   {"{body: {contains: ok}}", reply("", ""), `verify/body_mismatch: the body does not contain "ok": it is empty`},
		"without":                 {"{body: {not_contains: error}}", reply("", "fine"), ""},
		"forbidden":               {"{body: {not_contains: error}}", reply("", "an error"), `verify/body_mismatch: the body contains "error", which it must not: at byte 3 of it, "an error"`},
		"matches":                 {"{body: {matches: '(?i)^OK$'}}", reply("", "ok"), ""},
		"no match":                {"{body: {matches: ['^ok', 'no$']}}", reply("", "ok\n"), `verify/body_mismatch: the body does not match "no$": it is "ok\n"`},
		"not the pattern":         {`{headers: [{name: x-a, not_matches: "^2"}, {name: X-None, not_matches: "."}]}`, reply("X-A: 1\r\nX-A: 12\r\n", ""), ""},
		"the pattern not to be":   {`{headers: [{name: x-a, not_matches: "^2"}]}`, reply("X-A: 1\r\nX-A: 21\r\n", ""), `verify/header_mismatch: x-a is "21", expected no match of "^2"`},
		"unmatched":               {"{body: {not_matches: 'pan+ic'}}", reply("", "pannic"), `verify/body_mismatch: the body matches "pan+ic", which it must not: at byte 0 of it, "pannic"`},
		"size":                    {"{body: {max_bytes: 2}}", reply("", "ok"), ""},
		"too large":               {"{body: {max_bytes: 2}}", reply("", "ok\n"), `verify/body_size: the body has 3 bytes, expected are 2 at most`},
		"no body":                 {"{body: {max_bytes: 0}}", reply("", "a"), `verify/body_size: the body has 1 bytes, expected are 0 at most`},
		"member":                  {"{json: [{path: $.status, equals: ok}, {path: /list/0/up, equals: true}, {path: $.n, equals: 1.5}]}", reply("", health), ""},
		"another member":          {"{json: [{path: $.status, equals: well}]}", reply("", health), `verify/json_mismatch: $.status is "ok", expected "well"`},
		"no member":               {"{json: [{path: $.state, equals: ok}, {path: $.state}]}", reply("", health), "verify/json_mismatch: there is no $.state, expected \"ok\"\nverify/json_mismatch: there is no $.state, expected something"},
		"all members":             {"{json: [{path: '$.list[*].up', equals: true}]}", reply("", health), `verify/json_mismatch: $.list[*].up is false, expected true`},
		"absent member":           {"{json: [{path: '$.list[?@.up==false]', absent: true}]}", reply("", health), `verify/json_mismatch: $.list[?@.up==false] is there: {"up":false}, expected nothing`},
		"pattern of members":      {"{json: [{path: $.n, matches: '^1'}, {path: $.status, matches: '^k'}, {path: $.list, matches: ''}]}", reply("", health), `verify/json_mismatch: $.status is "ok", expected a match of "^k"`},
		"secret":                  {"{json: [{path: $.token, equals: x}], body: {contains: zz}}", reply("", health), "verify/body_mismatch: the body does not contain \"zz\": it is \"{\\\"status\\\":\\\"ok\\\",\\\"n\\\":1.50,\\\"list\\\":[{\\\"up\\\":true},{\\\"up\\\":false}],\\\"token\\\":\\\"REDACTED\\\"}\"\nverify/json_mismatch: $.token is \"REDACTED\", expected \"x\""},
		"beside a secret":         {"{body: {not_contains: status}}", reply("", health), `verify/body_mismatch: the body contains "status", which it must not: at byte 2 of it, beside what is not to be shown`},
		"no JSON at all":          {"{json: [{path: $.status}]}", reply("", ""), `verify/json_mismatch: the body is no JSON: it is empty`},
		"no JSON":                 {"{json: [{path: $.status}]}", reply("", "<html>"), `verify/json_mismatch: the body is no JSON, invalid character '<' looking for beginning of value: it is "<html>"`},
		"found in the part":       {"{body: {contains: xx, matches: x+, not_contains: x}}", reply("", long), `verify/body_mismatch: the body contains "x", which it must not: at byte 0 of it, "` + strings.Repeat("x", 120) + `…"`},
		"perhaps in the rest":     {"{body: {contains: END}}", reply("", long), "prober/limit: the body has 1048679 bytes, of which 1048576 are read; what is expected of its body cannot be told"},
		"perhaps not":             {"{body: {not_contains: END, not_matches: END, matches: 'x$'}, json: [{path: $.a}]}", reply("", long), "prober/limit: the body has 1048679 bytes, of which 1048576 are read; what is expected of its body cannot be told\nprober/limit: the body has 1048679 bytes, of which 1048576 are read; what is expected of its JSON cannot be told"},
		"size beyond":             {"{body: {max_bytes: 1048678}}", reply("", long), "verify/body_size: the body has at least 1048679 bytes, expected are 1048678 at most"},
		"size within":             {"{body: {max_bytes: 1048679}}", reply("", long), ""},
		"announced":               {"{body: {max_bytes: 9437184}}", "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\nx", "verify/body_size: the body has at least 99999999 bytes, expected are 9437184 at most"},
		"unpacked, beyond":        {"{body: {max_bytes: 5}}", reply("Content-Encoding: gzip\r\n", zipped(t, long)), "verify/body_size: the body has at least 1048576 bytes, expected are 5 at most"},
		"unpacked, who knows":     {"{body: {max_bytes: 1048679}}", reply("Content-Encoding: gzip\r\n", zipped(t, long)), "prober/limit: the body grows from 1064 to more than the 1048576 bytes that are decoded; what is expected of its size cannot be told"},
		"unpacked":                {"{body: {max_bytes: 3, contains: abc}}", reply("Content-Encoding: gzip\r\n", zipped(t, "abc")), ""},
		"in a coding":             {"{body: {contains: x, not_contains: y, matches: x, not_matches: y, max_bytes: 1}, content_type: a/b}", reply("Content-Encoding: br\r\nContent-Type: a/b\r\n", "xy"), "prober/limit: the body is in content coding \"br\", which the prober cannot undo; what is expected of its size cannot be told\nprober/limit: the body is in content coding \"br\", which the prober cannot undo; what is expected of its body cannot be told"},
		"fields without end":      {"{content_type: a/b}", reply(strings.Repeat("A: b\r\n", limit.HeaderFields+1), ""), "prober/limit: 5002 lines of header fields, where no more than 5000 are read; what is expected of its header fields cannot be told"},
		"deep JSON":               {"{json: [{path: $.a}]}", reply("", strings.Repeat("[", 65)+strings.Repeat("]", 65)), "prober/limit: the JSON of the body is not read: objects and lists are 65 inside each other, of which 64 are read; what is expected of its JSON cannot be told"},
		"last of a name":          {"{json: [{path: $.a, equals: ok}]}", reply("", `{"a":"nok","b":1,"a":"ok"}`), `verify/json_mismatch: ` + doubled + `$.a is "nok", expected "ok", where the first one is taken; where the last one is, it is as expected`},
		"first of a name":         {"{json: [{path: $.a, equals: ok}]}", reply("", `{"a":"ok","b":1,"\u0061":"nok"}`), `verify/json_mismatch: ` + doubled + `$.a is "nok", expected "ok", where the last one is taken; where the first one is, it is as expected`},
		"within one of a name":    {"{json: [{path: /a/x, absent: true}]}", reply("", `{"a":0,"a":{"x":{"y":1}}}`), `verify/json_mismatch: ` + doubled + `/a/x is there: {"y":1}, expected nothing, where the last one is taken; where the first one is, it is as expected`},
		"twice as expected":       {"{json: [{path: $.a, matches: ok}, {path: $.a}, {path: $.b, equals: 1}]}", reply("", `{"a":"nok","b":1,"a":"ok"}`), ""},
		"twice not as expected":   {"{json: [{path: $.a, equals: ok}]}", reply("", `{"a":"no","b":1,"a":"nok"}`), `verify/json_mismatch: $.a is "nok", expected "ok"`},
		"doubled elsewhere":       {"{json: [{path: '$.list[1].a', equals: 2}]}", reply("", `{"x":1,"x":2,"list":[{"a":1},{"a":2}]}`), ""},
		"characters of terminals": {"{body: {contains: y}}", reply("", "\x1b[31m"), `verify/body_mismatch: the body does not contain "y": it is "\x1b[31m"`},
	} {
		t.Run(name, func(t *testing.T) {
			secrets := cloudapi.NewRedactor(cloudapi.AlibabaKey{}, cloudapi.TencentKey{}).With("canary-token")
			var got []string
			for _, f := range rules(t, tt.expect).Judge(read(t, tt.reply), secrets) {
				got = append(got, f.Reason.String()+": "+f.Detail)
			}
			if text := strings.Join(got, "\n"); text != tt.want {
				t.Errorf("got  %s\nwant %s", text, tt.want)
			}
		})
	}
}

func TestStatus(t *testing.T) {
	r := rules(t, "{status: [200, 3xx, 404-406]}")
	var taken []int
	for status := 100; status < 600; status++ {
		if r.Takes(status) && status%100 < 8 {
			taken = append(taken, status)
		}
	}
	if want := []int{200, 300, 301, 302, 303, 304, 305, 306, 307, 404, 405, 406}; !slices.Equal(taken, want) || !r.HasStatus() || r.Statuses() != "200, 3xx, 404-406" {
		t.Errorf("%v, %s", taken, r.Statuses())
	}
	if none := rules(t, "{}"); none.HasStatus() || len(none.Judge(read(t, reply("", "")), cloudapi.Redactor{})) > 0 {
		t.Error("nothing is expected")
	}
	if (*expect.Rules)(nil).HasStatus() {
		t.Error("no rules have a status")
	}
}

// FuzzJudge: whatever comes is judged, and nothing of what is secret is shown.
func FuzzJudge(f *testing.F) {
	f.Add("canary", ".*", "$..a", "HTTP/1.1 200 OK\r\nX: y\r\n\r\n{\"a\":\"canary\"}")
	f.Add("x", "^$", "/a", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc")
	f.Fuzz(func(t *testing.T, text, pattern, path, wire string) {
		for _, x := range []catalog.Expect{
			{ContentType: "text/plain; charset=utf-8", Headers: []catalog.HeaderExpect{{Name: "X", Equals: text}, {Name: "X", Matches: pattern}, {Name: "X", NotMatches: pattern}, {Name: "X", Absent: true}}},
			{Body: &catalog.BodyExpect{Contains: catalog.Texts{text}, NotContains: catalog.Texts{text}, Matches: catalog.Texts{pattern}, NotMatches: catalog.Texts{pattern}}},
			{JSON: []catalog.JSONExpect{{Path: path}, {Path: path, Equals: "1"}, {Path: path, Matches: pattern}, {Path: path, Absent: true}}},
		} {
			rules, err := expect.New(&x)
			if err != nil {
				continue
			}
			for _, found := range rules.Judge(read(t, wire), cloudapi.NewRedactor(cloudapi.AlibabaKey{}, cloudapi.TencentKey{}).With("secret-canary")) {
				if found.OK() || found.Detail == "" || found.Reason == reason.ProberInternal {
					t.Fatalf("%+v", found)
				}
				if strings.Contains(found.Detail, "secret-canary") && !strings.Contains(text+pattern+path, "secret-canary") {
					t.Fatalf("a secret is shown: %s", found.Detail)
				}
			}
		}
	})
}
