package probe

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"strings"
	"testing"

	"prober/catalog"
	"prober/probe/reason"
)

// TestPlainHTTPAtAPortOfTLS asks ports over plain HTTP: of TLS, by what they say or by hanging up, and of none.
func TestPlainHTTPAtAPortOfTLS(t *testing.T) {
	p := newPKI()
	page := strings.Replace(okReply, "200 OK", "400 Bad Request", 1)
	first := func(plain func(net.Conn), versions ...uint16) func(net.Conn) {
		cfg := &tls.Config{Certificates: []tls.Certificate{served(p.leaf, p.intermediate)}}
		for _, v := range versions {
			cfg.MinVersion = v
		}
		return func(c net.Conn) {
			kind := make([]byte, 1)
			_, _ = io.ReadFull(c, kind)
			again := replayed{io.MultiReader(bytes.NewReader(kind), c), c}
			if kind[0] != 22 {
				plain(again)
				return
			}
			_ = tls.Server(again, cfg).Handshake()
		}
	}
	hangUp := first(func(c net.Conn) {
		readHello(c) // the byte that was read
		readHello(c)
	})
	for _, tt := range []struct {
		name     string
		handle   func(net.Conn)
		diagnose bool
		want     reason.Reason
		says     string
	}{
		{"a page", first(replying(page)), true, reason.VerifyBadStatus, "with a ServerHello TLS1.2"},
		{"a page, of TLS 1.3 alone", first(replying(page), tls.VersionTLS13), true, reason.VerifyBadStatus, "with a HelloRetryRequest TLS1.3"},
		{"hanging up", hangUp, true, reason.RequestEOF, "with a ServerHello TLS1.2"},
		{"not asked", hangUp, false, reason.RequestEOF, ""},
		{"another page", first(replying(strings.Replace(okReply, "200 OK", "404 Not Found", 1))), true, reason.VerifyBadStatus, ""},
		{"a page of a port without TLS", replying(page), true, reason.VerifyBadStatus, ""},
		{"hanging up, without TLS", readHello, true, reason.RequestEOF, ""},
	} {
		tg := at(goodHost, catalog.HTTP, serve(t, tt.handle))
		tg.Diagnose = tt.diagnose
		o := New(onLoopback(p)).Probe(t.Context(), tg)
		if says := strings.Contains(o.Detail, "the port speaks TLS"); o.Reason != tt.want || !strings.HasSuffix(o.Detail, tt.says) || says != (tt.says != "") {
			t.Errorf("%s: %s, %s; want %s, %q", tt.name, o.Reason, o.Detail, tt.want, tt.says)
		}
	}
}

// replayed is a connection of which something was read.
type replayed struct {
	from io.Reader
	net.Conn
}

func (r replayed) Read(b []byte) (int, error) { return r.from.Read(b) }
