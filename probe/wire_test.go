package probe

import (
	"net"
	"testing"

	"prober/catalog"
)

// TestSocketBelowTLS: whoever asks the connection of a handshake for its socket finds it.
func TestSocketBelowTLS(t *testing.T) {
	p := newPKI()
	addr := serveTLS(t, serverConfig(p), nil)
	conn, err := dialTCP(t.Context(), addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	h := shake(t.Context(), tlsTemplate(false, onLoopback(p).Clock.Now), newTurns(), conn, goodHost)
	if h.err != nil {
		t.Fatal(h.err)
	}
	below, ok := h.conn.NetConn().(interface{ NetConn() net.Conn })
	if !ok || below.NetConn() != conn {
		t.Errorf("below the handshake is %T", h.conn.NetConn())
	}
}

// TestRequestOnTheWire reads what is sent, byte by byte.
func TestRequestOnTheWire(t *testing.T) {
	for _, tt := range []struct {
		name string
		aim  func(*Target)
		want string
	}{
		{"of a URL", func(tg *Target) { tg.Path, tg.Authority = "/a%20b/../c?d=%41&e", "good.test:8080" }, "GET /a%20b/../c?d=%41&e HTTP/1.1\r\nHost: good.test:8080\r\n"},
		{"of an IPv6 host", func(tg *Target) { tg.Endpoint.Host = "::1" }, "GET / HTTP/1.1\r\nHost: [::1]\r\n"},
		{"to Alibaba", func(tg *Target) { tg.Product = product(catalog.StyleAlibabaRPC) }, "GET /?Action=DescribeRegions&Format=JSON&Version=2014-05-26 HTTP/1.1\r\nHost: good.test\r\n"},
		{"of a host in upper case", func(tg *Target) { tg.Endpoint.Host = "GOOD.test" }, "GET / HTTP/1.1\r\nHost: GOOD.test\r\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := make(chan string, 1)
			tg := at(goodHost, catalog.HTTP, serve(t, func(c net.Conn) {
				b := make([]byte, 4096)
				n, _ := c.Read(b)
				got <- string(b[:n])
			}))
			tt.aim(&tg)
			New(onLoopback(newPKI())).Probe(t.Context(), tg)
			if wire := <-got; len(wire) < len(tt.want) || wire[:len(tt.want)] != tt.want {
				t.Errorf("sent %q, want %q", wire, tt.want)
			}
		})
	}
}
