package blackbox

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"prober/catalog"
	"prober/needs"
	"prober/probe/certs/certstest"
)

// rivalServer is a server that both programs are asked about, good or broken.
type rivalServer struct {
	name   string // as the page calls it
	scheme catalog.Scheme
	host   string // another one than the certificates' in the list; empty: theirs
	addr   netip.AddrPort
	silent bool // something never comes, which is waited for
}

// keys are the certificates of the servers, which are good now, whenever the test runs.
type keys struct {
	dir                                     string
	root, intermediate, leaf                *certstest.Entity
	expired, other, stranger, lone          *certstest.Entity
	caFile, chainFile, keyFile, haproxyFile string
}

func newKeys(t *testing.T) *keys {
	t.Helper()
	now := time.Now()
	alive := certstest.Valid(now.Add(-time.Hour), now.Add(30*certstest.Day))
	forHost := certstest.ForHosts(certstest.Host, "*."+certstest.Host)
	k := &keys{dir: t.TempDir()}
	k.root = certstest.New("Root", nil, certstest.Authority, alive)
	k.intermediate = certstest.New("Intermediate", k.root, certstest.Authority, certstest.Valid(now.Add(-time.Hour), now.Add(20*certstest.Day)))
	k.leaf = certstest.New(certstest.Host, k.intermediate, forHost, alive)
	k.expired = certstest.New(certstest.Host, k.intermediate, forHost, certstest.Valid(now.Add(-2*certstest.Day), now.Add(-certstest.Day)))
	k.other = certstest.New("other.test", k.intermediate, certstest.ForHosts("other.test"), alive)
	k.stranger = certstest.New(certstest.Host, certstest.New("Stranger", nil, certstest.Authority, alive), forHost, alive)
	k.lone = certstest.New(certstest.Host, nil, forHost, alive)
	k.caFile, k.chainFile, k.keyFile = filepath.Join(k.dir, "ca.pem"), filepath.Join(k.dir, "chain.pem"), filepath.Join(k.dir, "key.pem")
	k.haproxyFile = filepath.Join(k.dir, "both.pem")
	der, err := x509.MarshalPKCS8PrivateKey(k.leaf.Key)
	if err != nil {
		t.Fatal(err)
	}
	key := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	chain := pemOf(k.leaf, k.intermediate)
	for file, text := range map[string][]byte{k.caFile: pemOf(k.root), k.chainFile: chain, k.keyFile: key, k.haproxyFile: append(chain, key...)} {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return k
}

func pemOf(entities ...*certstest.Entity) []byte {
	var out []byte
	for _, e := range entities {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: e.Cert.Raw})...)
	}
	return out
}

// secured is a server's side of TLS with a chain.
func (k *keys) secured(leaf *certstest.Entity, changes ...func(*tls.Config)) *tls.Config {
	c := &tls.Config{Certificates: []tls.Certificate{certstest.Served(leaf, k.intermediate)}, MinVersion: tls.VersionTLS10}
	for _, change := range changes {
		change(c)
	}
	return c
}

// accepting handles each connection in a goroutine of its own; all have ended when the test has.
func accepting(t *testing.T, handle func(net.Conn)) netip.AddrPort {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	var open []net.Conn
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open = append(open, c)
			mu.Unlock()
			all.Go(func() {
				defer func() { _ = c.Close() }()
				handle(c)
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		mu.Lock()
		for _, c := range open {
			_ = c.Close()
		}
		mu.Unlock()
		all.Wait()
	})
	return l.Addr().(*net.TCPAddr).AddrPort()
}

// shaking makes a handshake on each connection, and goes on from there.
func shaking(config *tls.Config, handle func(net.Conn)) func(net.Conn) {
	return func(c net.Conn) {
		if s := tls.Server(c, config); s.Handshake() == nil {
			handle(s)
			_ = s.Close()
		}
	}
}

// saying reads one request and answers with these bytes.
func saying(reply string) func(net.Conn) {
	return answering(func(string, string) string { return reply })
}

