package probe

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"prober/catalog"
	"prober/needs"
	"prober/probe/dns"
	"prober/probe/hello"
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
		"{request: {headers: {X-A: env:LINES}}}":                                "x-a: what is there holds a character that cannot stand in a header field, such as the end of a line",
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
			o := New(Config{Guard: Guard{AllowPrivate: true}}).Probe(t.Context(), tg)
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

// web is a world of hosts, all on one port of loopback addresses of their own.
func web(t *testing.T, hosts map[string]func(*http.Request) string) (servers map[string]*recording, port uint16, cfg Config) {
	t.Helper()
	servers = map[string]*recording{}
	addrs := map[string]netip.AddrPort{}
	for host, with := range hosts {
		servers[host] = &recording{with: with}
		addrs[host] = serve(t, servers[host].handle)
	}
	cfg = onLoopback(newPKI())
	numbers := map[netip.Addr]netip.AddrPort{}
	names := map[string]string{}
	for i, host := range sortedHosts(addrs) {
		a := netip.AddrFrom4([4]byte{192, 88, 1, byte(i + 1)})
		numbers[a], names[host] = addrs[host], a.String()
	}
	cfg.Guard = Guard{}
	cfg.DNS = func(ctx context.Context, r []netip.AddrPort, host string, o dns.Options) *dns.Lookup {
		if a, known := names[host]; known {
			return answering(a)(ctx, r, host, o)
		}
		if host == "inside.test" {
			return answering("10.0.0.1")(ctx, r, host, o)
		}
		return failing(reason.ResolveNXDomain)(ctx, r, host, o)
	}
	cfg.Dial = func(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
		real, known := numbers[to.Addr()]
		if !known {
			t.Errorf("%s was dialled", to)
			return nil, errors.New("not allowed")
		}
		return dialTCP(ctx, real)
	}
	return servers, 80, cfg
}

func sortedHosts(m map[string]netip.AddrPort) []string {
	var out []string
	for _, host := range []string{"a.test", "b.test", "c.test"} {
		if _, there := m[host]; there {
			out = append(out, host)
		}
	}
	return out
}

func redirecting(status int, to string, fields ...string) func(*http.Request) string {
	return func(*http.Request) string {
		return reply(status, "Location: "+to+"\r\n"+strings.Join(fields, ""), "")
	}
}

