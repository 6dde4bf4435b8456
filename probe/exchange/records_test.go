package exchange

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/tls"
	"encoding/binary"
	"encoding/hex"
	"io"
	"strings"
	"testing"

	"prober/limit"
)

// A server may send records without content, new keys and, below TLS 1.3, ask for renegotiation, and other clients
// go along: that crypto/tls stops at some number is no fault of the server. With content between them there
// may be any number.
func TestRecordsBesideTheContent(t *testing.T) {
	const reply = ok200 + "Content-Length: 5\r\n\r\nhello"
	many := limit.MessagesBeside + 1
	for name, tt := range map[string]struct {
		send func(*sealer)
		want string
	}{
		"new keys":                     {func(s *sealer) { s.renew(many - 1); s.content(reply) }, ""},
		"too many new keys":            {func(s *sealer) { s.renew(many); s.content(reply) }, "more than 16 tickets"},
		"new keys between the content": {func(s *sealer) { s.slowly(reply, func() { s.renew(many - 2) }) }, ""},
		"nothing":                      {func(s *sealer) { s.empty(many - 1); s.content(reply) }, ""},
		"too much nothing":             {func(s *sealer) { s.empty(many); s.content(reply) }, "more than 16 records without content"},
		"nothing between the content":  {func(s *sealer) { s.slowly(reply, func() { s.empty(many - 2) }) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			secrets := &keyLog{}
			conn := serveTLS(t, &tls.Config{MinVersion: tls.VersionTLS13, SessionTicketsDisabled: true, KeyLogWriter: secrets}, func(c *tls.Conn, tcp *corked) {
				readRequest(c)
				tt.send(&sealer{to: tcp.TCPConn, secret: secrets.server})
				waitForEnd(c)
			})
			if conn.ConnectionState().CipherSuite != tls.TLS_AES_128_GCM_SHA256 {
				t.Skip("this processor has no AES, and another suite is preferred")
			}
			r := Do(t.Context(), conn, newRequest(t, ""), Options{})
			if tt.want == "" {
				wantReasons(t, r.Findings)
				return
			}
			wantReasons(t, r.Findings, "prober/limit")
			if len(r.Findings) > 0 && !strings.Contains(r.Findings[0].Detail, tt.want) {
				t.Errorf("detail %q, want %q", r.Findings[0].Detail, tt.want)
			}
		})
	}
}

// keyLog keeps the secret of what a server sends after the handshake.
type keyLog struct{ server []byte }

func (k *keyLog) Write(line []byte) (int, error) {
	if f := strings.Fields(string(line)); f[0] == "SERVER_TRAFFIC_SECRET_0" {
		k.server, _ = hex.DecodeString(f[2])
	}
	return len(line), nil
}

// sealer makes records of TLS 1.3 that crypto/tls would not send.
type sealer struct {
	to     io.Writer
	secret []byte
	number uint64
}

// derive is HKDF-Expand-Label of RFC 8446, section 7.1.
func (s *sealer) derive(label string, length int) []byte {
	label = "tls13 " + label
	info := append([]byte{0, byte(length), byte(len(label))}, label+"\x00"...)
	out, _ := hkdf.Expand(sha256.New, s.secret, string(info), length)
	return out
}

func (s *sealer) record(content string, kind byte) []byte {
	block, _ := aes.NewCipher(s.derive("key", 16))
	aead, _ := cipher.NewGCM(block)
	nonce := s.derive("iv", 12)
	for i, b := range binary.BigEndian.AppendUint64(nil, s.number) {
		nonce[4+i] ^= b
	}
	s.number++
	head := binary.BigEndian.AppendUint16([]byte{23, 3, 3}, uint16(len(content)+1+aead.Overhead())) //nolint:gosec // of a few bytes
	return aead.Seal(head, nonce, append([]byte(content), kind), head)
}

func (s *sealer) content(text string) { _, _ = s.to.Write(s.record(text, 23)) }

func (s *sealer) empty(n int) {
	for range n {
		s.content("")
	}
}

// renew sends new keys, which ask for none in return.
func (s *sealer) renew(n int) {
	for range n {
		_, _ = s.to.Write(s.record("\x18\x00\x00\x01\x00", 22))
		s.secret, s.number = s.derive("traffic upd", 32), 0
	}
}

// slowly sends a text byte by byte.
func (s *sealer) slowly(text string, between func()) {
	for _, b := range []byte(text) {
		between()
		s.content(string(b))
	}
}