// answering reads one request and answers what is made of its path and its cookies.
func answering(reply func(path, cookies string) string) func(net.Conn) {
	return func(c net.Conn) {
		r, err := http.ReadRequest(bufio.NewReader(c))
		if err != nil {
			return
		}
		_, _ = io.WriteString(c, reply(r.URL.Path, r.Header.Get("Cookie")))
	}
}

// silent reads and says nothing until the other side has enough.
func silent(c net.Conn) { _, _ = io.Copy(io.Discard, c) }

func leadingTo(where string) string {
	return "HTTP/1.1 302 Found\r\nLocation: " + where + "\r\nContent-Length: 0\r\n\r\n"
}

const fine = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

// rivalServers starts every server.
func rivalServers(t *testing.T, k *keys) []rivalServer {
	t.Helper()
	var list []rivalServer
	add := func(name string, scheme catalog.Scheme, addr netip.AddrPort) {
		list = append(list, rivalServer{name: name, scheme: scheme, addr: addr})
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = io.WriteString(z, strings.Repeat("ok", 100))
	_ = z.Close()
	elsewhere := accepting(t, saying(fine))
	for _, s := range []struct{ name, reply string }{
		{"200", fine},
		{"200 in chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"},
		{"200 until the end", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok"},
		{"200 of HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"},
		{"200 in gzip", fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", packed.Len(), packed.String())},
		{"200 with Last-Modified", "HTTP/1.1 200 OK\r\nLast-Modified: Sun, 01 Mar 2026 08:00:00 GMT\r\nContent-Length: 2\r\n\r\nok"},
		{"204", "HTTP/1.1 204 No Content\r\n\r\n"},
		{"304", "HTTP/1.1 304 Not Modified\r\n\r\n"},
		{"404", "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone"},
		{"429", "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n"},
		{"500", "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"},
		{"redirect to a host that is not listed", leadingTo(fmt.Sprintf("http://localhost:%d/", elsewhere.Port()))},
		{"redirect without end", leadingTo("/")},
		{"redirect to nowhere", "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"},
		{"redirect to another protocol", leadingTo("ftp://localhost/")},
		{"body cut off", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nok"},
		{"greeting of SSH", "SSH-2.0-OpenSSH_9.2p1\r\n"},
		{"200 behind 100 and 103", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n" + fine},
		{"200 without a reason phrase", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok"},
		{"200 in chunks, with a trailer", "HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n"},
		{"200 in chunks, cut off", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nok"},
		{"200 in Brotli", "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\nok"},
		{"200 with nothing, until the end", "HTTP/1.1 200 OK\r\n\r\n"},
		{"200 with a header of 20 KiB", "HTTP/1.1 200 OK\r\nX-Long: " + strings.Repeat("x", 20<<10) + "\r\nContent-Length: 2\r\n\r\nok"},
		{"200 with two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok"},
		{"200 with bytes behind it", fine + "more"},
		{"200 of HTTP/2.0", "HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nok"},
		{"206", "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-1/4\r\nContent-Length: 2\r\n\r\nok"},
		{"299", "HTTP/1.1 299 Odd\r\nContent-Length: 0\r\n\r\n"},
		{"300", "HTTP/1.1 300 Multiple Choices\r\nContent-Length: 0\r\n\r\n"},
		{"600", "HTTP/1.1 600 Odd\r\nContent-Length: 0\r\n\r\n"},
		{"999", "HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n"},
		{"101", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: odd\r\nConnection: Upgrade\r\n\r\n"},
		{"no HTTP", "ok\r\n"},
		{"greeting of SMTP", "220 mail.example ESMTP\r\n"},
		{"redirect to an empty place", "HTTP/1.1 302 Found\r\nLocation: \r\nContent-Length: 0\r\n\r\n"},
		{"redirect to no URL", leadingTo("http://[::1/")},
		{"redirect to port 0", leadingTo("http://localhost:0/")},
		{"length that is none", "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nok"},
	} {
		add(s.name, catalog.HTTP, accepting(t, saying(s.reply)))
	}
	add("redirect, then 200", catalog.HTTP, accepting(t, answering(func(path, _ string) string {
		if path == "/c" {
			return fine
		}
		return leadingTo(map[string]string{"/": "/a", "/a": "b", "/b": "./c"}[path])
	})))
	add("redirects of all kinds, then 200", catalog.HTTP, accepting(t, answering(func(path, _ string) string {
		if path == "/301/303/307/308" {
			return fine
		}
		next := map[string]string{"/": "301", "/301": "303", "/301/303": "307", "/301/303/307": "308"}[path]
		to := strings.TrimSuffix(path, "/") + "/" + next
		return "HTTP/1.1 " + next + " Elsewhere\r\nLocation: " + to + "?a=b#c\r\nContent-Length: 4\r\n\r\ngone"
	})))
	add("redirect until a cookie comes back", catalog.HTTP, accepting(t, answering(func(_, cookies string) string {
		if cookies == "seen=1" {
			return fine
		}
		return strings.Replace(leadingTo("/"), "Content", "Set-Cookie: seen=1; Path=/\r\nContent", 1)
	})))
	add("closed after the request", catalog.HTTP, accepting(t, saying("")))
	add("no answer", catalog.HTTP, accepting(t, silent))
	list[len(list)-1].silent = true
	add("200 over TLS", catalog.HTTPS, accepting(t, shaking(k.secured(k.leaf), saying(fine))))
	add("404 over TLS", catalog.HTTPS, accepting(t, shaking(k.secured(k.leaf), saying("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))))
	add("no answer over TLS", catalog.HTTPS, accepting(t, shaking(k.secured(k.leaf), silent)))
	list[len(list)-1].silent = true
	for _, s := range []struct {
		name string
		leaf *certstest.Entity
	}{{"certificate expired", k.expired}, {"certificate of another host", k.other}, {"certificate of an unknown authority", k.stranger}, {"certificate self-signed", k.lone}} {
		add(s.name, catalog.HTTPS, accepting(t, shaking(k.secured(s.leaf), saying(fine))))
	}
	add("certificate without its intermediate", catalog.HTTPS, accepting(t, shaking(
		&tls.Config{Certificates: []tls.Certificate{certstest.Served(k.leaf)}}, saying(fine)))) //nolint:gosec // a server
	for _, v := range []struct {
		name    string
		version uint16
	}{{"TLS 1.0 alone", tls.VersionTLS10}, {"TLS 1.2 alone", tls.VersionTLS12}} {
		add(v.name, catalog.HTTPS, accepting(t, shaking(k.secured(k.leaf, func(c *tls.Config) { c.MaxVersion = v.version }), saying(fine))))
	}
	add("HTTP/2 alone", catalog.HTTPS, k.http2(t))
	add("client certificate required", catalog.HTTPS, accepting(t, shaking(k.secured(k.leaf, func(c *tls.Config) { c.ClientAuth = tls.RequireAnyClientCert }), saying(fine))))
	add("plain HTTP in place of TLS", catalog.HTTPS, accepting(t, saying("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")))
	add("closed in place of TLS", catalog.HTTPS, accepting(t, func(net.Conn) {}))
	add("no handshake", catalog.HTTPS, accepting(t, silent))
	list[len(list)-1].silent = true
	closed, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	add("closed port", catalog.HTTP, closed.Addr().(*net.TCPAddr).AddrPort())
	add("closed port for TLS", catalog.HTTPS, closed.Addr().(*net.TCPAddr).AddrPort())
	_ = closed.Close()
	// Nobody needs to be asked to know that there is no such name.
	list = append(list, rivalServer{name: "no such name", scheme: catalog.HTTP, host: "nothere.invalid", addr: elsewhere})
	list = append(list, rivalServer{name: "no such name, for TLS", scheme: catalog.HTTPS, host: "nothere.invalid", addr: elsewhere})
	return append(list, k.programs(t)...)
}

// http2 starts a server that speaks nothing but HTTP/2.
func (k *keys) http2(t *testing.T) netip.AddrPort {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }))
	s.Config.Protocols = new(http.Protocols)
	s.Config.Protocols.SetHTTP2(true)
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	s.TLS = k.secured(k.leaf, func(c *tls.Config) { c.NextProtos = []string{"h2"} })
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.Listener.Addr().(*net.TCPAddr).AddrPort()
}

// programs starts nginx, haproxy and openssl s_server.
func (k *keys) programs(t *testing.T) []rivalServer {
	t.Helper()
	ports := freePorts(t, 5)
	at := func(i int) netip.AddrPort { return netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), ports[i]) }
	files := map[string]string{
		"nginx.conf": fmt.Sprintf(`daemon off; pid %[1]s/pid; error_log stderr; worker_processes 1; events {}
http { access_log off; client_body_temp_path %[1]s/a; proxy_temp_path %[1]s/b; fastcgi_temp_path %[1]s/c; uwsgi_temp_path %[1]s/d; scgi_temp_path %[1]s/e;
server { listen 127.0.0.1:%[2]d; absolute_redirect off; location = / { return 301 /page; } location /page { return 200 page; } }
server { listen 127.0.0.1:%[3]d ssl; ssl_certificate %[4]s; ssl_certificate_key %[5]s; return 200 page; }
}
`, k.dir, ports[0], ports[1], k.chainFile, k.keyFile),
		"haproxy.cfg": fmt.Sprintf(`defaults
  mode http
  timeout client 5s
  timeout connect 5s
  timeout server 5s
frontend plain
  bind 127.0.0.1:%d
  default_backend nobody
frontend secured
  bind 127.0.0.1:%d ssl crt %s
  http-request return status 200 content-type text/plain string ok
backend nobody
`, ports[2], ports[3], k.haproxyFile),
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(k.dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	running(t, needs.Program(t, "nginx"), "-p", k.dir, "-c", filepath.Join(k.dir, "nginx.conf"), "-e", "stderr")
	running(t, needs.Program(t, "haproxy"), "-f", filepath.Join(k.dir, "haproxy.cfg"), "-db")
	running(t, needs.Program(t, "openssl"), "s_server", "-accept", at(4).String(), "-cert", k.chainFile, "-cert_chain", k.chainFile, "-key", k.keyFile, "-www", "-quiet")
	list := []rivalServer{
		{name: "nginx, which redirects to a page", scheme: catalog.HTTP, addr: at(0)},
		{name: "nginx over TLS", scheme: catalog.HTTPS, addr: at(1)},
		{name: "haproxy without a server behind it", scheme: catalog.HTTP, addr: at(2)},
		{name: "haproxy over TLS", scheme: catalog.HTTPS, addr: at(3)},
		{name: "openssl s_server", scheme: catalog.HTTPS, addr: at(4)},
	}
	for _, s := range list {
		awaitPort(t, s.addr)
	}
	return list
}

// running starts a program, which is told to end, and waited for, when the test has.
func running(t *testing.T, program string, args ...string) {
	t.Helper()
	var said bytes.Buffer
	cmd := exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("%s said:\n%s", program, &said)
		}
	})
}

// freePorts are ports at which nobody listens now.
func freePorts(t *testing.T, n int) []uint16 {
	t.Helper()
	var ports []uint16
	for range n {
		l, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = l.Close() }()
		ports = append(ports, l.Addr().(*net.TCPAddr).AddrPort().Port())
	}
	return ports
}

// awaitPort waits until somebody listens.
func awaitPort(t *testing.T, addr netip.AddrPort) {
	t.Helper()
	patience := time.After(30 * time.Second)
	poll := time.NewTicker(10 * time.Millisecond)
	defer poll.Stop()
	for {
		c, err := net.Dial("tcp", addr.String())
		if err == nil {
			_ = c.Close()
			return
		}
		select {
		case <-patience:
			t.Fatalf("nobody listens at %v: %v", addr, err)
		case <-poll.C:
		}
	}
}
