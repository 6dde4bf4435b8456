package probe

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"prober/catalog"
	"prober/probe/exchange"
	"prober/probe/reason"
)

func TestHandshakeVersions(t *testing.T) {
	p := newPKI()
	prober := New(onLoopback(p))
	for _, tt := range []struct {
		version uint16
		name    string
		suites  []uint16
	}{
		{tls.VersionTLS10, "TLS1.0", []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA}},
		{tls.VersionTLS11, "TLS1.1", []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA}},
		{tls.VersionTLS12, "TLS1.2", []uint16{tls.TLS_ECDHE_ECDSA_WITH_RC4_128_SHA}},
		{tls.VersionTLS12, "TLS1.2", []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}},
		{tls.VersionTLS13, "TLS1.3", nil},
	} {
		addr := serveTLS(t, &tls.Config{
			Certificates: []tls.Certificate{served(p.leaf, p.intermediate)}, CipherSuites: tt.suites,
			MinVersion: tt.version, MaxVersion: tt.version, NextProtos: []string{"h2", "http/1.1"},
		}, replying(okReply))
		o := prober.Probe(t.Context(), at(goodHost, catalog.HTTPS, addr))
		if tt.version < tls.VersionTLS12 {
			want(t, o, reason.Degraded, reason.TLSVersionOld)
		} else {
			want(t, o, reason.OK, reason.None)
		}
		a := o.Addresses[0]
		if a.TLS.Version != tt.name || a.TLS.ALPN != "http/1.1" || !a.TLS.Verified {
			t.Errorf("%s: %+v", tt.name, a.TLS)
		}
		if tt.suites != nil && a.TLS.Cipher != tls.CipherSuiteName(tt.suites[0]) || a.TLS.Cipher == "" {
			t.Errorf("%s: cipher %q", tt.name, a.TLS.Cipher)
		}
		if len(a.TLS.Certificates) != 2 || a.TLS.Certificates[1].Position != 1 || a.TLS.Certificates[0].Subject != "CN="+goodHost {
			t.Errorf("%s: certificates %+v", tt.name, a.TLS.Certificates)
		}
		if a.HTTP == nil || a.HTTP.Status != 200 || a.HTTP.BodyBytes != 2 || a.Phases.Reached != reason.Body {
			t.Errorf("%s: %+v, reached %s", tt.name, a.HTTP, a.Phases.Reached)
		}
	}
}

// TestBadCertificateStopsTheRequest proves by the server that no byte of a request follows
// a certificate that is not good.
func TestBadCertificateStopsTheRequest(t *testing.T) {
	p := newPKI()
	past := newEntity(goodHost, p.intermediate, forHosts(goodHost), valid(now.Add(-9*day), now.Add(-day)))
	got := make(chan int, 1)
	addr := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{served(past, p.intermediate)}}, func(c net.Conn) {
		n, _ := c.Read(make([]byte, 1))
		got <- n
	})
	o := New(onLoopback(p)).Probe(t.Context(), at(goodHost, catalog.HTTPS, addr))
	want(t, o, reason.Fail, reason.TLSCertExpired)
	if n := <-got; n != 0 {
		t.Error("the request was sent all the same")
	}
	a := o.Addresses[0]
	if a.TLS.Verified || len(a.TLS.Certificates) != 2 || a.TLS.Version != "TLS1.3" || a.HTTP != nil || a.Phases.Reached != reason.TLS {
		t.Errorf("%+v, %+v, reached %s", a.TLS, a.HTTP, a.Phases.Reached)
	}
}

func TestWeakKeyIsAWarning(t *testing.T) {
	p := newPKI()
	weak := newEntityWithKey(rsaKey(1024), goodHost, p.intermediate, forHosts(goodHost))
	cert := served(weak, p.intermediate)
	reply := okReply + "surplus"
	addr := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{cert}, MaxVersion: tls.VersionTLS12}, func(c net.Conn) { replying(reply)(c) })
	o := New(onLoopback(p)).Probe(t.Context(), at(goodHost, catalog.HTTPS, addr))
	want(t, o, reason.Degraded, reason.TLSWeakKey)
	if !strings.Contains(o.Detail, "also verify/surplus_bytes") {
		t.Errorf("detail %q does not name the second defect", o.Detail)
	}
	if a := o.Addresses[0]; a.HTTP == nil || !a.TLS.Verified {
		t.Error("the request was not made")
	}
}