func TestFollow(t *testing.T) {
	page := func(req *http.Request) string {
		switch req.URL.Path {
		case "/":
			return redirecting(302, "/login", "Set-Cookie: session=canary-cookie\r\n")(req)
		case "/away":
			return redirecting(301, "http://b.test/x?y=1")(req)
		case "/keep":
			return redirecting(307, "http://b.test/")(req)
		case "/loop":
			return redirecting(302, "/loop")(req)
		case "/inside":
			return redirecting(302, "http://inside.test/")(req)
		case "/metadata":
			return redirecting(302, "http://169.254.169.254/latest/")(req)
		case "/loopback":
			return redirecting(302, "http://localhost/")(req)
		case "/unknown":
			return redirecting(302, "http://unknown.test/")(req)
		case "/ftp":
			return redirecting(302, "ftp://b.test/")(req)
		case "/user":
			return redirecting(302, "http://u:p@b.test/")(req)
		case "/nowhere":
			return reply(302, "", "")
		case "/other-port":
			return redirecting(308, "http://a.test:8080/login")(req)
		case "/there-and-back":
			return redirecting(302, "http://b.test/back")(req)
		}
		return wellReply(req)
	}
	other := func(req *http.Request) string {
		switch req.URL.Path {
		case "/back":
			return redirecting(302, "http://a.test/login")(req)
		case "/bad":
			return reply(404, "", "nothing here")
		}
		return wellReply(req)
	}
	for name, tt := range map[string]struct {
		path, check string
		why         reason.Reason
		detail      string
		a, b        string // the requests that came
	}{
		"not followed":     {"/", "{}", reason.None, "", "GET a.test/", ""},
		"same host":        {"/", "{redirects: 1}", reason.None, "", "GET a.test/, GET a.test/login", ""},
		"other host":       {"/away", "{redirects: 5}", reason.None, "", "GET a.test/away", "GET b.test/x?y=1"},
		"POST":             {"/", "{redirects: 5, request: {body: {text: x}}}", reason.None, "", "POST a.test/, GET a.test/login", ""},
		"HEAD":             {"/", "{redirects: 5, request: {method: HEAD}}", reason.None, "", "HEAD a.test/, HEAD a.test/login", ""},
		"body elsewhere":   {"/keep", "{redirects: 5, request: {body: {text: x}}}", reason.ProberRedirectRefused, `status 307 to "http://b.test/": the body of the request is not sent to another host`, "POST a.test/keep", ""},
		"too many":         {"/loop", "{redirects: 2}", reason.VerifyRedirect, `behind 2 redirects, at http://a.test/loop: status 302 to "/loop"; expected are 2 redirects at most`, "GET a.test/loop, GET a.test/loop, GET a.test/loop", ""},
		"private":          {"/inside", "{redirects: 2}", reason.ProberRedirectRefused, `behind a redirect, at http://inside.test/: inside.test leads to 10.0.0.1, which this prober does not dial`, "GET a.test/inside", ""},
		"metadata":         {"/metadata", "{redirects: 2}", reason.ProberRedirectRefused, `behind a redirect, at http://169.254.169.254/latest/: 169.254.169.254 leads to 169.254.169.254, which this prober does not dial`, "GET a.test/metadata", ""},
		"unknown name":     {"/unknown", "{redirects: 2}", reason.ResolveNXDomain, `behind a redirect, at http://unknown.test/: no address of unknown.test`, "GET a.test/unknown", ""},
		"no URL of HTTP":   {"/ftp", "{redirects: 2}", reason.VerifyRedirect, `status 302 to "ftp://b.test/", which cannot be followed`, "GET a.test/ftp", ""},
		"with a user":      {"/user", "{redirects: 2}", reason.VerifyRedirect, `status 302 to "http://u:p@b.test/", which cannot be followed`, "GET a.test/user", ""},
		"without Location": {"/nowhere", "{redirects: 2}", reason.VerifyRedirect, `status 302 without a Location`, "GET a.test/nowhere", ""},
		"last is judged":   {"/away", "{redirects: 2, expect: {status: 204}}", reason.VerifyUnexpectedStatus, `behind a redirect, at http://b.test/x?y=1: status 200 OK, expected 204`, "GET a.test/away", "GET b.test/x?y=1"},
		"other port":       {"/other-port", "{redirects: 2}", reason.None, "", "GET a.test/other-port, GET a.test:8080/login", ""},
		"there and back":   {"/there-and-back", "{redirects: 2}", reason.None, "", "GET a.test/there-and-back, GET a.test/login", "GET b.test/back"},
	} {
		t.Run(name, func(t *testing.T) {
			servers, port, cfg := web(t, map[string]func(*http.Request) string{"a.test": page, "b.test": other})
			tg := target("a.test", catalog.HTTP, port)
			tg.Path, tg.Check = tt.path, goodCheck(t, tt.check)
			o := New(cfg).Probe(t.Context(), tg)
			outcome := reason.OK
			if tt.why != reason.None {
				outcome = tt.why.Outcome()
			}
			want(t, o, outcome, tt.why)
			if o.Detail != tt.detail {
				t.Errorf("detail %q, want %q", o.Detail, tt.detail)
			}
			for host, lines := range map[string]string{"a.test": tt.a, "b.test": tt.b} {
				var got []string
				for _, r := range servers[host].took(t) {
					got = append(got, r.line)
				}
				if text := strings.Join(got, ", "); text != lines {
					t.Errorf("%s got %s, want %s", host, text, lines)
				}
			}
			if p := o.Addresses[0].Phases; p.sum() != p.Total {
				t.Errorf("the phases add up to %s, the total is %s", p.sum(), p.Total)
			}
		})
	}
}

