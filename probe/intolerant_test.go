package probe

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"prober/catalog"
	"prober/probe/reason"
)

// TestIntolerance refuses ClientHellos for what is in them, as servers and what stands before them do.
func TestIntolerance(t *testing.T) {
	p := newPKI()
	offers13 := func(_ int, h *tls.ClientHelloInfo) bool {
		return slices.Contains(h.SupportedVersions, tls.VersionTLS13)
	}
	alpn := func(_ int, h *tls.ClientHelloInfo) bool { return len(h.SupportedProtos) > 0 }
	named := func(_ int, h *tls.ClientHelloInfo) bool { return h.ServerName != "" }
	rc4 := func(_ int, h *tls.ClientHelloInfo) bool {
		return slices.Contains(h.CipherSuites, tls.TLS_RSA_WITH_RC4_128_SHA)
	}
	without := func(extension uint16) func(int, *tls.ClientHelloInfo) bool {
		return func(_ int, h *tls.ClientHelloInfo) bool { return !slices.Contains(h.Extensions, extension) }
	}
	for _, tt := range []struct {
		name    string
		refuses func(n int, h *tls.ClientHelloInfo) bool // the nth hello, from 1
		alert   byte                                     // 0: it hangs up
		most    uint16                                   // the highest version behind it
		want    reason.Reason
		detail  string
		command string
	}{
		{"TLS 1.3", offers13, 40, tls.VersionTLS12, reason.TLSHelloIntolerant, "one without TLS 1.3 completed", "-no_tls1_3 -alpn"},
		{"TLS 1.3, by protocol_version", offers13, 70, tls.VersionTLS12, reason.TLSHelloIntolerant, "alert protocol_version (70) to each of three", "-no_tls1_3"},
		{"TLS 1.3, by internal_error", offers13, 80, tls.VersionTLS12, reason.TLSHelloIntolerant, "alert internal_error (80)", "-no_tls1_3"},
		{"TLS 1.3, by decode_error", offers13, 50, tls.VersionTLS12, reason.TLSHelloIntolerant, "alert decode_error (50)", "-no_tls1_3"},
		{"TLS 1.3, by hanging up", offers13, 0, tls.VersionTLS12, reason.TLSHelloIntolerant, "small TLS 1.2 ClientHellos", "ECDHE-ECDSA-AES128-GCM-SHA256"},
		{"ALPN", alpn, 40, 0, reason.TLSHelloIntolerant, "one without ALPN", "-alpn http/1.1 </dev/null ; "},
		{"ALPN, as RFC 7301 has it", alpn, 120, 0, reason.TLSAlertNoApplicationProtocol, "120", "-alpn"},
		{"TLS 1.2", func(_ int, h *tls.ClientHelloInfo) bool {
			return slices.Contains(h.SupportedVersions, tls.VersionTLS12)
		}, 40, 0, reason.TLSHelloIntolerant, "one with TLS 1.3 alone", "-tls1_3"},
		{"more than nine suites, and ALPN", func(n int, h *tls.ClientHelloInfo) bool { return len(h.CipherSuites) > 9 || alpn(n, h) }, 47, 0, reason.TLSHelloIntolerant, "three suites and no ALPN", "-no_etm"},
		{"RC4, which common clients do not offer", rc4, 40, 0, reason.ProberTLSUnsupported, "offers TLS 1.0, RC4 and 3DES too (alert handshake_failure (40))", "-min_protocol"},
		{"RC4, by hanging up", rc4, 0, 0, reason.ProberTLSUnsupported, "offers TLS 1.0, RC4 and 3DES too (the server closed", "-min_protocol"},
		{"the lack of encrypt_then_mac", without(22), 40, tls.VersionTLS12, reason.ProberTLSUnsupported, "TLS1.2 and TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 where session_ticket, encrypt_then_mac", "-tls1_2"},
		{"the lack of session_ticket, by missing_extension", without(35), 109, 0, reason.ProberTLSUnsupported, "(alert missing_extension (109))", "-tls1_2"},
		{"the lack of session_ticket, by hanging up", without(35), 0, 0, reason.ProberTLSUnsupported, "(the server closed the connection during the handshake", "-tls1_2"},
		{"the lack of psk_key_exchange_modes, by hanging up", without(45), 0, 0, reason.ProberTLSUnsupported, "TLS1.3 and TLS_", "-tls1_3"},
		{"the lack of session_ticket, the first time", func(n int, h *tls.ClientHelloInfo) bool { return n == 1 && without(35)(n, h) }, 0, 0, reason.TLSEOF, "", "-msg"},
		{"the name, by an alert", named, 40, 0, reason.TLSAlertHandshakeFailure, "; a ClientHello without a server name got a ServerHello", "-servername"},
		{"the name, by illegal_parameter, as JSSE", named, 47, 0, reason.TLSAlertOther, "alert illegal_parameter (47); a ClientHello without a server name got a ServerHello", "-servername"},
		{"the name, by hanging up", named, 0, 0, reason.TLSEOF, "; a ClientHello without a server name got a ServerHello", "-servername"},
		{"all of them", func(int, *tls.ClientHelloInfo) bool { return true }, 40, 0, reason.TLSAlertHandshakeFailure, "40", "-msg"},
		{"every second one", func(n int, _ *tls.ClientHelloInfo) bool { return n%2 == 1 }, 40, 0, reason.TLSAlertHandshakeFailure, "40", "-msg"},
		{"one of three", func(n int, _ *tls.ClientHelloInfo) bool { return n%3 == 1 }, 40, 0, reason.TLSAlertHandshakeFailure, "40", "-msg"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var n atomic.Int32
			addr := serve(t, func(c net.Conn) {
				cfg := &tls.Config{Certificates: []tls.Certificate{served(p.leaf, p.intermediate)}, MaxVersion: tt.most}
				cfg.GetConfigForClient = func(h *tls.ClientHelloInfo) (*tls.Config, error) {
					if !tt.refuses(int(n.Add(1)), h) {
						return nil, nil
					}
					if tt.alert != 0 {
						_, _ = c.Write(record(21, 0x0303, 2, tt.alert))
					}
					_ = c.Close()
					return nil, errors.New("refused")
				}
				server := tls.Server(c, cfg)
				if server.Handshake() == nil {
					replying(okReply)(server)
				}
			})
			tg := at(goodHost, catalog.HTTPS, addr)
			tg.Diagnose = true
			o := New(onLoopback(p)).Probe(t.Context(), tg)
			want(t, o, tt.want.Outcome(), tt.want)
			if most := int32(30); n.Load() > most {
				t.Errorf("%d hellos, more than %d", n.Load(), most)
			}
			if a := o.Addresses[0]; !strings.Contains(a.Detail, tt.detail) || !strings.Contains(a.Reproduce, tt.command) {
				t.Errorf("%s\n%s\nwant %q and %q", a.Detail, a.Reproduce, tt.detail, tt.command)
			}
		})
	}
}

