package probe

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/cryptobyte"

	"prober/catalog"
	"prober/probe/reason"
)

// TestRetryThatNobodyTakes meets servers whose HelloRetryRequest is none that a client may take. They
// answer a wider offer by it as well, which shows of no client that it gets further.
func TestRetryThatNobodyTakes(t *testing.T) {
	t.Parallel()
	const x25519, p384, p521, x448 = 29, 24, 25, 30
	for name, groups := range map[string][]uint16{
		"two of them":                          {p384, p521},
		"for the group that it has":            {x25519},
		"for a group that was not offered":     {x448},
		"that asks for nothing else than this": {0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			addr := serve(t, func(c net.Conn) {
				session := sessionOf(c)
				for _, group := range groups {
					_, _ = c.Write(retry(session, group))
				}
				_, _ = io.Copy(io.Discard, c)
			})
			tg := at(goodHost, catalog.HTTPS, addr)
			tg.Diagnose = true
			want(t, New(onLoopback(newPKI())).Probe(t.Context(), tg), reason.Fail, reason.TLSMalformed)
		})
	}
}

// TestBrokenTLS13 meets servers that answer offers of TLS 1.3 by what no client may take, and speak TLS 1.2 well.
func TestBrokenTLS13(t *testing.T) {
	t.Parallel()
	p := newPKI()
	version := func(n byte) []byte { return []byte{0, 43, 0, 2, 3, n} }
	share := append([]byte{0, 51, 0, 36, 0, 29, 0, 32}, bytes.Repeat([]byte{9}, 32)...)
	for name, tt := range map[string]struct {
		suite      uint16
		compressed byte
		extensions []byte
		detail     string
	}{
		"a version to come":                   {0x1301, 0, append(version(5), share...), "unsupported protocol version 305"},
		"a suite that was not offered":        {0x1304, 0, append(version(4), share...), "chose an unconfigured cipher suite"},
		"a session of TLS 1.3 in TLS 1.2":     {0xc02b, 0, nil, "echoed TLS 1.3 compatibility session ID"},
		"compression":                         {0x1301, 1, append(version(4), share...), "compression method"},
		"no key share":                        {0x1301, 0, version(4), "did not send a key share"},
		"a share that is none":                {0x1301, 0, append(version(4), append([]byte{0, 51, 0, 36, 0, 29, 0, 32}, make([]byte, 32)...)...), "invalid server key share"},
		"an extension that belongs elsewhere": {0x1301, 0, append(append(version(4), share...), 0, 16, 0, 5, 0, 3, 2, 'h', '2'), "forbidden in TLS 1.3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			addr := serve(t, func(c net.Conn) {
				var sent bytes.Buffer
				seen := replayed{io.TeeReader(c, &sent), c}
				cfg := &tls.Config{Certificates: []tls.Certificate{served(p.leaf, p.intermediate)}, MaxVersion: tls.VersionTLS12}
				cfg.GetConfigForClient = func(h *tls.ClientHelloInfo) (*tls.Config, error) {
					if !slices.Contains(h.SupportedVersions, tls.VersionTLS13) {
						return nil, nil
					}
					_, _ = c.Write(serverHello13(sessionOf(replayed{&sent, c}), tt.suite, tt.compressed, tt.extensions))
					_, _ = io.Copy(io.Discard, c)
					return nil, io.EOF
				}
				_ = tls.Server(seen, cfg).Handshake()
			})
			tg := at(goodHost, catalog.HTTPS, addr)
			tg.Diagnose = true
			o := New(onLoopback(p)).Probe(t.Context(), tg)
			want(t, o, reason.Fail, reason.TLSMalformed)
			if !strings.Contains(o.Detail, tt.detail) {
				t.Errorf("detail %q, want %q", o.Detail, tt.detail)
			}
		})
	}
}

// serverHello13 is a ServerHello (RFC 8446, section 4.1.3).
func serverHello13(session []byte, suite uint16, compression byte, extensions []byte) []byte {
	body := append([]byte{3, 3}, bytes.Repeat([]byte{7}, 32)...)
	body = append(append(body, byte(len(session))), session...)
	body = append(body, byte(suite>>8), byte(suite), compression, 0, byte(len(extensions)))
	body = append(body, extensions...)
	return record(22, 0x0303, append([]byte{2, 0, 0, byte(len(body))}, body...)...)
}

// sessionOf reads a ClientHello and returns its session ID, which the answer repeats.
func sessionOf(c net.Conn) []byte {
	head := make([]byte, 5)
	if _, err := io.ReadFull(c, head); err != nil {
		return nil
	}
	body := make([]byte, int(head[3])<<8|int(head[4]))
	if _, err := io.ReadFull(c, body); err != nil {
		return nil
	}
	var id cryptobyte.String
	in := cryptobyte.String(body)
	if !in.Skip(4+2+32) || !in.ReadUint8LengthPrefixed(&id) {
		return nil
	}
	return id
}

// retry is a HelloRetryRequest (RFC 8446, section 4.1.4) that asks for a group, or for nothing at 0.
func retry(session []byte, group uint16) []byte {
	random := "\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c"
	var b cryptobyte.Builder
	b.AddBytes([]byte{22, 3, 3})
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
		b.AddUint8(2)
		b.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) {
			b.AddBytes([]byte{3, 3})
			b.AddBytes([]byte(random))
			b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(session) })
			b.AddBytes([]byte{0x13, 0x01, 0})
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
				b.AddBytes([]byte{0, 43, 0, 2, 3, 4})
				if group != 0 {
					b.AddBytes([]byte{0, 51, 0, 2})
					b.AddUint16(group)
				}
			})
		})
	})
	return b.BytesOrPanic()
}

// TestServerHelloAndAnEnd meets a server that answers each offer of TLS 1.3 by a ServerHello and an alert: it
// goes on with nobody.
func TestServerHelloAndAnEnd(t *testing.T) {
	t.Parallel()
	p := newPKI()
	addr := serve(t, func(c net.Conn) {
		_ = tls.Server(helloThenAlert{c}, &tls.Config{Certificates: []tls.Certificate{served(p.leaf, p.intermediate)}, MinVersion: tls.VersionTLS13}).Handshake()
	})
	tg := at(goodHost, catalog.HTTPS, addr)
	tg.Diagnose = true
	o := New(onLoopback(p)).Probe(t.Context(), tg)
	want(t, o, reason.Fail, reason.TLSMalformed)
	if !strings.Contains(o.Detail, "with a ServerHello, and behind it with the alert fatal handshake_failure (40)") {
		t.Errorf("detail %q", o.Detail)
	}
}

// helloThenAlert lets the first record of a write through, and an alert in place of the rest.
type helloThenAlert struct{ net.Conn }

func (c helloThenAlert) Write(b []byte) (int, error) {
	first := 5 + int(b[3])<<8 + int(b[4])
	return c.Conn.Write(append(bytes.Clone(b[:first]), record(21, 0x0303, 2, 40)...))
}