// TestRefusedKey meets a key that crypto/tls refuses to verify with: nothing works then,
// and that is a failure although a weak key by itself is none.
func TestRefusedKey(t *testing.T) {
	h := &handshake{err: fmt.Errorf("tls: invalid signature by the server certificate: crypto/rsa: 512-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)")}
	if f := handshakeFinding(t.Context(), h); f.Reason != reason.TLSWeakKey || f.Detail != "the server's certificate has the key RSA-512, too small a one for a handshake" {
		t.Errorf("%v, want %s", f, reason.TLSWeakKey)
	}
}

func TestClientCertificateDemanded(t *testing.T) {
	p := newPKI()
	prober := New(onLoopback(p))
	for _, version := range []uint16{tls.VersionTLS10, tls.VersionTLS12, tls.VersionTLS13} {
		addr := serveTLS(t, &tls.Config{
			Certificates: []tls.Certificate{served(p.leaf, p.intermediate)}, ClientAuth: tls.RequireAnyClientCert,
			MinVersion: version, MaxVersion: version,
		}, nil)
		o := prober.Probe(t.Context(), at(goodHost, catalog.HTTPS, addr))
		want(t, o, reason.Fail, reason.TLSClientCertRequired)
		if n := len(o.Addresses[0].TLS.Certificates); n != 2 {
			t.Errorf("%s: %d certificates, want 2", versionName(version), n)
		}
	}
	addr := serveTLS(t, &tls.Config{
		Certificates: []tls.Certificate{served(p.leaf, p.intermediate)}, ClientAuth: tls.RequestClientCert,
	}, replying(okReply))
	want(t, prober.Probe(t.Context(), at(goodHost, catalog.HTTPS, addr)), reason.OK, reason.None)
}

// TestFactsOfBrokenHandshake has the server break off when the certificates are out.
func TestFactsOfBrokenHandshake(t *testing.T) {
	p := newPKI()
	addr := serve(t, func(c net.Conn) {
		server := tls.Server(&cutAfter{Conn: c, writes: 1}, &tls.Config{
			Certificates: []tls.Certificate{served(p.leaf, p.intermediate)}, MaxVersion: tls.VersionTLS12,
		})
		_ = server.Handshake()
	})
	o := New(onLoopback(p)).Probe(t.Context(), at(goodHost, catalog.HTTPS, addr))
	want(t, o, reason.Fail, reason.TLSEOF)
	if f := o.Addresses[0].TLS; len(f.Certificates) != 2 || f.Version != "TLS1.2" || f.Verified {
		t.Errorf("facts %+v", f)
	}
}

// cutAfter ends the connection after some writes.
type cutAfter struct {
	net.Conn
	writes int
}

func (c *cutAfter) Write(b []byte) (int, error) {
	if c.writes == 0 {
		if tcp, ok := c.Conn.(*net.TCPConn); ok {
			_ = tcp.CloseWrite()
		}
		return 0, net.ErrClosed
	}
	c.writes--
	return c.Conn.Write(b)
}

// record is a TLS record.
func record(kind byte, version uint16, payload ...byte) []byte {
	return append([]byte{kind, byte(version >> 8), byte(version), byte(len(payload) >> 8), byte(len(payload))}, payload...)
}

// readHello reads the ClientHello, so that closing does not become a reset.
func readHello(c net.Conn) { _, _ = c.Read(make([]byte, 4096)) }

