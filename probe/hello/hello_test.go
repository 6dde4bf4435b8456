package hello_test

import (
	"bytes"
	"crypto/ecdh"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"prober/probe/hello"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestHelloGolden compares every hello, byte by byte, with the file that was reviewed.
func TestHelloGolden(t *testing.T) {
	for _, v := range hello.Versions() {
		var got strings.Builder
		for _, x := range hello.Variants() {
			b := hello.Hello(v, x, "kms.example.com", counting())
			fmt.Fprintf(&got, "%s, %d bytes\n%s", x, len(b), hex.Dump(b))
		}
		file := filepath.Join("testdata", "hello-"+v.String()+".txt")
		if *update {
			if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got.String() != string(want) {
			t.Errorf("hellos of %s differ from %s; look at the difference and run with -update", v, file)
		}
	}
}

// counting is a random source that is none: 0, 1, 2 and so on.
func counting() io.Reader {
	b := make([]byte, 256)
	for i := range b {
		b[i] = byte(i)
	}
	return bytes.NewReader(b)
}

// TestHelloReadsBack reads every hello with the test's own reader.
func TestHelloReadsBack(t *testing.T) {
	for _, v := range hello.Versions() {
		for _, x := range hello.Variants() {
			p, err := parseHello(hello.Hello(v, x, "kms.example.com", nil))
			if err != nil {
				t.Fatalf("%s %s: %v", v, x, err)
			}
			if p.version != v {
				t.Errorf("%s %s asks about %s", v, x, p.version)
			}
			if !slices.Equal(p.suites, hello.Offered(v, x)) {
				t.Errorf("%s %s offers other suites than Offered lists", v, x)
			}
			if sorted := slices.Sorted(slices.Values(p.suites)); len(slices.Compact(sorted)) != len(p.suites) {
				t.Errorf("%s %s offers a suite twice", v, x)
			}
			for _, id := range p.suites {
				if id != 0x00ff && strings.HasPrefix(hello.SuiteName(id), "0x") {
					t.Errorf("%s %s offers %04x, which has no name", v, x, id)
				}
			}
		}
	}
}

// TestLengths checks that no hello has a length that load balancers hang on, whatever the
// length of the name (RFC 7685; F5 article K53322151).
func TestLengths(t *testing.T) {
	for n := range 254 {
		name := strings.Repeat("a", n)
		for _, v := range hello.Versions()[1:] {
			for _, x := range hello.Variants() {
				b := hello.Hello(v, x, name, nil)
				p, err := parseHello(b)
				if err != nil {
					t.Fatalf("%s %s with a name of %d bytes: %v", v, x, n, err)
				}
				if x == hello.Small {
					if n <= 64 && len(b) >= 200 {
						t.Errorf("small hello of %s with a name of %d bytes has %d", v, n, len(b))
					}
					continue
				}
				bad := p.message >= 256 && p.message < 512
				for _, counted := range []int{p.message - 4, p.message, len(b)} {
					bad = bad || counted%256 == 10 || counted%256 == 14
				}
				if bad {
					t.Errorf("%s %s with a name of %d bytes: message of %d bytes", v, x, n, p.message)
				}
				if len(b) > 1200 {
					t.Errorf("%s %s with a name of %d bytes: %d bytes may not fit one segment", v, x, n, len(b))
				}
			}
		}
	}
}

// TestServerName checks which names go into a hello, and in what form.
func TestServerName(t *testing.T) {
	for name, want := range map[string]string{
		"kms.example.com": "kms.example.com", "kms.example.com.": "kms.example.com", "": "", ".": "",
		"192.0.2.1": "", "[2001:db8::1]": "", "2001:db8::1": "", "fe80::1%eth0": "", "::ffff:192.0.2.1": "",
		"münchen.example": "", "xn--mnchen-3ya.example": "xn--mnchen-3ya.example", "a b": "", "a\r\nb": "", strings.Repeat("a", 256): "",
	} {
		p, err := parseHello(hello.Hello(hello.TLS12, hello.Main, name, nil))
		if err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		if p.sni != want {
			t.Errorf("%q goes out as %q, want %q", name, p.sni, want)
		}
	}
}

// TestKeyShares checks that the key shares are public keys a server can work with.
func TestKeyShares(t *testing.T) {
	p, err := parseHello(hello.Hello(hello.TLS13, hello.KeyShare, "", rand.New(rand.NewSource(1))))
	if err != nil {
		t.Fatal(err)
	}
	share := p.data[51][2:]
	if x, err := ecdh.X25519().NewPublicKey(share[4:36]); err != nil {
		t.Errorf("X25519 share: %v", err)
	} else if key, err := ecdh.X25519().GenerateKey(rand.New(rand.NewSource(2))); err != nil {
		t.Error(err)
	} else if _, err := key.ECDH(x); err != nil {
		t.Errorf("X25519 share: %v", err)
	}
	if _, err := ecdh.P256().NewPublicKey(share[40:]); err != nil {
		t.Errorf("P-256 share: %v", err)
	}
}

// TestRandomThatFails checks that a hello is whole when randomness runs out.
func TestRandomThatFails(t *testing.T) {
	for _, v := range hello.Versions() {
		short := hello.Hello(v, hello.KeyShare, "a", strings.NewReader("0123456789"))
		if _, err := parseHello(short); err != nil {
			t.Errorf("%s: %v", v, err)
		}
		if !bytes.Contains(short, []byte("0123456789\x00\x00")) {
			t.Errorf("%s: % x lacks what randomness there was", v, short)
		}
	}
}

// TestRandomIsUsed checks that two hellos differ.
func TestRandomIsUsed(t *testing.T) {
	random := rand.New(rand.NewSource(3))
	for _, v := range hello.Versions() {
		if bytes.Equal(hello.Hello(v, hello.Main, "a", random), hello.Hello(v, hello.Main, "a", random)) {
			t.Errorf("two hellos of %s are the same", v)
		}
	}
}

// TestOfferedCoversTheKeyExchanges checks that each old kind of suite is offered where it
// can be chosen, so that a server with nothing else is not taken for one that refuses.
func TestOfferedCoversTheKeyExchanges(t *testing.T) {
	kinds := map[uint16]string{
		0x0001: "NULL", 0x0018: "anonymous", 0x000a: "3DES", 0x0005: "RC4", 0x0041: "Camellia", 0x0096: "SEED",
		0x0039: "DHE", 0x0038: "DSS", 0xc00a: "ECDSA", 0x0035: "RSA", 0x0003: "export", 0xc005: "static ECDH", 0x008c: "PSK", 0xc01d: "SRP",
	}
	modern := map[uint16]string{0xc0a1: "CCM", 0xc0ad: "ECDSA CCM", 0xc060: "ARIA", 0xc08a: "Camellia GCM", 0xcca8: "ChaCha20", 0x00a6: "anonymous GCM", 0x00a8: "PSK GCM"}
	offered := func(v hello.Version) []uint16 {
		return slices.Concat(hello.Offered(v, hello.Main), hello.Offered(v, hello.Short), hello.Offered(v, hello.Rare))
	}
	for _, v := range []hello.Version{hello.SSLv3, hello.TLS10, hello.TLS11, hello.TLS12} {
		for id, kind := range kinds {
			if !slices.Contains(offered(v), id) {
				t.Errorf("%s: no hello offers %s (%04x)", v, kind, id)
			}
		}
	}
	for id, kind := range modern {
		if !slices.Contains(offered(hello.TLS12), id) {
			t.Errorf("TLS1.2: no hello offers %s (%04x)", kind, id)
		}
	}
}
