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
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// lab is what the servers share: the files of self-signed certificates and their keys.
type lab struct {
	dir                 string
	rsa, ecdsa, ed25519 keyPair
}

type keyPair struct{ cert, key string }

func makeLab(t *testing.T) lab {
	t.Helper()
	k := lab{dir: t.TempDir()}
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

// listeners takes n ports, for a server that inherits them: nobody else gets one meanwhile.
func listeners(t *testing.T, n int) (files []*os.File, addrs []netip.AddrPort) {
	t.Helper()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		f, err := l.(*net.TCPListener).File()
		if err != nil {
			t.Fatal(err)
		}
		addrs, files = append(addrs, l.Addr().(*net.TCPAddr).AddrPort()), append(files, f)
		_ = l.Close() // the file keeps the port
	}
	return files, addrs
}

// runWith starts a server process that inherits listeners as its files from number 3 on.
func runWith(t *testing.T, cmd *exec.Cmd, files []*os.File) {
	t.Helper()
	cmd.ExtraFiles = files
	out, _ := run(t, cmd)
	for _, f := range files {
		_ = f.Close()
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
}

// run starts a server process that is killed when the test ends. Its standard input stays
// open and silent until then.
func run(t *testing.T, cmd *exec.Cmd) (stdout io.Reader, said func() string) {
	t.Helper()
	var log lockedBuffer
	cmd.Env = append(environment(), cmd.Env...)
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

// runSaying starts a server process and returns a function that waits until it prints a line
// with a match of ready, so that many can start together. The function returns the first group
// of the match, and false with everything printed where the process ends without.
func runSaying(t *testing.T, cmd *exec.Cmd, ready string) (wait func() (string, bool)) {
	t.Helper()
	out, said := io.Pipe()
	cmd.Stdout, cmd.Stderr, cmd.Env = said, said, environment()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		_ = said.Close()
		close(ended)
	}()
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Process.Kill()
		<-ended
	})
	match := regexp.MustCompile(ready)
	return func() (string, bool) {
		var all strings.Builder
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if m := match.FindStringSubmatch(lines.Text()); m != nil {
				go func() { _, _ = io.Copy(io.Discard, out) }()
				return m[1], true
			}
			fmt.Fprintln(&all, lines.Text())
		}
		return all.String(), false
	}
}

// environment is that of this process, without a configuration of the machine's own.
func environment() []string {
	return append(os.Environ(), "OPENSSL_CONF="+os.DevNull, "GNUTLS_SYSTEM_PRIORITY_FILE="+os.DevNull)
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