// Every hop is a fact, and the facts of the reply are those of the last one.
func TestHopsAreFacts(t *testing.T) {
	_, port, cfg := web(t, map[string]func(*http.Request) string{"a.test": redirecting(301, "http://b.test/x"), "b.test": wellReply})
	tg := target("a.test", catalog.HTTP, port)
	tg.Check = goodCheck(t, "{redirects: 2}")
	o := New(cfg).Probe(t.Context(), tg)
	h := o.Addresses[0].HTTP
	if h == nil || h.Status != 200 || len(h.Hops) != 1 {
		t.Fatalf("%+v", h)
	}
	if hop := h.Hops[0]; hop.URL != "http://a.test/" || hop.To != "http://b.test/x" || hop.Status != 301 || !hop.Address.IsValid() {
		t.Errorf("%+v", hop)
	}
}

// What the list says of a request, and cookies of one host, go to no other host, port or scheme; not even back
// to the first one, once a redirect led away.
func TestCredentialsStayAtTheirHost(t *testing.T) {
	const secrets = "{redirects: 5, request: {headers: {X-Key: env:TOKEN, X-Plain: canary-plain, Cookie: canary-cookie, Accept: text/html}, bearer: env:TOKEN}}"
	home := func(req *http.Request) string {
		switch req.URL.Path {
		case "/":
			return redirecting(302, "/two", "Set-Cookie: s=canary-set; Path=/\r\n")(req)
		case "/two":
			return redirecting(307, "http://b.test/")(req)
		case "/port":
			return redirecting(302, "http://a.test:8080/")(req)
		}
		return wellReply(req)
	}
	servers, port, cfg := web(t, map[string]func(*http.Request) string{"a.test": home, "b.test": redirecting(302, "http://a.test/back")})
	for path, known := range map[string]int{"/": 2, "/port": 1} {
		tg := target("a.test", catalog.HTTP, port)
		tg.Path, tg.Check = path, goodCheck(t, secrets)
		before := len(servers["a.test"].took(t))
		want(t, New(cfg).Probe(t.Context(), tg), reason.OK, reason.None)
		for i, r := range servers["a.test"].took(t)[before:] {
			text := fmt.Sprint(r.header)
			if holds := strings.Contains(text, "canary-t0ken") && strings.Contains(text, "canary-plain"); holds != (i < known) {
				t.Errorf("%s, request %d of a.test, %s: %s", path, i, r.line, text)
			}
		}
	}
	for _, r := range servers["b.test"].took(t) {
		if text := fmt.Sprint(r); strings.Contains(text, "canary") || r.header.Get("Accept") != "text/html" {
			t.Errorf("b.test got %s", text)
		}
	}
}

// Limits make degraded what works, and say what was expected and what was got.
func TestLimits(t *testing.T) {
	p := newPKI()
	server := serveTLS(t, serverConfig(p), replying(okReply))
	old := serverConfig(p)
	old.MaxVersion = tls.VersionTLS12
	older := serveTLS(t, old, replying(okReply))
	failing := serveTLS(t, serverConfig(p), replying(reply(404, "", "")))
	for name, tt := range map[string]struct {
		server netip.AddrPort
		limits string
		why    reason.Reason
		detail string
	}{
		"none":            {server, "{}", reason.None, ""},
		"kept":            {server, "{total: 1h, connect: 1h, tls: 1h, request: 1h, headers: 1h, body: 1h, resolve: 1h, certificate_days: 1, tls_version: TLS1.3}", reason.None, ""},
		"days":            {server, "{certificate_days: 400}", reason.TLSCertEndsSoon, "in 100.0 days, expected are 400 at least"},
		"version":         {older, "{tls_version: TLS1.3}", reason.TLSVersionLow, "chose TLS1.2, expected is TLS1.3 or later"},
		"of what failed":  {failing, "{certificate_days: 400, total: 1ns}", reason.VerifyBadStatus, "status 404 Not Found"},
		"of plain limits": {server, "{tls_version: TLS1.2}", reason.None, ""},
	} {
		t.Run(name, func(t *testing.T) {
			tg := at(goodHost, catalog.HTTPS, tt.server)
			tg.Check = goodCheck(t, "{limits: "+tt.limits+"}")
			o := New(onLoopback(p)).Probe(t.Context(), tg)
			outcome := reason.OK
			if tt.why != reason.None {
				outcome = tt.why.Outcome()
			}
			want(t, o, outcome, tt.why)
			if !strings.HasSuffix(o.Detail, tt.detail) {
				t.Errorf("%s, want %s", o.Detail, tt.detail)
			}
		})
	}
}

