package hello_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"prober/probe/hello"
)

// FuzzClassify checks that any bytes are answered with one line of evidence, without a
// panic, the same way however they are cut into reads, that no acceptance comes from
// bytes without a ServerHello of the version, and that nothing is said of a beginning that the whole belies.
func FuzzClassify(f *testing.F) {
	for _, v := range hello.Versions()[1:] {
		f.Add(uint8(v), record(22, choose(v).message(), 0))
		f.Add(uint8(v), record(22, choose(v).message(), 9))
	}
	f.Add(uint8(hello.TLS13), record(22, retry(29).message(), 0))
	f.Add(uint8(hello.SSLv2), serverHelloSSLv2(0x010080, 0x0700c0))
	f.Add(uint8(hello.SSLv2), []byte{0x80, 3, 0, 0, 1})
	f.Add(uint8(hello.TLS12), append(alert(1, 112), alert(2, 40)...))
	f.Add(uint8(hello.TLS10), record(21, []byte{2, 70}, 1))
	f.Add(uint8(hello.TLS11), []byte("HTTP/1.1 400 Bad Request\r\n"))
	f.Fuzz(func(t *testing.T, n uint8, data []byte) {
		v := hello.Version(n % 6)
		offered := hello.Offered(v, hello.Main)
		a := hello.Classify(v, offered, bytes.NewReader(data))
		if a.Evidence == "" || strings.ContainsFunc(a.Evidence+a.Note, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Fatalf("evidence %q, note %q", a.Evidence, a.Note)
		}
		if a.Kind == hello.Chosen || a.Kind == hello.Retry {
			if a.Version != v.Wire() || !bytes.Contains(data, []byte{3}) && v != hello.SSLv2 {
				t.Fatalf("%s accepted as %04x", v, a.Version)
			}
		}
		if a.Kind == hello.Silence || a.Kind == hello.Reset || a.Kind == hello.NotReached {
			t.Fatalf("EOF was taken for %s", a.Kind)
		}
		if b := hello.Classify(v, offered, iotest.OneByteReader(bytes.NewReader(data))); b.Kind != a.Kind && a.Kind != hello.NotTLS {
			t.Fatalf("byte by byte %s (%s), at once %s (%s)", b.Kind, b.Evidence, a.Kind, a.Evidence)
		}
		beginning := data[:len(data)*3/4] // what it shows is so whatever comes behind it
		if hello.LacksRenegotiationInfo(beginning) && !hello.LacksRenegotiationInfo(data) {
			t.Fatal("the beginning alone lacks renegotiation_info")
		}
		if begun := hello.Forbidden(beginning); begun != "" && begun != hello.Forbidden(data) {
			t.Fatalf("the beginning has %s, the whole %q", begun, hello.Forbidden(data))
		}
	})
}

// FuzzHello checks that every hello reads back as what was asked for, whatever the name
// and the randomness.
func FuzzHello(f *testing.F) {
	f.Add(uint8(4), uint8(0), "kms.example.com", []byte("random"))
	f.Add(uint8(5), uint8(3), "192.0.2.1", []byte{})
	f.Add(uint8(0), uint8(4), strings.Repeat("x", 300), []byte{0xff})
	f.Fuzz(func(t *testing.T, n, m uint8, name string, random []byte) {
		v, x := hello.Version(n%6), hello.Variant(m%6)
		b := hello.Hello(v, x, name, io.MultiReader(bytes.NewReader(random), bytes.NewReader(make([]byte, 99))))
		p, err := parseHello(b)
		if err != nil {
			t.Fatalf("% x: %v", b, err)
		}
		if p.version != v || len(p.suites) > 128 || len(p.suites) != len(hello.Offered(v, x)) {
			t.Fatalf("asks about %s with %d suites", p.version, len(p.suites))
		}
		if p.sni != "" && (p.sni != strings.TrimSuffix(name, ".") || x == hello.NoSNI) {
			t.Fatalf("%q goes out as %q", name, p.sni)
		}
	})
}
