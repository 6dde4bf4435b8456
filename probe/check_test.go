package probe

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"prober/catalog"
	"prober/needs"
	"prober/probe/reason"
)

// Canaries are what stands in variables and files of these tests.
const (
	canaryToken = "canary-t0ken/+$'\"x"
	canaryBody  = "canary-b0dy with a \"quote\""
	canaryFile  = "canary-f1le"
)

// sources have the canaries.
func sources() Sources {
	return Sources{
		Path: func(name string) string { return "/lists/" + name },
		File: func(name string) ([]byte, error) {
			if name == "missing" {
				return nil, errors.New("there is no file /lists/missing")
			}
			return []byte(canaryFile + "\n"), nil
		},
		Text: func(t catalog.Text) (string, error) {
			switch from, name := t.Place(); {
			case from == catalog.FromFile:
				return canaryFile, nil
			case name == "TOKEN":
				return canaryToken, nil
			case name == "BODY":
				return canaryBody, nil
			case name == "LINES":
				return "canary\nlines", nil
			}
			return "", fmt.Errorf("the variable %s is not set", strings.TrimPrefix(string(t), "env:"))
		},
	}
}

// check makes ready what a list says in YAML.
func check(t testing.TB, text string) (*Check, error) {
	t.Helper()
	c, err := catalog.DecodeList("l.yaml", []byte("endpoints: [{url: https://a.example, check: "+text+"}]"))
	if err != nil {
		t.Fatal(err)
	}
	return NewCheck(c.Endpoints[0].Check, sources())
}