func TestHandshakeFindings(t *testing.T) {
	answer := func(b []byte) func(net.Conn) {
		return func(c net.Conn) {
			readHello(c)
			_, _ = c.Write(b)
		}
	}
	alert := func(n byte) func(net.Conn) { return answer(record(21, 0x0303, 2, n)) }
	serverHello := func(version uint16) []byte {
		body := append([]byte{byte(version >> 8), byte(version)}, make([]byte, 32)...)
		body = append(body, 0, 0xc0, 0x2b, 0)
		return record(22, version, append([]byte{2, 0, 0, byte(len(body))}, body...)...)
	}
	ssl2 := append([]byte{0x80, 0x0b, 4, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0}, make([]byte, 8)...)
	for _, tt := range []struct {
		name   string
		handle func(net.Conn)
		want   reason.Reason
		detail string
	}{
		{"handshake_failure", alert(40), reason.TLSAlertHandshakeFailure, "40"},
		{"bad_certificate", alert(42), reason.TLSAlertOther, "42"},
		{"access_denied", alert(49), reason.TLSAlertAccessDenied, "49"},
		{"protocol_version", alert(70), reason.TLSVersion, "70"},
		{"internal_error", alert(80), reason.TLSAlertInternalError, "80"},
		{"inappropriate_fallback", alert(86), reason.TLSAlertInappropriateFallback, "86"},
		{"missing_extension", alert(109), reason.TLSAlertOther, "109"},
		{"unrecognized_name", alert(112), reason.TLSAlertUnrecognizedName, "112"},
		{"certificate_required", alert(116), reason.TLSClientCertRequired, "116"},
		{"no_application_protocol", alert(120), reason.TLSAlertNoApplicationProtocol, "120"},
		{"an alert that nobody knows", alert(222), reason.TLSAlertOther, "222"},
		{"alert of SSLv3", answer(record(21, 0x0300, 2, 40)), reason.TLSAlertHandshakeFailure, "40"},
		{"a warning and an alert in one record", answer(record(21, 0x0303, 1, 90, 2, 40)), reason.TLSAlertHandshakeFailure, "40"},
		{"an alert in two records", answer(append(record(21, 0x0303, 2), record(21, 0x0303, 80)...)), reason.TLSAlertInternalError, "80"},
		{"a HelloRequest in the middle", answer(record(22, 0x0303, 0, 0, 0, 0)), reason.ProberTLSUnsupported, "a HelloRequest in the middle of the handshake"},
		{"an alert of no level", answer(record(21, 0x0303, 7, 40)), reason.TLSMalformed, "a record or a message came where it has no place (unexpected_message), after it sent 15 03 03 00 02 07 28"},
		{"a ServerHello, and an end", answer(serverHello(0x0303)), reason.TLSEOF, "without an alert that says why, after it sent 16 03 03"},
		{"a ServerHello, and close_notify", answer(append(serverHello(0x0303), record(21, 0x0303, 1, 0)...)), reason.TLSEOF, "with the alert close_notify (0), after it sent 16 03 03"},
		{"a ServerHello, and a page of a proxy", answer(append(serverHello(0x0303), "HTTP/1.1 502 Bad Gateway\r\n\r\n"...)), reason.TLSMalformed, `plain text came where a record of TLS is expected, beginning "HTTP/"`},
		{"a ServerHello, and a record of TLS 1.0", answer(append(serverHello(0x0303), record(22, 0x0301, 11, 0, 0, 0)...)), reason.TLSMalformed, "a record of version 0x0301 came where one of version 0x0303 is expected"},
		{"a message of no kind", answer(record(22, 0x0303, 99, 0, 0, 1, 7)), reason.TLSMalformed, "a record or a message came where it has no place"},
		{"a ServerHello that is cut", answer(record(22, 0x0303, 2, 0, 0, 2, 3, 3)), reason.TLSMalformed, "a message came that breaks the format of its kind (decode_error)"},
		{"flood of warnings", answer(bytes.Repeat(record(21, 0x0303, 1, 112), 100)), reason.TLSMalformed, "ignored"},

		{"end", readHello, reason.TLSEOF, "before it sent a byte"},
		{"end inside a record", answer([]byte{22, 3, 3, 1, 0, 2}), reason.TLSEOF, "after it sent 16 03 03 01 00 02"},
		{"reset", reset, reason.TLSReset, ""},
		{"plain HTTP", answer([]byte("HTTP/1.1 400 Bad Request\r\n\r\n")), reason.TLSPlaintext, `"HTTP/1.1 400 Bad Request"`},
		{"banner of SSH", answer([]byte("SSH-2.0-OpenSSH_9.2p1\r\n")), reason.TLSPlaintext, "SSH-2.0"},
		{"HTTP/2 in the clear", answer([]byte("\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64")), reason.TLSPlaintext, "without TLS, with an HTTP/2 SETTINGS frame"},
		{"HTTP/2 in the clear, which says goodbye at once", answer([]byte("\x00\x00\x08\x07\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01")), reason.TLSPlaintext, "an HTTP/2 GOAWAY frame"},
		{"MySQL", answer([]byte("\x4a\x00\x00\x00\x0a8.0.36\x00\x08")), reason.TLSPlaintext, "a greeting of MySQL"},
		{"AMQP", answer([]byte("AMQP\x00\x00\x09\x01")), reason.TLSPlaintext, "an AMQP header"},
		{"frames of a length that SETTINGS cannot have", answer([]byte("\x00\x00\x07\x04\x00\x00\x00\x00\x00\x00\x03")), reason.TLSMalformed, "00 00 07 04"},
		{"garbage", answer([]byte{0xde, 0xad, 0xbe, 0xef, 0xfe, 0xed, 1, 2}), reason.TLSMalformed, "de ad be ef fe ed"},
		{"garbage that begins like SSLv2", answer([]byte{0xff, 0xff, 4, 0xff, 0xff, 0xff, 0xff, 1, 2}), reason.TLSMalformed, ""},
		{"garbage with a zero", answer([]byte{0xff, 0xff, 0, 0xff, 0xff, 0xff}), reason.TLSMalformed, ""},
		{"oversize record", answer(append([]byte{22, 3, 3, 0xff, 0xff}, make([]byte, 70000)...)), reason.TLSMalformed, ""},
		{"ServerHello of SSLv3", answer(serverHello(0x0300)), reason.TLSVersion, "below TLS 1.0"},
		{"ServerHello of a version to come", answer(serverHello(0x0305)), reason.TLSMalformed, ""},
		{"ServerHello of SSLv2", answer(ssl2), reason.TLSVersion, "below TLS 1.0"},
		{"error of SSLv2", answer([]byte{0x80, 3, 0, 0, 1}), reason.TLSVersion, "below TLS 1.0"},
		{"certificate of garbage", answer(append(serverHello(0x0303), record(22, 0x0303, 11, 0, 0, 8, 0, 0, 5, 0, 0, 2, 0x30, 0, 14, 0, 0, 0)...)), reason.TLSCertMalformed, "parse certificate"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := onLoopback(newPKI())
			addr := serve(t, tt.handle)
			o := New(cfg).Probe(t.Context(), at(goodHost, catalog.HTTPS, addr))
			want(t, o, tt.want.Outcome(), tt.want)
			a := o.Addresses[0]
			if !strings.Contains(a.Detail, tt.detail) {
				t.Errorf("detail %q lacks %q", a.Detail, tt.detail)
			}
			if a.Phases.Reached != reason.TLS || a.TLS == nil || a.TLS.Verified || a.HTTP != nil {
				t.Errorf("reached %s, TLS %+v, HTTP %+v", a.Phases.Reached, a.TLS, a.HTTP)
			}
		})
	}
}

