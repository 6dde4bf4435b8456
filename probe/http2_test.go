package probe

import (
	"crypto/tls"
	"io"
	"net"
	"slices"
	"strings"
	"testing"

	"prober/catalog"
	"prober/probe/reason"
)

// TestOnlyHTTP2 tells servers that speak HTTP/2 alone from those that are broken.
func TestOnlyHTTP2(t *testing.T) {
	p := newPKI()
	closing := func(c net.Conn) { _, _ = c.Read(make([]byte, 4096)) } // what is left unread would reset the connection
	for _, tt := range []struct {
		name      string
		protocols []string
		handle    func(net.Conn)
		blind     bool // nothing more is asked
		want      reason.Reason
	}{
		{name: "HTTP/2 alone, as servers of Go's have it", protocols: []string{"h2"}, handle: closing, want: reason.ProberHTTPUnsupported},
		{name: "the same, and settings first", protocols: []string{"h2"}, handle: func(c net.Conn) { _, _ = io.WriteString(c, "\x00\x00\x00\x04\x00\x00\x00\x00\x00") }, want: reason.ProberHTTPUnsupported},
		{name: "another protocol alone", protocols: []string{"x"}, want: reason.TLSAlertNoApplicationProtocol},
		{name: "both, and it closes", protocols: []string{"h2", "http/1.1"}, handle: closing, want: reason.RequestEOF},
		{name: "none, and it closes", handle: closing, want: reason.RequestEOF},
		{name: "none, and it answers", handle: replying(okReply)},
		{name: "HTTP/2 alone, and it answers all the same", protocols: []string{"h2"}, handle: replying(okReply)},
		{name: "not asked", protocols: []string{"h2"}, handle: closing, blind: true, want: reason.RequestEOF},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := &tls.Config{Certificates: []tls.Certificate{served(p.leaf, p.intermediate)}, NextProtos: tt.protocols}
			tg := at(goodHost, catalog.HTTPS, serveTLS(t, cfg, tt.handle))
			tg.Diagnose = !tt.blind
			o := New(onLoopback(p)).Probe(t.Context(), tg)
			want(t, o, tt.want.Outcome(), tt.want)
			if tt.want == reason.ProberHTTPUnsupported && !strings.Contains(o.Reproduce, "-alpn h2 ") {
				t.Error(o.Reproduce)
			}
		})
	}
}

// TestWeakCipher tells servers that have no cipher but weak ones from those that only prefer one.
func TestWeakCipher(t *testing.T) {
	p := newPKI()
	rsa := newEntityWithKey(rsaKey(2048), goodHost, p.intermediate, forHosts(goodHost))
	for _, tt := range []struct {
		name   string
		leaf   *entity
		suites []uint16
		other  bool // has AES too, and does not prefer it
		want   reason.Reason
	}{
		{"RC4 preferred", p.leaf, []uint16{tls.TLS_ECDHE_ECDSA_WITH_RC4_128_SHA}, true, reason.None},
		{"RC4 alone", p.leaf, []uint16{tls.TLS_ECDHE_ECDSA_WITH_RC4_128_SHA}, false, reason.TLSWeakCipher},
		{"3DES alone", rsa, []uint16{tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA}, false, reason.TLSWeakCipher},
		{"both", rsa, []uint16{tls.TLS_ECDHE_RSA_WITH_RC4_128_SHA, tls.TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA}, false, reason.TLSWeakCipher},
		{"AES", p.leaf, []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA}, false, reason.None},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := &tls.Config{Certificates: []tls.Certificate{served(tt.leaf, p.intermediate)}, MaxVersion: tls.VersionTLS12, CipherSuites: tt.suites}
			cfg.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
				if tt.other && !slices.Contains(hello.CipherSuites, tt.suites[0]) {
					return &tls.Config{Certificates: cfg.Certificates}, nil
				}
				return nil, nil
			}
			tg := at(goodHost, catalog.HTTPS, serveTLS(t, cfg, replying(okReply)))
			tg.Diagnose = true
			o := New(onLoopback(p)).Probe(t.Context(), tg)
			want(t, o, tt.want.Outcome(), tt.want)
		})
	}
}
