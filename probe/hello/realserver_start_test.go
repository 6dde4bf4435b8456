package hello_test

import (
	"bufio"
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	mathrand "math/rand/v2"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// need skips the test where a program is missing, or fails it where all are required.
func need(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err == nil {
		return path
	}
	if path = filepath.Join("/usr/sbin", program); exec.Command(path, "-v").Run() == nil {
		return path
	}
	if os.Getenv("PROBER_REQUIRE_TOOLS") == "1" {
		t.Fatalf("needs %s in PATH", program)
	}
	t.Skipf("needs %s in PATH", program)
	return ""
}

// lab is what the servers share: the files of self-signed certificates and their keys, and the
// ports that were handed out.
type lab struct {
	dir                 string
	rsa, ecdsa, ed25519 keyPair
	ports               *sync.Map
}

type keyPair struct{ cert, key string }

func makeLab(t *testing.T) lab {
	t.Helper()
	k := lab{dir: t.TempDir(), ports: &sync.Map{}}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecdsaKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	k.rsa, k.ecdsa, k.ed25519 = k.write(t, "rsa", rsaKey), k.write(t, "ecdsa", ecdsaKey), k.write(t, "ed25519", edKey)
	return k
}

func (k lab) write(t *testing.T, name string, key crypto.Signer) keyPair {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: serverName}, DNSNames: []string{serverName},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	pair := keyPair{filepath.Join(k.dir, name+".pem"), filepath.Join(k.dir, name+"-key.pem")}
	writeFile(t, pair.cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	writeFile(t, pair.key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
	return pair
}

func writeFile(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// freePort returns a loopback port nobody listens on and no other server of the test was
// given, below the ports that outgoing connections take.
func (k lab) freePort(t *testing.T) netip.AddrPort {
	t.Helper()
	for range 200 {
		addr := netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), uint16(15000+mathrand.IntN(17000)))
		l, err := net.Listen("tcp", addr.String())
		if err != nil {
			continue
		}
		_ = l.Close()
		if _, taken := k.ports.LoadOrStore(addr, true); !taken {
			return addr
		}
	}
	t.Fatal("no free port")
	return netip.AddrPort{}
}

// run starts a server process that is killed when the test ends. Its standard input stays
// open and silent until then.
func run(t *testing.T, cmd *exec.Cmd) (stdout io.Reader, said func() string) {
	t.Helper()
	var log lockedBuffer
	cmd.Env = append(os.Environ(), "OPENSSL_CONF="+os.DevNull, "GNUTLS_SYSTEM_PRIORITY_FILE="+os.DevNull)
	cmd.Stderr = &log
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return out, log.String
}

// runOn starts a server process and returns a function that waits until it listens on
// every one of addrs, so that many can start together.
func runOn(t *testing.T, cmd *exec.Cmd, addrs ...netip.AddrPort) (wait func()) {
	t.Helper()
	out, said := run(t, cmd)
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return func() {
		t.Helper()
		awaitListening(t, cmd, said, addrs)
	}
}

func awaitListening(t *testing.T, cmd *exec.Cmd, said func() string, addrs []netip.AddrPort) {
	t.Helper()
	limit := time.After(20 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for _, addr := range addrs {
		for {
			c, err := net.Dial("tcp", addr.String())
			if err == nil {
				_ = c.Close()
				break
			}
			select {
			case <-tick.C:
			case <-limit:
				t.Fatalf("%s does not listen on %s: %s", strings.Join(cmd.Args, " "), addr, said())
			}
		}
	}
}

// runPorts starts a server process that prints the ports it listens on, one a line.
func runPorts(t *testing.T, cmd *exec.Cmd, n int) []netip.AddrPort {
	t.Helper()
	out, said := run(t, cmd)
	lines := bufio.NewScanner(out)
	var addrs []netip.AddrPort
	for len(addrs) < n && lines.Scan() {
		addr, err := netip.ParseAddrPort("127.0.0.1:" + lines.Text())
		if err != nil {
			t.Fatalf("%s: %v", strings.Join(cmd.Args, " "), err)
		}
		addrs = append(addrs, addr)
	}
	if len(addrs) != n {
		t.Fatalf("%s: %d ports of %d, and then: %s", strings.Join(cmd.Args, " "), len(addrs), n, said())
	}
	return addrs
}

// lockedBuffer is a buffer that a process writes to while the test reads.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return fmt.Sprintf("%q", l.b.String())
}
