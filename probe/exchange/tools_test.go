package exchange

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"prober/needs"
)

// startTool starts a server that prints its port, and returns its address. The port is
// the first group of the pattern.
func startTool(t *testing.T, pattern string, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(needs.Program(t, name), args...)
	return addressFrom(t, cmd, regexp.MustCompile(pattern))
}

func addressFrom(t *testing.T, cmd *exec.Cmd, pattern *regexp.Regexp) string {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	run(t, cmd)
	return net.JoinHostPort("127.0.0.1", waitForLine(t, out, pattern)[1])
}

// waitForLine reads what a program says until a line matches, and throws the rest away.
func waitForLine(t *testing.T, talk io.Reader, pattern *regexp.Regexp) []string {
	t.Helper()
	var said strings.Builder
	for in := bufio.NewScanner(talk); in.Scan(); {
		if match := pattern.FindStringSubmatch(in.Text()); match != nil {
			go func() { _, _ = io.Copy(io.Discard, talk) }()
			return match
		}
		fmt.Fprintln(&said, in.Text())
	}
	t.Fatalf("no line like %q in %q", pattern, said.String())
	return nil
}

// run starts cmd and ends it with the test.
func run(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
}

// writeFile puts a file into dir and returns its path.
func writeFile(t *testing.T, dir, name, content string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// writeKeyPair writes a new certificate with its key and returns the paths of both.
func writeKeyPair(t *testing.T) (certificate, key string) {
	t.Helper()
	pair := newCertificate(t)
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	certificate = writeFile(t, dir, "cert.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]})))
	key = writeFile(t, dir, "key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
	return certificate, key
}

// get makes one exchange with a server; fields are "Name: value".
func get(t *testing.T, config *tls.Config, address, method, path string, fields ...string) *Reply {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer hangUp(conn)
	if config != nil {
		secured := tls.Client(conn, config)
		if err := secured.HandshakeContext(t.Context()); err != nil {
			t.Fatal(err)
		}
		conn = secured
	}
	req, err := http.NewRequest(method, "http://"+address+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range fields {
		name, value, _ := strings.Cut(field, ": ")
		req.Header.Set(name, value)
	}
	return Do(context.Background(), conn, req, Options{})
}

// curl fetches the same and returns head, body and exit status.
func curl(t *testing.T, address, method, path string, fields ...string) (head, body string, status int) {
	t.Helper()
	heads := filepath.Join(t.TempDir(), "heads")
	args := []string{"--disable", "--silent", "--noproxy", "*", "--max-time", "10", "--http1.1", "--compressed", "--dump-header", heads}
	for _, field := range append(fields, "Connection: close") {
		args = append(args, "--header", field)
	}
	if method == http.MethodHead {
		args = append(args, "--head", "--output", os.DevNull)
	} else {
		args = append(args, "--request", method)
	}
	cmd := exec.Command(needs.Program(t, "curl"), append(args, "http://"+address+path)...)
	out, err := cmd.Output()
	if err != nil && cmd.ProcessState == nil {
		t.Fatalf("running curl: %v", err)
	}
	text, err := os.ReadFile(heads)
	if err != nil && !errors.Is(err, os.ErrNotExist) { // curl makes none without a reply
		t.Fatal(err)
	}
	return string(text), string(out), cmd.ProcessState.ExitCode()
}

// sameAsCurl wants a reply without findings, and curl to show the same head and body.
func sameAsCurl(t *testing.T, address, method, path string, fields ...string) *Reply {
	t.Helper()
	r := get(t, nil, address, method, path, fields...)
	wantReasons(t, r.Findings)
	head, body, status := curl(t, address, method, path, fields...)
	if status != 0 {
		t.Errorf("curl exits with %d", status)
	}
	if got := withoutDate(string(r.Head)); got != withoutDate(head) {
		t.Errorf("head %q\ncurl %q", got, head)
	}
	if string(r.Body) != body {
		t.Errorf("body of %d bytes %.60q, by curl of %d bytes %.60q", len(r.Body), r.Body, len(body), body)
	}
	return r
}

// withoutDate removes the field that differs between two replies.
func withoutDate(head string) string {
	return regexp.MustCompile(`(?mi)^Date:.*\n`).ReplaceAllString(head, "")
}