// reset ends a connection with a RST.
func reset(c net.Conn) {
	readHello(c)
	_ = c.(*net.TCPConn).SetLinger(0)
}

// TestHandshakeTimeout reads from a connection whose time is up, without waiting for it.
func TestHandshakeTimeout(t *testing.T) {
	p := newPKI()
	for _, sent := range [][]byte{nil, {22, 3, 3}} {
		cfg := onLoopback(p)
		cfg.Dial = answeredBy(sent, os.ErrDeadlineExceeded)
		o := New(cfg).Probe(t.Context(), at(goodHost, catalog.HTTPS, loopback443))
		want(t, o, reason.Fail, reason.TLSTimeout)
		if sent != nil != strings.Contains(o.Detail, "16 03 03") {
			t.Errorf("detail %q", o.Detail)
		}
	}
}

// TestAskedForACertificateAndHungUp judges what cannot be staged without a race.
func TestAskedForACertificateAndHungUp(t *testing.T) {
	asked := new(atomic.Bool)
	asked.Store(true)
	for _, err := range []error{syscall.ECONNRESET, syscall.EPIPE} {
		h := &handshake{err: fmt.Errorf("write: %w", err), certAsked: asked}
		if f := handshakeFinding(t.Context(), h); f.Reason != reason.TLSClientCertRequired {
			t.Errorf("%v: %v", err, f)
		}
	}
	for alert, want := range map[uint8]reason.Reason{
		40: reason.TLSClientCertRequired, 41: reason.TLSClientCertRequired, 46: reason.TLSClientCertRequired, 50: reason.TLSClientCertRequired, 80: reason.TLSAlertInternalError,
	} {
		if f := alertFinding(alert, true); f.Reason != want {
			t.Errorf("alert %d: %v, want %s", alert, f, want)
		}
	}
	if f := handshakeFinding(t.Context(), &handshake{err: x509.InsecureAlgorithmError(x509.SHA1WithRSA)}); f.Reason != reason.TLSWeakKey {
		t.Errorf("insecure algorithm: %v", f)
	}
}

