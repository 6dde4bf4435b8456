package run

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"prober/needs"
)

// Servers of other people, set up with a fault each, break the requirement that is about it.
func TestOwnFaultsOfOtherServers(t *testing.T) {
	needs.Patience(t, "judges servers of other people")
	openssl := needs.Program(t, "openssl")
	dir := t.TempDir()
	made := exec.CommandContext(t.Context(), openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "90", "-subj", "/CN=127.0.0.1",
		"-addext", "subjectAltName=IP:127.0.0.1", "-keyout", filepath.Join(dir, "key.pem"), "-out", filepath.Join(dir, "ca.pem"))
	if out, err := made.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for name, c := range map[string]struct{ start, want string }{
		"openssl, nothing wrong":   {"-min_protocol TLSv1.2", ""},
		"openssl, old versions":    {"-min_protocol TLSv1 -cipher ALL:@SECLEVEL=0", "MINE-TLS-03 MINE-TLS-04"},
		"openssl, TLS 1.3 alone":   {"-min_protocol TLSv1.3", "MINE-TLS-05"},
		"nginx, nothing wrong":     {`ssl_protocols TLSv1.2 TLSv1.3; location / { default_type application/json; return 200 '{"status": "ok"}'; }`, ""},
		"nginx, JSON that is none": {`ssl_protocols TLSv1.2 TLSv1.3; location / { default_type application/json; return 200 '{"status": '; }`, "MINE-PROTO-31"},
		"nginx, no such page":      {`ssl_protocols TLSv1.2 TLSv1.3; location / { return 404; }`, "MINE-PROTO-01"},
		"nginx, another charset":   {`ssl_protocols TLSv1.2 TLSv1.3; location / { default_type application/json; charset gbk; charset_types application/json; return 200 '{}'; }`, "MINE-CHARSET-02"},
	} {
		t.Run(name, func(t *testing.T) {
			at := ""
			if program, _, _ := strings.Cut(name, ","); program == "nginx" {
				at = startNginx(t, dir, c.start)
			} else {
				at = startOpenSSL(t, openssl, dir, strings.Fields(c.start))
			}
			file := listFile(t, fmt.Sprintf("endpoints: [%q]", "https://"+at+"/"))
			env := environment(&bytes.Buffer{})
			env.Now, env.Elapsed = nil, nil // the certificate is of today
			r, err := Conformance(context.Background(), options(t, "-endpoints", file, "-timeout", "5s", "-allow-private", "-ca-file", filepath.Join(dir, "ca.pem")), env)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(brokenBy(r), " "); got != c.want {
				t.Errorf("broken %q, want %q", got, c.want)
				for _, res := range r.Results {
					if res.Outcome == "fail" {
						t.Log(res.Requirement, res.Detail)
					}
				}
			}
		})
	}
}

// startOpenSSL starts openssl's server, which says where it listens.
func startOpenSSL(t *testing.T, openssl, dir string, args []string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), openssl, append([]string{
		"s_server", "-accept", "127.0.0.1:0", "-www", "-cert", filepath.Join(dir, "ca.pem"), "-key", filepath.Join(dir, "key.pem"),
	}, args...)...)
	return needs.Started(t, cmd, regexp.MustCompile(`^ACCEPT (127\.0\.0\.1:[0-9]+)`))[1]
}

// startNginx starts nginx with a server, at a socket that is open before.
func startNginx(t *testing.T, dir, server string) string {
	t.Helper()
	nginx := needs.Program(t, "nginx")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	socket, err := l.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close(); _ = socket.Close() })
	home := t.TempDir()
	config := filepath.Join(home, "nginx.conf")
	text := fmt.Sprintf(`daemon off; worker_processes 1; pid %[1]s/pid; error_log stderr; events {}
http { access_log off; client_body_temp_path %[1]s/a; proxy_temp_path %[1]s/b; fastcgi_temp_path %[1]s/c; uwsgi_temp_path %[1]s/d; scgi_temp_path %[1]s/e;
  server { listen %[2]s ssl; ssl_certificate %[3]s/ca.pem; ssl_certificate_key %[3]s/key.pem; %[4]s } }`, home, l.Addr(), dir, server)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(nginx, "-c", config, "-p", home, "-e", "stderr") // which a signal has end its workers
	var said bytes.Buffer
	cmd.Stderr = &said
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("nginx says %s", &said)
		}
	})
	cmd.ExtraFiles, cmd.Env = []*os.File{socket}, append(os.Environ(), "NGINX=3;") // by which it takes a socket over
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	})
	return l.Addr().String()
}
