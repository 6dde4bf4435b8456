package clienthello_test

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"reflect"
	"strings"
	"testing"

	"prober/sandbox/clienthello"
)

// stdlibHello returns what crypto/tls says first.
func stdlibHello(t testing.TB, cfg *tls.Config) []byte {
	t.Helper()
	client, server := net.Pipe()
	go func() {
		_ = tls.Client(client, cfg).Handshake() // ends when the pipe is closed
		_ = client.Close()
	}()
	defer func() { _ = server.Close() }()
	buf := make([]byte, 64<<10)
	n, err := server.Read(buf)
	if err != nil {
		t.Fatal(err)
	}
	return buf[:n]
}

func TestReadsCryptoTLS(t *testing.T) {
	for _, test := range []struct {
		name      string
		low, high uint16
		offers    []clienthello.Version
	}{
		{"1.0 to 1.3", tls.VersionTLS10, tls.VersionTLS13, []clienthello.Version{clienthello.TLS10, clienthello.TLS11, clienthello.TLS12, clienthello.TLS13}},
		{"1.2 alone", tls.VersionTLS12, tls.VersionTLS12, []clienthello.Version{clienthello.TLS12}},
		{"1.3 alone", tls.VersionTLS13, tls.VersionTLS13, []clienthello.Version{clienthello.TLS13}},
		{"1.0 alone", tls.VersionTLS10, tls.VersionTLS10, []clienthello.Version{clienthello.TLS10}},
	} {
		t.Run(test.name, func(t *testing.T) {
			raw := stdlibHello(t, &tls.Config{
				ServerName: "ecs.aliyuncs.com", NextProtos: []string{"h2", "http/1.1"},
				MinVersion: test.low, MaxVersion: test.high,
			})
			h, took, err := clienthello.Read(bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(took, raw) {
				t.Errorf("took %d of %d bytes", len(took), len(raw))
			}
			if h.ServerName != "ecs.aliyuncs.com" || !reflect.DeepEqual(h.ALPN, []string{"h2", "http/1.1"}) ||
				h.V2Format || len(h.Suites) == 0 || h.Size != len(raw)-5 {
				t.Errorf("%+v", h)
			}
			for v := clienthello.SSLv3; v <= clienthello.TLS13; v++ {
				want := false
				for _, o := range test.offers {
					want = want || o == v
				}
				if h.Offers(v) != want {
					t.Errorf("offers %v: %v", v, h.Offers(v))
				}
			}
		})
	}
}

// old is a ClientHello of a version without extensions.
func old(v clienthello.Version) []byte {
	body := append([]byte{byte(v >> 8), byte(v)}, make([]byte, 32)...)
	body = append(body, 0, 0, 4, 0, 5, 0, 10, 1, 0)
	message := append([]byte{1, 0, 0, byte(len(body))}, body...)
	return append([]byte{22, 3, 0, 0, byte(len(message))}, message...)
}

// v2 is a hello in the form of SSLv2.
func v2(v clienthello.Version) []byte {
	body := []byte{1, byte(v >> 8), byte(v), 0, 6, 0, 0, 0, 16, 1, 0, 0x80, 0, 0, 5}
	body = append(body, []byte("0123456789abcdef")...)
	return append([]byte{0x80, byte(len(body))}, body...)
}

func TestReadsOldForms(t *testing.T) {
	for _, test := range []struct {
		name   string
		raw    []byte
		v2     bool
		legacy clienthello.Version
		suites []uint32
		offers []clienthello.Version
	}{
		{"SSLv3", old(clienthello.SSLv3), false, clienthello.SSLv3, []uint32{5, 10}, []clienthello.Version{clienthello.SSLv3}},
		{"TLS 1.0", old(clienthello.TLS10), false, clienthello.TLS10, []uint32{5, 10}, []clienthello.Version{clienthello.TLS10}},
		{"TLS 1.2", old(clienthello.TLS12), false, clienthello.TLS12, []uint32{5, 10}, []clienthello.Version{clienthello.TLS10, clienthello.TLS11, clienthello.TLS12}},
		{"SSLv2", v2(clienthello.SSLv2), true, clienthello.SSLv2, []uint32{0x010080, 5}, []clienthello.Version{clienthello.SSLv2}},
		{"TLS 1.0 in the form of SSLv2", v2(clienthello.TLS10), true, clienthello.TLS10, []uint32{0x010080, 5}, []clienthello.Version{clienthello.TLS10}},
	} {
		t.Run(test.name, func(t *testing.T) {
			h, took, err := clienthello.Read(io.MultiReader(bytes.NewReader(test.raw), strings.NewReader("more")))
			if err != nil || !bytes.Equal(took, test.raw) {
				t.Fatalf("took %x, %v", took, err)
			}
			if h.V2Format != test.v2 || h.Legacy != test.legacy || !reflect.DeepEqual(h.Suites, test.suites) {
				t.Errorf("%+v", h)
			}
			for v := clienthello.Version(0); v <= clienthello.TLS13; v++ {
				want := false
				for _, o := range test.offers {
					want = want || o == v
				}
				if h.Offers(v) != want {
					t.Errorf("offers %v: %v", v, h.Offers(v))
				}
			}
		})
	}
}

// TestSplit gives the message in records of one byte and in reads of one byte.
func TestSplit(t *testing.T) {
	whole := stdlibHello(t, &tls.Config{ServerName: "kms.aliyuncs.com"})
	want, _, err := clienthello.Read(bytes.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	var split []byte
	for _, b := range whole[5:] {
		split = append(split, 22, 3, 1, 0, 1, b)
	}
	for name, r := range map[string]io.Reader{
		"reads":   oneByOne{bytes.NewReader(whole)},
		"records": bytes.NewReader(split),
	} {
		got, _, err := clienthello.Read(r)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

type oneByOne struct{ r io.Reader }

func (o oneByOne) Read(p []byte) (int, error) { return o.r.Read(p[:min(1, len(p))]) }

func TestErrors(t *testing.T) {
	good := old(clienthello.TLS10)
	cut := func(n int) []byte { return good[:n] }
	changed := func(at int, b byte) []byte {
		out := bytes.Clone(good)
		out[at] = b
		return out
	}
	for _, test := range []struct {
		name string
		raw  []byte
		want error
	}{
		{"nothing", nil, io.EOF},
		{"cut in the record header", cut(3), io.ErrUnexpectedEOF},
		{"cut in the message", cut(20), io.ErrUnexpectedEOF},
		{"HTTP", []byte("GET / HTTP/1.1\r\n\r\n"), clienthello.ErrNotTLS},
		{"SSH", []byte("SSH-2.0-x\r\n"), clienthello.ErrNotTLS},
		{"empty record", changed(4, 0), nil},
		{"other handshake message", changed(5, 2), nil},
		{"odd suites", changed(5+4+2+32+2, 3), nil},
		{"SSLv2 lengths", append(v2(clienthello.SSLv2)[:8], make([]byte, 30)...), nil},
		{"tiny SSLv2", []byte{0x80, 3, 1, 0, 2}, nil},
		{"alert inside", append(append([]byte{}, 22, 3, 1, 0, 1, 1), 21, 3, 1, 0, 2, 1, 0), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			h, raw, err := clienthello.Read(bytes.NewReader(test.raw))
			if err == nil || test.want != nil && !errors.Is(err, test.want) {
				t.Errorf("%+v, %v; want %v", h, err, test.want)
			}
			if !bytes.HasPrefix(test.raw, raw) {
				t.Errorf("returned %x, which was not sent", raw)
			}
		})
	}
}

// TestEmptyRecords: records without content, which carry a hello no further, end it at once.
func TestEmptyRecords(t *testing.T) {
	empty := bytes.Repeat([]byte{22, 3, 1, 0, 0}, 1000)
	if _, raw, err := clienthello.Read(bytes.NewReader(empty)); err == nil || len(raw) > 5 {
		t.Errorf("read %d bytes, %v", len(raw), err)
	}
}

func TestVersionString(t *testing.T) {
	for v, want := range map[clienthello.Version]string{
		clienthello.SSLv2: "SSLv2", clienthello.SSLv3: "SSLv3", clienthello.TLS10: "TLS1.0",
		clienthello.TLS11: "TLS1.1", clienthello.TLS12: "TLS1.2", clienthello.TLS13: "TLS1.3", 0x7f1c: "0x7f1c",
	} {
		if v.String() != want {
			t.Errorf("%d: %s, want %s", v, v, want)
		}
	}
}

// FuzzRead: it never panics, takes no more than there is, and what it accepts reads the
// same from the bytes that it returned.
func FuzzRead(f *testing.F) {
	f.Add(old(clienthello.SSLv3))
	f.Add(v2(clienthello.SSLv2))
	f.Add(stdlibHello(f, &tls.Config{ServerName: "ecs.aliyuncs.com", NextProtos: []string{"http/1.1"}}))
	f.Fuzz(func(t *testing.T, in []byte) {
		h, raw, err := clienthello.Read(bytes.NewReader(in))
		if !bytes.HasPrefix(in, raw) {
			t.Fatalf("took %x of %x", raw, in)
		}
		if err != nil {
			return
		}
		again, _, err := clienthello.Read(bytes.NewReader(raw))
		if err != nil || !reflect.DeepEqual(h, again) {
			t.Errorf("%+v, then %+v, %v", h, again, err)
		}
	})
}
