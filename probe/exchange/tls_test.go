package exchange

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"
)

func itoa(n int) string { return strconv.Itoa(n) }

// newCertificate makes a self-signed certificate; what it says is of no concern here.
func newCertificate(t testing.TB) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// serveTLS answers one TLS connection and returns the client's end, the handshake done.
// answer gets the TCP connection too, to end it without a close_notify.
func serveTLS(t *testing.T, config *tls.Config, answer func(*tls.Conn, *corked)) *tls.Conn {
	t.Helper()
	config.Certificates = []tls.Certificate{newCertificate(t)}
	raw := serve(t, func(conn *net.TCPConn) {
		tcp := &corked{TCPConn: conn}
		server := tls.Server(tcp, config)
		if server.Handshake() == nil {
			answer(server, tcp)
		}
	})
	conn := tls.Client(raw, &tls.Config{InsecureSkipVerify: true})
	if err := conn.HandshakeContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	return conn
}

func TestTLSEndings(t *testing.T) {
	whole := ok200 + "Content-Length: 5\r\n\r\nhello"
	for _, c := range []struct {
		name   string
		answer func(*tls.Conn, *corked)
		want   string
	}{
		{"whole and left open", func(c *tls.Conn, _ *corked) { readRequest(c); send(c, whole); waitForEnd(c) }, ""},
		{"whole, close_notify", func(c *tls.Conn, _ *corked) { readRequest(c); send(c, whole); hangUp(c) }, ""},
		{"whole, FIN without close_notify", func(c *tls.Conn, tcp *corked) { readRequest(c); send(c, whole); hangUp(tcp) }, ""},
		{"whole, then half a record", func(c *tls.Conn, tcp *corked) { readRequest(c); send(c, whole); send(tcp, "\x17\x03\x03\x00\x50x") }, ""},
		{"close_notify instead of a reply", func(c *tls.Conn, _ *corked) { readRequest(c); hangUp(c) }, "request/eof"},
		{"FIN instead of a reply", func(c *tls.Conn, tcp *corked) { readRequest(c); hangUp(tcp) }, "request/eof"},
		{"reset instead of a reply", func(c *tls.Conn, tcp *corked) { readRequest(c); reset(tcp.TCPConn) }, "request/reset"},
		{"half a record instead of a reply", func(c *tls.Conn, tcp *corked) { readRequest(c); send(tcp, "\x17\x03\x03\x00\x50x") }, "request/eof"},
		{"plain text instead of a record", func(c *tls.Conn, tcp *corked) { readRequest(c); send(tcp, whole) }, "tls/malformed"},
		{"record that cannot be decrypted", func(c *tls.Conn, tcp *corked) {
			readRequest(c)
			send(tcp, "\x17\x03\x03\x00\x20"+strings.Repeat("x", 32))
		}, "tls/malformed"},
		{"close_notify in the body", func(c *tls.Conn, _ *corked) { readRequest(c); send(c, whole[:len(whole)-1]); hangUp(c) }, "body/truncated"},
		{"half a record in the body", func(c *tls.Conn, tcp *corked) {
			readRequest(c)
			send(c, whole[:len(whole)-1])
			send(tcp, "\x17\x03\x03\x00\x50x")
		}, "body/truncated"},
		{"until close_notify", func(c *tls.Conn, _ *corked) { readRequest(c); send(c, ok200+"\r\nhello"); hangUp(c) }, ""},
		{"until close, half a record", func(c *tls.Conn, tcp *corked) {
			readRequest(c)
			send(c, ok200+"\r\nhello")
			send(tcp, "\x17\x03\x03\x00\x50x")
		}, "body/truncated"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Do(t.Context(), serveTLS(t, &tls.Config{}, c.answer), newRequest(t, ""), Options{})
			wantReasons(t, r.Findings, strings.Fields(c.want)...)
		})
	}
}

// In TLS 1.3 the client is through with the handshake before the server has seen that
// there is no client certificate; the alert comes instead of a reply.
func TestClientCertificateDemanded(t *testing.T) {
	config := &tls.Config{MinVersion: tls.VersionTLS13, ClientAuth: tls.RequireAnyClientCert}
	conn := serveTLS(t, config, func(*tls.Conn, *corked) {})
	r := Do(t.Context(), conn, newRequest(t, ""), Options{})
	wantReasons(t, r.Findings, "tls/client_cert_required")
	if want := "alert 116 (certificate required)"; len(r.Findings) == 1 && !strings.HasPrefix(r.Findings[0].Detail, want) {
		t.Errorf("detail %q, want it to begin %q", r.Findings[0].Detail, want)
	}
}