// TestDiagnose drops ClientHellos of more than 200 bytes, as some middleboxes do, or for a time or by
// turns, as slow servers and balancers do.
func TestDiagnose(t *testing.T) {
	never := func(int, bool) bool { return false }
	smallOnly := func(_ int, small bool) bool { return small }
	for _, tt := range []struct {
		name     string
		answers  func(n int, small bool) bool // whether the nth hello, from 1, is answered
		silent   bool                         // the others are not even hung up on
		diagnose bool
		want     reason.Reason
		dials    int32
	}{
		{"small hellos are answered", smallOnly, false, true, reason.TLSHelloIntolerant, 6},
		{"small hellos are answered, others meet silence", smallOnly, true, true, reason.TLSHelloIntolerant, 6},
		{"no hello is answered", never, false, true, reason.TLSEOF, 5},
		{"no hello is answered for silence", never, true, true, reason.TLSTimeout, 2},
		{"not asked", smallOnly, false, false, reason.TLSEOF, 1},
		{"the first hello alone meets silence", func(n int, _ bool) bool { return n > 1 }, true, true, reason.TLSTimeout, 4},
		{"every second hello", func(n int, _ bool) bool { return n%2 == 0 }, false, true, reason.TLSEOF, 9},
		{"two of five hellos", func(n int, _ bool) bool { return n == 2 || n == 3 }, false, true, reason.TLSEOF, 8},
		{"all but the first and the fourth, which is large", func(n int, small bool) bool { return small && n != 5 }, false, true, reason.TLSEOF, 8},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var n atomic.Int32
			server := serve(t, func(c net.Conn) {
				b := make([]byte, 4096)
				size, _ := c.Read(b)
				if tt.answers(int(n.Add(1)), size <= 200) {
					body := append([]byte{3, 3}, make([]byte, 32)...)
					body = append(body, 0, 0xc0, 0x2f, 0)
					_, _ = c.Write(record(22, 0x0303, append([]byte{2, 0, 0, byte(len(body))}, body...)...))
				} else if tt.silent {
					_, _ = io.Copy(io.Discard, c)
				}
			})
			tg := at(goodHost, catalog.HTTPS, server)
			tg.Diagnose = tt.diagnose
			cfg := onLoopback(newPKI())
			if tt.silent {
				cfg.Timeout = 200 * time.Millisecond
			}
			cfg.Clock = newFakeClock().clock() // small hellos are answered at once
			want(t, New(cfg).Probe(t.Context(), tg), reason.Fail, tt.want)
			if n.Load() != tt.dials {
				t.Errorf("%d hellos, want %d", n.Load(), tt.dials)
			}
		})
	}
}

// TestSlowServer answers small hellos late as well: it is not intolerant of anything.
func TestSlowServer(t *testing.T) {
	clock := newFakeClock()
	server := serve(t, func(c net.Conn) {
		b := make([]byte, 4096)
		if size, _ := c.Read(b); size > 200 {
			return
		}
		clock.advance(2 * time.Second)
		body := append([]byte{3, 3}, make([]byte, 32)...)
		body = append(body, 0, 0xc0, 0x2f, 0)
		_, _ = c.Write(record(22, 0x0303, append([]byte{2, 0, 0, byte(len(body))}, body...)...))
	})
	tg := at(goodHost, catalog.HTTPS, server)
	tg.Diagnose = true
	cfg := onLoopback(newPKI())
	cfg.Clock, cfg.Timeout = clock.clock(), 4*time.Second
	want(t, New(cfg).Probe(t.Context(), tg), reason.Fail, reason.TLSEOF)
}
