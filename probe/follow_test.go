package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"prober/catalog"
	"prober/probe/dns"
	"prober/probe/reason"
)

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
		case "/to-bare":
			return redirecting(302, "/bare")(req)
		case "/bare":
			return "HTTP/1.1 302 Found\r\nLocation: /login\r\nX: y\nContent-Length: 0\r\n\r\n"
		case "/two-ways":
			return "HTTP/1.1 302 Found\r\nLocation: /login\r\nLocation: http://b.test/\r\nContent-Length: 0\r\n\r\n"
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
		"two ways":         {"/two-ways", "{redirects: 2}", reason.VerifyRedirect, `status 302 with several Locations that differ, of which browsers follow none`, "GET a.test/two-ways", ""},
		"broken syntax":    {"/bare", "{redirects: 2}", reason.HeadersBareLF, `line 3 ends in LF alone`, "GET a.test/bare, GET a.test/login", ""},
		"broken behind it": {"/to-bare", "{redirects: 3}", reason.HeadersBareLF, `behind a redirect, at http://a.test/bare: line 3 ends in LF alone`, "GET a.test/to-bare, GET a.test/bare, GET a.test/login", ""},
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
