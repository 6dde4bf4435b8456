package probe

import (
	"bytes"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/probe/certs"
	"prober/probe/reason"
)

// tool returns the path of a program that the project did not write, and skips the test
// where it is missing.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("PROBER_REQUIRE_TOOLS") == "1" {
			t.Fatalf("needs %s in PATH", name)
		}
		t.Skipf("needs %s in PATH", name)
	}
	return path
}

// openssl runs OpenSSL to its end.
func openssl(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command(tool(t, "openssl"), args...).CombinedOutput(); err != nil {
		t.Fatalf("openssl %v: %v\n%s", args, err, out)
	}
}

// opensslServer starts OpenSSL's server and returns its port.
func opensslServer(t *testing.T, args ...string) uint16 {
	t.Helper()
	return opensslServerTold(t, nil, args...)
}

// opensslServerTold tells the server a line whenever its output has come as far as the next word.
func opensslServerTold(t *testing.T, tell []told, args ...string) uint16 {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().(*net.TCPAddr)
	_ = l.Close()
	cmd := exec.Command(tool(t, "openssl"), append([]string{"s_server", "-accept", addr.String()}, args...)...)
	ready := newReady("ACCEPT")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output := io.MultiWriter(ready, &teller{tell: tell, to: stdin})
	cmd.Stdout, cmd.Stderr = output, output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	select {
	case <-ready.seen:
	case <-time.After(10 * time.Second):
		t.Fatalf("openssl s_server does not start: %s", ready)
	}
	return uint16(addr.Port)
}

// told is a line to tell a program after a word in its output.
type told struct{ after, line string }

type teller struct {
	tell []told
	to   io.Writer
	text bytes.Buffer
}

// Write implements io.Writer.
func (x *teller) Write(b []byte) (int, error) {
	x.text.Write(b)
	for len(x.tell) > 0 && bytes.Contains(x.text.Bytes(), []byte(x.tell[0].after)) {
		_, _ = io.WriteString(x.to, x.tell[0].line+"\n") // it may have ended
		x.text.Reset()
		x.tell = x.tell[1:]
	}
	return len(b), nil
}

// TestRenegotiation meets a server that asks for a client certificate once it has the request,
// and then closes: that is no breach of the protocol.
func TestRenegotiation(t *testing.T) {
	dir := t.TempDir()
	key, cert := filepath.Join(dir, "key.pem"), filepath.Join(dir, "cert.pem")
	openssl(t, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN="+goodHost, "-addext", "subjectAltName=DNS:"+goodHost)
	port := opensslServerTold(t, []told{{"Host:", "R"}, {"SSL_do_handshake -> 1", "Q"}}, "-key", key, "-cert", cert, "-tls1_2", "-legacy_renegotiation")
	data, err := os.ReadFile(cert)
	if err != nil {
		t.Fatal(err)
	}
	cfg := onLoopback(newPKI())
	cfg.Clock, cfg.Timeout, cfg.Roots = Clock{}, time.Minute, certs.ReadAnchors(data).Pool()
	tg := target(goodHost, catalog.HTTPS, port)
	tg.Address = loopback443.Addr()
	o := New(cfg).Probe(t.Context(), tg)
	want(t, o, reason.Fail, reason.RequestEOF)
	if !strings.Contains(o.Detail, "the server had asked for a client certificate") {
		t.Errorf("detail %q", o.Detail)
	}
}

// ready waits for a word in the output of a program.
type ready struct {
	word []byte
	seen chan struct{}
	text bytes.Buffer
	done bool
}

func newReady(word string) *ready { return &ready{word: []byte(word), seen: make(chan struct{})} }

// Write implements io.Writer.
func (r *ready) Write(b []byte) (int, error) {
	r.text.Write(b)
	if !r.done && bytes.Contains(r.text.Bytes(), r.word) {
		r.done = true
		close(r.seen)
	}
	return len(b), nil
}

// String returns what was written so far.
func (r *ready) String() string { return r.text.String() }

// TestRefusedKeyOfOpenSSL meets a server with a 512-bit key, which crypto/tls refuses to
// verify a handshake with: the connection is of no use, so the address fails although a
// weak key by itself is only a defect.
func TestRefusedKeyOfOpenSSL(t *testing.T) {
	dir := t.TempDir()
	key, cert := filepath.Join(dir, "key.pem"), filepath.Join(dir, "cert.pem")
	openssl(t, "req", "-x509", "-newkey", "rsa:512", "-sha256", "-nodes", "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN="+goodHost)
	port := opensslServer(t, "-key", key, "-cert", cert, "-cipher", "ALL:@SECLEVEL=0", "-tls1_2", "-www")
	cfg := onLoopback(newPKI())
	cfg.Clock = Clock{}
	tg := target(goodHost, catalog.HTTPS, port)
	tg.Address = loopback443.Addr()
	o := New(cfg).Probe(t.Context(), tg)
	want(t, o, reason.Fail, reason.TLSWeakKey)
	a := o.Addresses[0]
	if len(a.TLS.Certificates) != 1 || a.TLS.Certificates[0].Key != "RSA-512" || a.HTTP != nil {
		t.Errorf("facts %+v, %+v", a.TLS, a.HTTP)
	}
}