// Each time has its own bound; what this program took of it does not count, and a process that stood still
// knows no time.
func TestLimitsOfTimes(t *testing.T) {
	ms := time.Millisecond
	phases := Phases{Resolve: 10 * ms, Connect: 20 * ms, TLS: 30 * ms, Request: 40 * ms, Headers: 50 * ms, Body: 60 * ms, Reached: reason.Body}
	most := func(d time.Duration) catalog.Duration { return catalog.Duration(d) }
	for name, tt := range map[string]struct {
		limits catalog.Limits
		own    time.Duration
		want   string
	}{
		"total":         {catalog.Limits{Total: most(209 * ms)}, 0, "the whole probe took 210ms, expected are 209ms at most"},
		"total is kept": {catalog.Limits{Total: most(210 * ms)}, 0, ""},
		"ours":          {catalog.Limits{Total: most(200 * ms), TLS: most(20 * ms)}, 10 * ms, ""},
		"resolve":       {catalog.Limits{Resolve: most(ms)}, 0, "resolve took 10ms, expected are 1ms at most"},
		"connect":       {catalog.Limits{Connect: most(ms)}, 0, "connect took 20ms, expected are 1ms at most"},
		"tls":           {catalog.Limits{TLS: most(ms)}, 0, "tls took 30ms, expected are 1ms at most"},
		"request":       {catalog.Limits{Request: most(ms)}, 0, "request took 40ms, expected are 1ms at most"},
		"headers, body": {catalog.Limits{Headers: most(ms), Body: most(59 * ms)}, 0, "headers took 50ms, expected are 1ms at most\nbody took 60ms, expected are 59ms at most"},
	} {
		var got []string
		for _, f := range slow(&AddressResult{Phases: phases, own: tt.own}, &tt.limits) {
			got = append(got, f.Detail)
		}
		if text := strings.Join(got, "\n"); text != tt.want {
			t.Errorf("%s: %q, want %q", name, text, tt.want)
		}
	}
	o := Observation{Outcome: reason.Degraded, Reason: reason.VerifySlow, Detail: "slow", Addresses: []AddressResult{{Outcome: reason.Degraded, Reason: reason.VerifySlow}}}
	o.excuse("it stood still")
	if o.Outcome != reason.Unknown || o.Reason != reason.ProberStalled || o.Addresses[0].Reason != reason.ProberStalled {
		t.Errorf("%+v", o)
	}
}

// The table of versions tells what is accepted beside what was chosen.
func TestLowestVersionOfTheTable(t *testing.T) {
	c := goodCheck(t, "{limits: {tls_version: TLS1.2}}")
	r := accepting(netip.MustParseAddr("192.0.2.7"), hello.TLS10)
	if f := lowVersion(c, r); f.Reason != reason.TLSVersionLow || f.Detail != "accepts TLS1.0, expected is TLS1.2 or later" {
		t.Errorf("%+v", f)
	}
	tg := target("good.test", catalog.HTTPS, 443)
	tg.Check = c
	if got := New(Config{}).reproduce(tg, r, reason.TLSVersionLow.Found("")); !strings.Contains(got, "-tls1 ") {
		t.Errorf("the command is %s", got)
	}
	if f := lowVersion(c, accepting(r.Address, hello.TLS12)); !f.OK() {
		t.Errorf("%+v", f)
	}
}
