package probe

import (
	"crypto/tls"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"prober/catalog"
	"prober/probe/reason"
)

// What a redirect says, where it is asked for: in a target of which only a 2xx is healthy.
func TestOnly2xx(t *testing.T) {
	p := newPKI()
	tests := map[string]struct {
		reply string
		want  reason.Reason
		next  string
	}{
		"ok":            {okReply, reason.None, ""},
		"no content":    {"HTTP/1.1 204 No Content\r\n\r\n", reason.None, ""},
		"relative":      {"HTTP/1.1 302 Found\r\nLocation: ../b?c=d\r\nContent-Length: 0\r\n\r\n", reason.VerifyRedirect, "http://good.test/b?c=d"},
		"absolute":      {"HTTP/1.1 308 Permanent Redirect\r\nLocation: https://good.test/\r\nContent-Length: 0\r\n\r\n", reason.VerifyRedirect, "https://good.test/"},
		"without a way": {"HTTP/1.1 301 Moved Permanently\r\nContent-Length: 0\r\n\r\n", reason.VerifyRedirect, ""},
		"to no URL":     {"HTTP/1.1 301 Moved Permanently\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n", reason.VerifyRedirect, ""},
		"long":          {"HTTP/1.1 301 Moved Permanently\r\nLocation: /" + strings.Repeat("a", 5000) + "\r\nContent-Length: 0\r\n\r\n", reason.VerifyRedirect, "http://good.test/" + strings.Repeat("a", 5000)},
		"not modified":  {"HTTP/1.1 304 Not Modified\r\n\r\n", reason.VerifyBadStatus, ""},
		"not found":     {"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", reason.VerifyBadStatus, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tg := at("good.test", catalog.HTTP, serve(t, replying(tt.reply)))
			tg.Path, tg.Only2xx = "/a/b", true
			o := New(onLoopback(p)).Probe(t.Context(), tg)
			if o.Reason != tt.want || o.Addresses[0].HTTP.Next != tt.next || (o.Reproduce == "") != (tt.want == reason.None) {
				t.Errorf("%v %q %q", o.Reason, o.Addresses[0].HTTP.Next, o.Reproduce)
			}
			tg.Only2xx = false
			if o := New(onLoopback(p)).Probe(t.Context(), tg); o.Addresses[0].HTTP.Next != "" || tt.want == reason.VerifyRedirect && o.Outcome != reason.OK {
				t.Errorf("for who did not ask: %v %q", o.Reason, o.Addresses[0].HTTP.Next)
			}
		})
	}
}

// Cookies come with a redirect and go with the next request.
func TestCookiesTravel(t *testing.T) {
	p := newPKI()
	asked := make(chan string, 1)
	addr := serve(t, func(c net.Conn) {
		replying("HTTP/1.1 302 Found\r\nLocation: /\r\nSet-Cookie: a=b; Path=/\r\nSet-Cookie: c=d\r\nContent-Length: 0\r\n\r\n")(spying{c, asked})
	})
	tg := at("good.test", catalog.HTTP, addr)
	tg.Only2xx, tg.Cookies = true, []*http.Cookie{{Name: "x", Value: "y"}}
	o := New(onLoopback(p)).Probe(t.Context(), tg)
	if got := o.Addresses[0].HTTP.SetCookies; !slices.Equal(got, []string{"a=b; Path=/", "c=d"}) {
		t.Errorf("cookies %v", got)
	}
	if sent := <-asked; !strings.Contains(sent, "\r\nCookie: x=y\r\n") {
		t.Errorf("sent %q", sent)
	}
}

// spying tells what is first read from a connection.
type spying struct {
	net.Conn
	first chan<- string
}

func (s spying) Read(b []byte) (int, error) {
	n, err := s.Conn.Read(b)
	select {
	case s.first <- string(b[:n]):
	default:
	}
	return n, err
}

// A probe goes no further than it is asked to.
func TestUntil(t *testing.T) {
	p := newPKI()
	for until, reached := range map[reason.Phase]reason.Phase{reason.Connect: reason.Connect, reason.TLS: reason.TLS, reason.NoPhase: reason.Body} {
		addr := serveTLS(t, serverConfig(p), replying(okReply))
		tg := at(goodHost, catalog.HTTPS, addr)
		tg.Until = until
		o := New(onLoopback(p)).Probe(t.Context(), tg)
		a := o.Addresses[0]
		if o.Outcome != reason.OK || a.Phases.Reached != reached || (a.TLS != nil) != (reached > reason.Connect) || (a.HTTP != nil) != (reached == reason.Body) {
			t.Errorf("until %v: %v %v, reached %v: %+v", until, o.Outcome, o.Reason, a.Phases.Reached, a)
		}
	}
	old := serverConfig(p)
	old.MinVersion, old.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	for until, outcome := range map[reason.Phase]reason.Outcome{reason.TLS: reason.Degraded, reason.Connect: reason.OK} {
		tg := at(goodHost, catalog.HTTPS, serveTLS(t, old, nil))
		if tg.Until = until; New(onLoopback(p)).Probe(t.Context(), tg).Outcome != outcome {
			t.Errorf("TLS 1.1 until %v: not %v", until, outcome)
		}
	}
	tg := at("elsewhere.test", catalog.HTTPS, serveTLS(t, serverConfig(p), nil))
	tg.Until = reason.TLS
	want(t, New(onLoopback(p)).Probe(t.Context(), tg), reason.Fail, reason.TLSCertHostname)
}

// What the head says of the length and the age of what it brings.
func TestLengthAndAge(t *testing.T) {
	p := newPKI()
	for name, tt := range map[string]struct {
		reply    string
		length   int64
		modified bool
	}{
		"length":         {okReply, 2, false},
		"chunks":         {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", -1, false},
		"until the end":  {"HTTP/1.1 200 OK\r\n\r\nok", -1, false},
		"no body at all": {"HTTP/1.1 204 No Content\r\nLast-Modified: Sun, 01 Mar 2026 08:00:00 GMT\r\n\r\n", 0, true},
		"no date":        {"HTTP/1.1 200 OK\r\nLast-Modified: yesterday\r\nContent-Length: 0\r\n\r\n", 0, false},
		"too much":       {"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\nok", 99999999, false},
		"no number":      {"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nok", -1, false},
	} {
		o := New(onLoopback(p)).Probe(t.Context(), at(goodHost, catalog.HTTP, serve(t, replying(tt.reply))))
		if h := o.Addresses[0].HTTP; h.Length != tt.length || h.Modified.IsZero() == tt.modified {
			t.Errorf("%s: length %d, modified %v", name, h.Length, h.Modified)
		}
	}
}

func TestSerialNumbers(t *testing.T) {
	p := newPKI()
	o := New(onLoopback(p)).Probe(t.Context(), at(goodHost, catalog.HTTPS, serveTLS(t, serverConfig(p), replying(okReply))))
	if got := o.Addresses[0].TLS.Certificates[0].Serial; got == "" || len(got)%2 != 0 {
		t.Errorf("serial %q", got)
	}
}
