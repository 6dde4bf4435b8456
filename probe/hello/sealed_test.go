package hello_test

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"testing"

	"prober/probe/certs/certstest"
	"prober/probe/hello"
)

// TestSealed reads the certificates of servers of TLS 1.3, of each kind of key.
func TestSealed(t *testing.T) {
	p := certstest.NewPKI()
	withRSA := certstest.NewWithKey(certstest.RSAKey(2048), certstest.Host, p.Intermediate, certstest.ForHosts(certstest.Host))
	pair := func(leaf *certstest.Entity) tls.Certificate {
		return tls.Certificate{Certificate: [][]byte{leaf.Cert.Raw, p.Intermediate.Cert.Raw}, PrivateKey: leaf.Key}
	}
	both := []tls.Certificate{pair(p.Leaf), pair(withRSA)}
	for _, tt := range []struct {
		name   string
		server *tls.Config
		kind   hello.KeyKind
		want   *certstest.Entity
	}{
		{"any key", &tls.Config{Certificates: both[:1]}, hello.AnyKey, p.Leaf},
		{"a key of RSA, alone", &tls.Config{Certificates: both[1:]}, hello.AnyKey, withRSA},
		{"P-256", &tls.Config{Certificates: both, CurvePreferences: []tls.CurveID{tls.CurveP256}}, hello.ECDSAKey, p.Leaf},
		{"the one of two", &tls.Config{Certificates: both}, hello.ECDSAKey, p.Leaf},
		{"the other of two", &tls.Config{Certificates: both}, hello.RSAKey, withRSA},
		{"the other of one", &tls.Config{Certificates: both[:1]}, hello.RSAKey, nil},
		{"another group", &tls.Config{Certificates: both, CurvePreferences: []tls.CurveID{tls.CurveP384}}, hello.AnyKey, nil},
		{"no TLS 1.3", &tls.Config{Certificates: both, MaxVersion: tls.VersionTLS12}, hello.AnyKey, nil},
		{"a client's certificate asked for", &tls.Config{Certificates: both[:1], ClientAuth: tls.RequireAnyClientCert}, hello.AnyKey, p.Leaf},
	} {
		t.Run(tt.name, func(t *testing.T) {
			addr := listen(t, func(c net.Conn) { _ = tls.Server(c, tt.server).Handshake() })
			chain, _ := (&hello.Scanner{}).Sealed(t.Context(), addr, certstest.Host, tt.kind)
			if tt.want == nil {
				if chain != nil {
					t.Fatalf("%d certificates", len(chain))
				}
				return
			}
			if len(chain) != 2 || !bytes.Equal(chain[0], tt.want.Cert.Raw) || !bytes.Equal(chain[1], p.Intermediate.Cert.Raw) {
				t.Errorf("%d certificates, not those of %s", len(chain), tt.want.Cert.PublicKeyAlgorithm)
			}
		})
	}
}

// TestSealedRubbish gets no certificates from servers that send something else.
func TestSealedRubbish(t *testing.T) {
	chosen := choose(hello.TLS13).send().data
	for name, data := range map[string][]byte{
		"nothing": nil, "an alert": alert(2, 40), "text": []byte("HTTP/1.1 400 Bad Request\r\n\r\n"), "a ServerHello without a share": chosen,
		"a ServerHello and rubbish": append(bytes.Clone(chosen), append([]byte{23, 3, 3, 0, 40}, make([]byte, 40)...)...),
	} {
		addr := listen(t, func(c net.Conn) {
			_, _ = c.Read(make([]byte, 4096))
			_, _ = c.Write(data)
		})
		if chain, end := (&hello.Scanner{}).Sealed(t.Context(), addr, certstest.Host, hello.AnyKey); chain != nil || end != (hello.Alert{}) {
			t.Errorf("%s: %d certificates, alert %s", name, len(chain), end)
		}
	}
}

// TestSealedEnd meets servers that choose, and end the handshake with the next record: sealed, or in the clear.
func TestSealedEnd(t *testing.T) {
	leaf := certstest.NewPKI().Leaf
	pair := tls.Certificate{Certificate: [][]byte{leaf.Cert.Raw}, PrivateKey: leaf.Key}
	for name, tt := range map[string]struct {
		log  io.Writer
		wrap func(net.Conn) net.Conn
		want uint8
	}{
		"sealed":       {full{}, func(c net.Conn) net.Conn { return c }, 80},
		"in the clear": {nil, func(c net.Conn) net.Conn { return helloOnly{c} }, 40},
	} {
		t.Run(name, func(t *testing.T) {
			addr := listen(t, func(c net.Conn) {
				_ = tls.Server(tt.wrap(c), &tls.Config{Certificates: []tls.Certificate{pair}, KeyLogWriter: tt.log}).Handshake()
			})
			chain, end := (&hello.Scanner{}).Sealed(t.Context(), addr, certstest.Host, hello.AnyKey)
			if chain != nil || end != (hello.Alert{Level: 2, Description: tt.want}) {
				t.Errorf("%d certificates, alert %s", len(chain), end)
			}
		})
	}
}

// full takes nothing, so that a server with such a log of keys fails once it has made them.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

// helloOnly lets the first record of a write through, and an alert in place of the rest.
type helloOnly struct{ net.Conn }

func (c helloOnly) Write(b []byte) (int, error) {
	first := 5 + int(b[3])<<8 + int(b[4])
	return c.Conn.Write(append(bytes.Clone(b[:first]), alert(2, 40)...))
}
