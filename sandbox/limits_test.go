package sandbox_test

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/sandbox"
)

// TestLimits sends what is too large or no request at all. What an API documents as its
// limit must reach the API; what is far beyond is refused before it.
func TestLimits(t *testing.T) {
	t.Parallel()
	s := start(t, sandbox.Config{})
	e, _ := s.Catalog().Endpoint("gaap/nearest/public")
	post := func(length int) string {
		return "POST / HTTP/1.1\r\nHost: " + e.Host + "\r\nContent-Type: application/json\r\nContent-Length: " +
			strconv.Itoa(length) + "\r\nConnection: close\r\n\r\n" + strings.Repeat(" ", length)
	}
	for _, test := range []struct {
		name, request string
		status        int
		body          string
	}{
		{"10 MB and a byte", post(10<<20 + 1), 200, `"Response"`},
		{"beyond 12 MB", post(12<<20 + 1<<16), 413, "<html>"},
		{"a query of 40 KB", "GET /?Text=" + strings.Repeat("x", 40<<10) + " HTTP/1.1\r\nHost: " + e.Host + "\r\nConnection: close\r\n\r\n", 200, `"Response"`},
		{"headers of 2 MB", "GET / HTTP/1.1\r\nHost: " + e.Host + "\r\nX-Long: " + strings.Repeat("x", 2<<20) + "\r\n\r\n", 431, "<html>"},
		{"no request", "HELO sandbox\r\n\r\n", 400, "<html>"},
		{"expectation", "POST / HTTP/1.1\r\nHost: " + e.Host + "\r\nExpect: 100-continue\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", 200, `"Response"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			raw, err := net.Dial("tcp", netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), e.Port(catalog.HTTPS)).String())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = raw.Close() }()
			if err := raw.SetDeadline(time.Now().Add(patience)); err != nil {
				t.Fatal(err)
			}
			c := tls.Client(raw, &tls.Config{RootCAs: s.Roots(), ServerName: e.Host})
			go func() { _, _ = io.WriteString(c, test.request) }() // may be cut short by the answer
			in := bufio.NewReader(c)
			reply, err := http.ReadResponse(in, nil)
			if continued := err == nil && reply.StatusCode == http.StatusContinue; continued != (test.name == "expectation") {
				t.Fatalf("continued %v, %v", continued, err)
			} else if continued {
				reply, err = http.ReadResponse(in, nil)
			}
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(reply.Body)
			if err != nil || reply.StatusCode != test.status || !strings.Contains(string(body), test.body) {
				t.Errorf("%d %.200q, %v; want %d", reply.StatusCode, body, err, test.status)
			}
		})
	}
}