func goodCheck(t testing.TB, text string) *Check {
	t.Helper()
	c, err := check(t, text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// recorded is what came of one request.
type recorded struct {
	line   string
	header http.Header
	body   string
}

// recording answers each request with what reply makes of it, and keeps them.
type recording struct {
	mu   sync.Mutex
	all  []recorded
	with func(*http.Request) string
}

func (r *recording) handle(c net.Conn) {
	req, err := http.ReadRequest(bufio.NewReader(c))
	if err != nil {
		return
	}
	body, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	r.all = append(r.all, recorded{req.Method + " " + req.Host + req.URL.RequestURI(), req.Header, string(body)})
	r.mu.Unlock()
	_, _ = io.WriteString(c, r.with(req))
}

func (r *recording) took(t *testing.T) []recorded {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.all
}

func wellReply(req *http.Request) string {
	if req.Method == http.MethodHead {
		return strings.TrimSuffix(okReply, "ok")
	}
	return okReply
}

func TestCheckRequests(t *testing.T) {
	for name, tt := range map[string]struct {
		check  string
		line   string
		fields string // "Name: value" of those that the check gives
		body   string
	}{
		"nothing":     {"{}", "GET good.test/given", "", ""},
		"method":      {"{request: {method: HEAD}}", "HEAD good.test/given", "", ""},
		"path":        {"{request: {path: '/health?a=b'}}", "GET good.test/health?a=b", "", ""},
		"headers":     {"{request: {headers: {X-A: 'b c', X-Token: env:TOKEN, X-File: file:x, User-Agent: me}}}", "GET good.test/given", "X-A: b c\nX-Token: " + canaryToken + "\nX-File: " + canaryFile + "\nUser-Agent: me", ""},
		"query":       {"{request: {query: {key: env:TOKEN, a b: c&d, f: file:x}}}", "GET good.test/given?a%20b=c%26d&f=" + canaryFile + "&key=canary-t0ken%2F%2B%24%27%22x", "", ""},
		"query more":  {"{request: {path: '/a?b=c', query: {key: v}}}", "GET good.test/a?b=c&key=v", "", ""},
		"secret JSON": {"{request: {body: {json: {'env:NAME': [env:TOKEN, file:x, 'env', 1]}}}}", "POST good.test/given", "Content-Type: application/json", `{"env:NAME":["canary-t0ken/+$'\"x","` + canaryFile + `","env",1]}`},
		"text":        {"{request: {body: {text: hello}}}", "POST good.test/given", "", "hello"},
		"secret text": {"{request: {method: PUT, body: {text: env:BODY}}}", "PUT good.test/given", "", canaryBody},
		"JSON":        {"{request: {body: {json: {a: [1, \"é\"]}}}}", "POST good.test/given", "Content-Type: application/json", `{"a":[1,"é"]}`},
		"typed JSON":  {"{request: {headers: {content-type: a/b}, body: {json: 1}}}", "POST good.test/given", "Content-Type: a/b", "1"},
		"file":        {"{request: {body: {file: x}}}", "POST good.test/given", "", canaryFile + "\n"},
		"bearer":      {"{request: {bearer: env:TOKEN}}", "GET good.test/given", "Authorization: Bearer " + canaryToken, ""},
		"basic":       {"{request: {basic: {user: me, password: file:x}}}", "GET good.test/given", "Authorization: Basic bWU6Y2FuYXJ5LWYxbGU=", ""},
	} {
		t.Run(name, func(t *testing.T) {
			server := &recording{with: wellReply}
			tg := at(goodHost, catalog.HTTP, serve(t, server.handle))
			tg.Path, tg.Check = "/given", goodCheck(t, tt.check)
			o := New(onLoopback(newPKI())).Probe(t.Context(), tg)
			want(t, o, reason.OK, reason.None)
			got := server.took(t)[0]
			if got.line != tt.line || got.body != tt.body {
				t.Errorf("%+v", got)
			}
			for field := range strings.SplitSeq(tt.fields, "\n") {
				if name, value, given := strings.Cut(field, ": "); given && got.header.Get(name) != value {
					t.Errorf("%s is %q, want %q", name, got.header.Get(name), value)
				}
			}
		})
	}
}

func TestCheckThatCannotBeMade(t *testing.T) {
	for text, wants := range map[string]string{
		"{request: {bearer: env:NONE}}":                                         "bearer: the variable NONE is not set",
		"{request: {headers: {X-A: env:LINES}}}":                                "headers.X-A: env:LINES holds a character that cannot stand in a header field, such as the end of a line",
		"{request: {body: {file: missing}, headers: {X-A: env:A, X-B: env:B}}}": "headers.X-A: the variable A is not set\nheaders.X-B: the variable B is not set\nbody.file: there is no file /lists/missing",
		"{request: {query: {k: env:K}, body: {json: [env:J]}}}":                 "query.k: the variable K is not set\nbody.json: the variable J is not set",
		"{request: {basic: {user: env:U, password: x}}}":                        "basic.user: the variable U is not set",
	} {
		c, err := check(t, text)
		if err == nil || err.Error() != wants {
			t.Errorf("%s: %v, want %s", text, err, wants)
		}
		tg := at(goodHost, catalog.HTTP, loopback443)
		tg.Check = c
		o := New(Config{Dial: neverDialled(t), Guard: Guard{AllowPrivate: true}}).Probe(t.Context(), tg)
		want(t, o, reason.Unknown, reason.ProberCredentials)
	}
}

// echoing says what it was sent, in each place that a finding or a fact quotes.
func echoing(req *http.Request) string {
	secret := req.Header.Get("X-Token")
	return reply(503, "Content-Type: text/"+secret+"\r\nLocation: /"+secret+"\r\nX-Echo: "+secret+"\r\nRetry-After: "+secret+"\r\n",
		`{"a":`+fmt.Sprintf("%q", secret)+`} `+secret+" "+req.Header.Get("Authorization"))
}

const secretCheck = `{request: {query: {key: env:TOKEN}, headers: {X-Token: env:TOKEN}, basic: {user: me, password: env:TOKEN}, body: {text: env:BODY}},
  expect: {status: 200, content_type: a/b, headers: [{name: X-Echo, equals: x}, {name: X-Echo, absent: true}], body: {contains: zz, not_contains: '"a"', max_bytes: 1}, json: [{path: $.a, equals: 1}]}}`

// What a request holds of secrets stands in nothing that the prober says, whatever comes back.
func TestChecksHideSecrets(t *testing.T) {
	server := &recording{with: echoing}
	tg := at(goodHost, catalog.HTTP, serve(t, server.handle))
	tg.Check = goodCheck(t, secretCheck)
	o := New(onLoopback(newPKI())).Probe(t.Context(), tg)
	want(t, o, reason.Fail, reason.VerifyUnexpectedStatus)
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	all := string(text) + fmt.Sprintf("%+v", o) + fmt.Sprintf("%+v", o.Addresses[0].HTTP)
	if at := strings.Index(all, "canary"); at >= 0 {
		t.Errorf("a secret is shown: %s", all[max(0, at-60):at+40])
	}
	if len(o.Addresses[0].Findings) < 6 {
		t.Errorf("findings %+v", o.Addresses[0].Findings)
	}
	if !strings.Contains(o.Reproduce, `"$TOKEN"`) || !strings.Contains(o.Reproduce, `--data-raw "$BODY"`) {
		t.Errorf("the command is %s", o.Reproduce)
	}
}

// Who says that the prober asks too often says nothing of the reply that a list expects, unless the list has that status.
func TestThrottledChecks(t *testing.T) {
	for text, wanted := range map[string]reason.Reason{
		"{expect: {json: [{path: $.status, equals: ok}]}}":                   reason.ProberRateLimited,
		"{expect: {body: {contains: up}, content_type: a/b}}":                reason.ProberRateLimited,
		`{expect: {status: 200, headers: [{name: X-Version, equals: "2"}]}}`: reason.ProberRateLimited,
		"{expect: {status: [200, 429], body: {contains: up}}}":               reason.VerifyBodyMismatch,
		"{expect: {status: 429, body: {contains: slower}}}":                  reason.None,
		"{expect: {body: {contains: slower}}, limits: {total: 1h}}":          reason.ProberRateLimited,
	} {
		tg := at(goodHost, catalog.HTTP, serve(t, (&recording{with: func(*http.Request) string { return reply(429, "Retry-After: 1\r\n", "slower") }}).handle))
		tg.Check = goodCheck(t, text)
		want(t, New(Config{Guard: Guard{AllowPrivate: true}, Timeout: time.Minute, Clock: Clock{ElapsedFunc: unstalled}}).Probe(t.Context(), tg), wanted.Outcome(), wanted)
	}
}

// A command sends the request that the probe sends, with the secrets where the shell finds them.
func TestCommandsOfChecks(t *testing.T) {
	needs.Program(t, "curl")
	needs.Program(t, "jq")
	t.Setenv("TOKEN", canaryToken)
	t.Setenv("BODY", canaryBody)
	dir := t.TempDir()
	from := sources()
	from.Path = func(name string) string { return dir + "/" + name }
	if err := os.WriteFile(dir+"/it's", []byte(canaryFile+"\n\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	from.File = func(string) ([]byte, error) { return []byte(canaryFile + "\n\n"), nil }
	for name, tt := range map[string]struct {
		check string
		why   reason.Reason
		reply string
	}{
		"curl":        {secretCheck, reason.VerifyUnexpectedStatus, reply(404, "", "x")},
		"a file":      {"{request: {headers: {X-File: \"file:it's\"}, bearer: \"file:it's\", body: {file: \"it's\"}}}", reason.VerifyBadStatus, reply(404, "", "x")},
		"raw bytes":   {"{request: {headers: {X-100%: env:TOKEN}, basic: {user: \"o'neill\", password: env:TOKEN}, body: {text: env:BODY}}}", reason.VerifySurplusBytes, okReply + "MORE"},
		"raw file":    {"{request: {headers: {X-File: \"file:it's\"}, body: {file: \"it's\"}}}", reason.VerifySurplusBytes, okReply + "MORE"},
		"JSON":        {"{request: {method: PATCH, body: {json: {a: \"it's %s\"}}}, expect: {json: [{path: $.b}]}}", reason.VerifyJSONMismatch, reply(200, "", `{"a":1}`)},
		"query":       {"{request: {path: '/a?b=%000%00', query: {key: env:TOKEN, plain: \"file:it's\"}}}", reason.VerifyBadStatus, reply(404, "", "x")},
		"raw query":   {"{request: {query: {key: env:TOKEN}, headers: {X-A: env:TOKEN}}}", reason.VerifySurplusBytes, okReply + "MORE"},
		"secret JSON": {"{request: {body: {json: {a: [env:TOKEN, \"file:it's\"], \"b'%s\": env:TOKEN}}}}", reason.VerifyBadStatus, reply(404, "", "x")},
		"raw JSON":    {"{request: {body: {json: {a: [env:TOKEN, \"file:it's\"], \"b'%s\": env:TOKEN}}}}", reason.VerifySurplusBytes, okReply + "MORE"},
		"size":        {"{expect: {body: {max_bytes: 1}}}", reason.VerifyBodySize, reply(200, "", `{"a":1}`)},
		"header":      {"{expect: {headers: [{name: X, absent: true}]}}", reason.VerifyHeaderMismatch, reply(200, "X: y\r\n", "")},
		"type":        {"{expect: {content_type: a/b}}", reason.VerifyContentType, reply(200, "", "")},
		"text":        {"{expect: {body: {contains: x}}}", reason.VerifyBodyMismatch, reply(200, "", "y")},
		"slow":        {"{limits: {total: 1ns}}", reason.VerifySlow, reply(200, "", "y")},
		"empty token": {"{request: {method: POST}}", reason.VerifyBadStatus, reply(404, "", "y")},
	} {
		t.Run(name, func(t *testing.T) {
			server := &recording{with: func(*http.Request) string { return tt.reply }}
			tg := at(goodHost, catalog.HTTP, serve(t, server.handle))
			c, err := catalog.DecodeList("l.yaml", []byte("endpoints: [{url: https://a.example, check: "+tt.check+"}]"))
			if err != nil {
				t.Fatal(err)
			}
			if tg.Check, err = NewCheck(c.Endpoints[0].Check, from); err != nil {
				t.Fatal(err)
			}
			o := New(Config{Guard: Guard{AllowPrivate: true}, Timeout: time.Minute, Clock: Clock{ElapsedFunc: unstalled}}).Probe(t.Context(), tg)
			want(t, o, tt.why.Outcome(), tt.why)
			if strings.Contains(o.Reproduce, "canary") {
				t.Errorf("the command shows a secret: %s", o.Reproduce)
			}
			out := shell(t, o.Reproduce)
			got := server.took(t)
			if len(got) != 2 {
				t.Fatalf("%s\nsent %d requests: %s", o.Reproduce, len(got)-1, out)
			}
			for i := range got { // jq leaves some characters of a query as they are
				got[i].line, _ = url.PathUnescape(got[i].line)
			}
			if a, b := fmt.Sprintf("%q", got[0]), fmt.Sprintf("%q", got[1]); a != b {
				t.Errorf("%s\nsent %s\nwant %s", o.Reproduce, b, a)
			}
		})
	}
}