func TestAlertsInPlaceOfAReply(t *testing.T) {
	alert := func(n uint8) error { return &net.OpError{Op: "remote error", Err: tls.AlertError(n)} }
	local := func(n uint8) error { return &net.OpError{Op: "local error", Err: tls.AlertError(n)} }
	for _, c := range []struct {
		err    error
		asked  bool // for a client certificate
		want   string
		detail string
	}{
		{err: alert(116), want: "tls/client_cert_required"},
		{err: alert(42), want: "tls/alert_other", detail: "alert 42 (bad certificate) after 0 bytes"},
		{err: alert(42), asked: true, want: "tls/client_cert_required"},
		{err: alert(40), asked: true, want: "tls/client_cert_required"},
		{err: alert(49), asked: true, want: "tls/alert_other"},
		{err: alert(80), asked: true, want: "tls/alert_other"}, // which says nothing of certificates
		{err: alert(80), want: "tls/alert_other"},
		{err: alert(200), want: "tls/alert_other", detail: "alert 200, which no document defines, after 0 bytes of the reply"},
		{err: &net.OpError{Op: "remote error", Err: errors.New("no alert")}, want: "prober/internal"},
		{err: local(20), want: "tls/malformed", detail: Sealed + " (bad_record_mac) after 0 bytes"},
		{err: local(22), want: "tls/malformed", detail: "more than the 16384 bytes that TLS allows (record_overflow)"},
		{err: local(47), want: "tls/malformed", detail: "illegal parameter"},
		{err: tls.RecordHeaderError{Msg: "received record with version 5454 when expecting version 303", RecordHeader: [5]byte([]byte("HTTP/"))}, want: "tls/malformed", detail: `plain text came where a record of TLS is expected, beginning "HTTP/"`},
		{err: tls.RecordHeaderError{Msg: "received record with version 301 when expecting version 303", RecordHeader: [5]byte{23, 3, 1, 0, 9}}, want: "tls/malformed", detail: "a record of version 0x0301 came where one of version 0x0303 is expected"},
		{err: tls.RecordHeaderError{Msg: "oversized record received with length 20055", RecordHeader: [5]byte{23, 3, 3, 78, 87}}, want: "tls/malformed", detail: "oversized record received with length 20055"},
	} {
		r := Do(t.Context(), &script{end: c.err}, newRequest(t, ""), Options{CertificateAsked: func() bool { return c.asked }})
		wantReasons(t, r.Findings, c.want)
		if !strings.Contains(r.Findings[0].Detail, c.detail) {
			t.Errorf("detail %q lacks %q", r.Findings[0].Detail, c.detail)
		}
	}
}

// renewed is a connection in which another handshake was begun.
type renewed struct{ *script }

func (renewed) Renegotiates() bool { return true }

// TestContentInTheMiddleOfARenegotiation: others read on, where crypto/tls gives up on what comes before the handshake ends.
func TestContentInTheMiddleOfARenegotiation(t *testing.T) {
	for _, err := range []error{
		&net.OpError{Op: "local error", Err: tls.AlertError(10)},
		errors.New("tls: received unexpected handshake message of type *tls.helloRequestMsg when waiting for *tls.serverHelloMsg"),
	} {
		r := Do(t.Context(), renewed{&script{end: err}}, newRequest(t, ""), Options{})
		wantReasons(t, r.Findings, "prober/limit")
	}
	r := Do(t.Context(), renewed{&script{end: &net.OpError{Op: "local error", Err: tls.AlertError(20)}}}, newRequest(t, ""), Options{})
	wantReasons(t, r.Findings, "tls/malformed")
}

// TestMessagesOfTLS: what crypto/tls says of messages out of turn, once a connection is used, names no type of Go's.
func TestMessagesOfTLS(t *testing.T) {
	for said, want := range map[string]string{
		"tls: received unexpected handshake message of type *tls.finishedMsg when waiting for *tls.helloRequestMsg": "received unexpected handshake message of type Finished when waiting for HelloRequest",
		"tls: received unexpected handshake message of type *tls.certificateRequestMsgTLS13":                        "received unexpected handshake message of type CertificateRequest",
	} {
		if got := TLSWords(errors.New(said)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// crypto/tls keeps records that it has read from the socket but not yet handed over; the
// surplus must be found there, and in the kernel.
func TestSurplusOverTLS(t *testing.T) {
	reply := ok200 + "Content-Length: 5\r\n\r\nhello"
	for _, c := range []struct {
		name   string
		answer func(*tls.Conn, *corked)
	}{
		{"same record", func(c *tls.Conn, _ *corked) { readRequest(c); send(c, reply+"surplus"); waitForEnd(c) }},
		{"next record, same segment", func(c *tls.Conn, tcp *corked) {
			readRequest(c)
			oneSegment(tcp, c, reply, "surplus")
			waitForEnd(c)
		}},
		{"next record and close_notify", func(c *tls.Conn, tcp *corked) {
			readRequest(c)
			oneSegment(tcp, c, reply, "surplus")
			hangUp(c)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for range 10 {
				r := Do(t.Context(), serveTLS(t, &tls.Config{DynamicRecordSizingDisabled: true}, c.answer), newRequest(t, ""), Options{})
				wantReasons(t, r.Findings, "verify/surplus_bytes")
				if string(r.Surplus) != "surplus" {
					t.Fatalf("surplus %q", r.Surplus)
				}
			}
		})
	}
}

// corked is a TCP connection that can hold back what is written to it.
type corked struct {
	*net.TCPConn
	holding bool
	held    bytes.Buffer
}

func (c *corked) Write(p []byte) (int, error) {
	if c.holding {
		return c.held.Write(p)
	}
	return c.TCPConn.Write(p)
}

// oneSegment writes each part as a TLS record of its own but all of them at once.
func oneSegment(tcp *corked, conn *tls.Conn, parts ...string) {
	tcp.holding = true
	for _, part := range parts {
		send(conn, part)
	}
	tcp.holding = false
	send(tcp, tcp.held.String())
}