// TestWordsOfAlerts names alerts by the registry, with the numbers that openssl shows.
func TestWordsOfAlerts(t *testing.T) {
	for alert, want := range map[uint8]string{
		40: "alert handshake_failure (40)", 70: "alert protocol_version (70)", 71: "alert insufficient_security (71)",
		120: "alert no_application_protocol (120)", 255: "alert undefined_alert (255)",
	} {
		if f := alertFinding(alert, false); f.Detail != want || f.OK() {
			t.Errorf("alert %d: %v, want %q", alert, f, want)
		}
	}
	if f := alertFinding(46, true); !strings.Contains(f.Detail, "answered with alert certificate_unknown (46) without one") {
		t.Error(f)
	}
}

// TestExtensionOfQUIC: an extension that others pass over is no failure of the server's.
func TestExtensionOfQUIC(t *testing.T) {
	h := &handshake{err: errors.New("tls: server sent an unexpected quic_transport_parameters extension")}
	if f := handshakeFinding(t.Context(), h); f.Reason != reason.ProberTLSUnsupported {
		t.Error(f)
	}
}

// TestWordsOfErrors takes what only who knows Go understands out of what crypto/tls says.
func TestWordsOfErrors(t *testing.T) {
	for said, want := range map[string]string{
		"tls: received unexpected handshake message of type *tls.clientHelloMsg when waiting for *tls.serverHelloMsg": "received unexpected handshake message of type ClientHello when waiting for ServerHello",
		"tls: received unexpected handshake message of type *tls.certificateMsgTLS13":                                 "received unexpected handshake message of type Certificate",
		"tls: server's certificate contains an unsupported type of public key: *dsa.PublicKey":                        "server's certificate contains an unsupported type of public key: DSA",
		"tls: server's certificate contains an unsupported type of public key: <nil>":                                 "server's certificate contains an unsupported type of public key",
		"local error: tls: bad record MAC":                                             "a record came that does not decrypt (bad_record_mac)",
		"local error: tls: internal error":                                             "internal error",
		"remote error: tls: handshake failure":                                         "handshake failure",
		"tls: failed to parse certificate from server: x509: invalid ECDSA parameters": "failed to parse certificate from server: invalid ECDSA parameters",
	} {
		if got := trimTLS(errors.New(said)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestMissedCertificate: a server that asked for a certificate ends the connection after the
// handshake, and how much of its alert arrives is chance.
func TestMissedCertificate(t *testing.T) {
	none := &exchange.Reply{}
	nginx := &exchange.Reply{Status: 400, Body: []byte("<html>\r\n<head><title>400 No required SSL certificate was sent</title></head>")}
	other := &exchange.Reply{Status: 400, Body: []byte("<title>400 Bad Request</title>")}
	for _, tt := range []struct {
		met     reason.Reason
		reply   *exchange.Reply
		version string
		want    reason.Reason
	}{
		{reason.TLSAlertOther, none, "TLS1.3", reason.TLSAlertOther},        // that of a missing certificate has its reason
		{reason.RequestReset, none, "TLS1.3", reason.TLSClientCertRequired}, // the alert may be lost with it
		{reason.RequestReset, none, "TLS1.2", reason.RequestReset},          // in whose handshake the server took what it got
		{reason.RequestEOF, none, "TLS1.3", reason.RequestEOF},
		{reason.RequestEOF, none, "TLS1.2", reason.RequestEOF},
		{reason.RequestTimeout, none, "TLS1.2", reason.RequestTimeout},
		{reason.VerifyBadStatus, nginx, "TLS1.2", reason.TLSClientCertRequired},
		{reason.VerifyNotAPI, nginx, "TLS1.3", reason.TLSClientCertRequired},
		{reason.VerifyBadStatus, other, "TLS1.3", reason.VerifyBadStatus},
		{reason.HeadersReset, none, "TLS1.2", reason.HeadersReset},
		{reason.None, nginx, "TLS1.2", reason.None},
	} {
		if f := missedCertificate(tt.met.Found("as it was"), tt.reply, tt.version); f.Reason != tt.want {
			t.Errorf("%s with %s and %d becomes %v, want %s", tt.met, tt.version, tt.reply.Status, f, tt.want)
		}
	}
}

// TestClientHello looks at what is offered with the eyes of crypto/tls as a server.
func TestClientHello(t *testing.T) {
	for _, tt := range []struct {
		name        string
		postQuantum bool
		host        string
		serverName  string
	}{
		{"classical", false, goodHost, goodHost},
		{"post-quantum", true, goodHost, goodHost},
		{"host with a final dot", false, "good.test.", goodHost},
		{"IP address", false, "127.0.0.1", ""},
		{"IPv6 address", false, "2001:db8::1", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			client, server := net.Pipe()
			defer func() { _ = client.Close() }()
			hello := make(chan *tls.ClientHelloInfo, 1)
			counted := &counter{Conn: server}
			go func() {
				defer func() { _ = server.Close() }()
				_ = tls.Server(counted, &tls.Config{GetConfigForClient: func(info *tls.ClientHelloInfo) (*tls.Config, error) {
					hello <- info
					return nil, errors.New("seen enough")
				}}).Handshake()
			}()
			if h := shake(t.Context(), tlsTemplate(tt.postQuantum, time.Now), newTurns(), client, tt.host); h.err == nil {
				t.Fatal("a handshake with nobody")
			}
			got := <-hello
			if got.ServerName != tt.serverName {
				t.Errorf("server name %q, want %q", got.ServerName, tt.serverName)
			}
			for _, v := range []uint16{tls.VersionTLS10, tls.VersionTLS11, tls.VersionTLS12, tls.VersionTLS13} {
				if !slices.Contains(got.SupportedVersions, v) {
					t.Errorf("%s is not offered", versionName(v))
				}
			}
			for _, s := range []uint16{tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA, tls.TLS_RSA_WITH_RC4_128_SHA, tls.TLS_RSA_WITH_AES_128_CBC_SHA, tls.TLS_AES_128_GCM_SHA256} {
				if !slices.Contains(got.CipherSuites, s) {
					t.Errorf("%s is not offered", tls.CipherSuiteName(s))
				}
			}
			if slices.Contains(got.SupportedCurves, tls.X25519MLKEM768) != tt.postQuantum {
				t.Errorf("groups %v", got.SupportedCurves)
			}
			if !slices.Equal(got.SupportedProtos, []string{"http/1.1"}) {
				t.Errorf("ALPN %q", got.SupportedProtos)
			}
			if n := counted.n; n > 512 != tt.postQuantum {
				t.Errorf("the ClientHello has %d bytes", n)
			}
		})
	}
}

type counter struct {
	net.Conn
	n int
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.n += n
	return n, err
}
