package webport_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"prober/webport"
)

func TestWhoMayChangeSomething(t *testing.T) {
	hosts, err := webport.NewHosts("Box.example.com", []string{"prober.example.org"}, "--web.allowed-host")
	if err != nil {
		t.Fatal(err)
	}
	server := webport.Server(webport.Config{Hosts: hosts, Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})})
	tests := []struct {
		method, host string
		header       map[string]string
		want         int
	}{
		{"POST", "localhost:9115", nil, 200},
		{"POST", "LOCALHOST.", nil, 200},
		{"POST", "127.0.0.1:9115", nil, 200},
		{"POST", "192.0.2.7", nil, 200},
		{"POST", "[::1]:9115", nil, 200},
		{"POST", "[2001:db8::1]", nil, 200},
		{"POST", "[fe80::1%25eth0]:9115", nil, 200},
		{"POST", "box.example.com:9115", nil, 200},
		{"POST", "box:9115", nil, 200},
		{"POST", "prober.example.org", nil, 200},
		{"POST", "Prober.Example.Org.:443", nil, 200},
		{"PUT", "attacker.example", nil, 403},
		{"POST", "attacker.example:9115", nil, 403},
		{"POST", "localhost.attacker.example", nil, 403},
		{"POST", "127.0.0.1.attacker.example", nil, 403},
		{"POST", "example.com", nil, 403},
		{"POST", "0x7f000001", nil, 403},
		{"POST", "2130706433", nil, 403},
		{"POST", "localhost:", nil, 200}, // a port may be empty
		{"POST", "[::1]", nil, 200},
		{"POST", "localhost:99999", nil, 400},
		{"POST", "localhost:-1", nil, 400},
		{"POST", "localhost:+80", nil, 400},
		{"POST", "localhost:http", nil, 400},
		{"POST", "127.0.0.1:80:90", nil, 400},
		{"POST", "::1", nil, 400},
		{"POST", "2001:db8::1:9115", nil, 400},
		{"POST", "[::1", nil, 400},
		{"POST", "[::1]9115", nil, 400},
		{"POST", "[::1]:99999", nil, 400},
		{"POST", "[127.0.0.1]:9115", nil, 400},
		{"POST", "[localhost]", nil, 400},
		{"GET", "[::1", nil, 200},
		{"POST", "", nil, 403},
		{"DELETE", "attacker.example", nil, 403},
		{"GET", "attacker.example", nil, 200},
		{"HEAD", "attacker.example", nil, 200},
		{"POST", "localhost:9115", map[string]string{"Origin": "http://localhost:9115"}, 200},
		{"POST", "localhost:9115", map[string]string{"Origin": "http://attacker.example"}, 403},
		{"POST", "localhost:9115", map[string]string{"Origin": "null"}, 403},
		{"POST", "localhost:9115", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		{"POST", "localhost:9115", map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
		{"POST", "localhost:9115", map[string]string{"Sec-Fetch-Site": "same-origin"}, 200},
		{"POST", "attacker.example", map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": "http://attacker.example"}, 403},
		{"POST", "attacker.example", map[string]string{"X-Forwarded-Host": "localhost"}, 403},
	}
	for _, tt := range tests {
		r := httptest.NewRequest(tt.method, "/", nil)
		r.Host = tt.host
		for k, v := range tt.header {
			r.Header.Set(k, v)
		}
		w := httptest.NewRecorder()
		server.Handler.ServeHTTP(w, r)
		if w.Code != tt.want {
			t.Errorf("%s with Host %q and %v: %d, want %d", tt.method, tt.host, tt.header, w.Code, tt.want)
		}
		if w.Code == 403 && tt.header == nil && !strings.Contains(w.Body.String(), "--web.allowed-host NAME") {
			t.Errorf("Host %q: %q does not name the flag", tt.host, w.Body)
		}
	}
}

// A whole URL as the target says another thing than a Host header may, which nobody sees here.
func TestAChangeIsAskedForByItsPath(t *testing.T) {
	p := serve(t, 4)
	for request, want := range map[string]string{
		"POST http://localhost/ HTTP/1.1\r\nHost: attacker.example\r\n\r\n": "403",
		"POST http://attacker.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n": "403",
		"POST http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n":        "403",
		"POST http://localhost:99999/ HTTP/1.1\r\nHost: localhost\r\n\r\n":  "400",
		"POST / HTTP/1.1\r\nHost: localhost\r\n\r\n":                        "200",
		"GET http://localhost/ HTTP/1.1\r\nHost: attacker.example\r\n\r\n":  "200",
	} {
		if got, err := status(p.dial(request)); err != nil || !strings.Contains(got, want) {
			t.Errorf("%q: %q, %v; want %s", request, got, err, want)
		}
	}
}

func TestNamesAreNamesAlone(t *testing.T) {
	for _, name := range []string{"", "http://prober.example.org", "prober.example.org:9115", "*.example.org", "a b", "a/b"} {
		if _, err := webport.NewHosts("", []string{name}, "--flag"); err == nil || !strings.HasPrefix(err.Error(), "--flag ") {
			t.Errorf("%q: %v", name, err)
		}
	}
}
