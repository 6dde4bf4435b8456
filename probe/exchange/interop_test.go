package exchange

import (
	"crypto/tls"
	"fmt"
	"net"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"prober/needs"
)

const nginxConfig = `
daemon off; master_process off; pid %[1]s/pid; error_log stderr notice;
events {}
http {
	access_log off;
	types { text/plain txt; text/html html; }
	client_body_temp_path %[1]s; proxy_temp_path %[1]s; fastcgi_temp_path %[1]s; uwsgi_temp_path %[1]s; scgi_temp_path %[1]s;
	server {
		listen %[2]s;
		root %[1]s;
		gzip on; gzip_types text/plain; gzip_min_length 1;
		location = /included.html { ssi on; }
		location = /empty { return 204; }
		location = /moved { return 301 /file.txt; }
		location = /hangup { return 444; }
	}
}`

// startNginx starts nginx on a port that was free a moment ago and waits for the line by
// which it tells that its sockets are open.
func startNginx(t *testing.T) string {
	t.Helper()
	nginx := needs.Program(t, "nginx")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	hangUp(l)
	dir := t.TempDir()
	writeFile(t, dir, "file.txt", strings.Repeat("中文 text\n", 2000))
	writeFile(t, dir, "included.html", `<p><!--# include file="/file.txt" --></p>`)
	config := writeFile(t, dir, "nginx.conf", fmt.Sprintf(nginxConfig, dir, address))
	cmd := exec.Command(nginx, "-p", dir, "-c", config, "-e", "stderr")
	talk, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	run(t, cmd)
	waitForLine(t, talk, regexp.MustCompile(`nginx/[0-9]`))
	return address
}

func TestNginx(t *testing.T) {
	address := startNginx(t)
	for _, c := range []struct {
		name, method, path, field string
		status                    int
		header                    string // a line that must be there, so that the case is what it says
	}{
		{"file", "GET", "/file.txt", "", 200, "Content-Length: 24000\r\n"},
		{"HEAD", "HEAD", "/file.txt", "", 200, "Content-Length: 24000\r\n"},
		{"gzip, chunked", "GET", "/file.txt", "Accept-Encoding: gzip", 200, "Content-Encoding: gzip\r\n"},
		{"chunked", "GET", "/included.html", "", 200, "Transfer-Encoding: chunked\r\n"},
		{"range", "GET", "/file.txt", "Range: bytes=0-9", 206, "Content-Range: bytes 0-9/24000\r\n"},
		{"not found", "GET", "/none", "", 404, "Content-Type: text/html\r\n"},
		{"method", "POST", "/file.txt", "", 405, "Content-Type: text/html\r\n"},
		{"no content", "GET", "/empty", "", 204, "Connection: close\r\n"},
		{"moved", "GET", "/moved", "", 301, "Location: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			fields := []string{"Accept-Encoding: identity"} // or curl asks for compression
			switch name, _, _ := strings.Cut(c.field, ":"); name {
			case "":
			case "Accept-Encoding":
				fields[0] = c.field
			default:
				fields = append(fields, c.field)
			}
			r := sameAsCurl(t, address, c.method, c.path, fields...)
			if r.Status != c.status || !strings.Contains(string(r.Head), c.header) {
				t.Errorf("status %d, head %q; want %d and %q", r.Status, r.Head, c.status, c.header)
			}
		})
	}
	t.Run("closes without a reply", func(t *testing.T) {
		wantReasons(t, get(t, nil, address, "GET", "/hangup").Findings, "request/eof")
	})
}

// Python's server answers in HTTP/1.0.
func TestPython(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, dir, "file.txt", "中文")
	address := startTool(t, `port (\d+)`, "python3", "-u", "-m", "http.server", "--bind", "127.0.0.1", "--directory", dir, "0")
	for path, status := range map[string]int{"/file.txt": 200, "/none": 404, "/": 200} {
		t.Run(path, func(t *testing.T) {
			r := sameAsCurl(t, address, "GET", path)
			if r.Status != status || r.Proto != "HTTP/1.0" {
				t.Errorf("%s %d, want HTTP/1.0 %d", r.Proto, r.Status, status)
			}
			wantReasons(t, JudgeText(r.Header, r.Body))
		})
	}
}

// nodeServer answers well by its http module and badly on the bare socket.
const nodeServer = `
const http = require('http'), zlib = require('zlib');
const raw = {
  '/999': 'HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n',
  '/lf': 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok',
  '/short': 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok',
  '/long': 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok, but more',
  '/both': 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
  '/banner': '220 mail.example ESMTP\r\n',
};
const server = http.createServer((req, res) => {
  const coded = (coding, encode) => { res.setHeader('Content-Encoding', coding); res.end(encode('text '.repeat(100))); };
  switch (req.url) {
  case '/chunked': res.write('one'); res.write('two'); res.end('three'); break;
  case '/trailers': res.writeHead(200, {Trailer: 'X-Sum'}); res.write('one'); res.addTrailers({'X-Sum': '1'}); res.end(); break;
  case '/hints': res.writeEarlyHints({link: '</x.css>; rel=preload'}, () => res.end('hinted')); break;
  case '/gzip': coded('gzip', zlib.gzipSync); break;
  case '/deflate': coded('deflate', zlib.deflateSync); break;
  case '/raw-deflate': coded('deflate', zlib.deflateRawSync); break;
  case '/brotli': coded('br', zlib.brotliCompressSync); break;
  case '/latin1': res.setHeader('Content-Type', 'text/plain; charset=iso-8859-1'); res.end(Buffer.from([0x63, 0xe9])); break;
  default: raw[req.url] ? res.socket.end(raw[req.url]) : (res.statusCode = 404, res.end());
  }
});
server.listen(0, '127.0.0.1', () => console.log('port ' + server.address().port));
`

func TestNode(t *testing.T) {
	address := startTool(t, `port (\d+)`, "node", "-e", nodeServer)
	for _, c := range []struct{ path, body, want string }{
		{"/chunked", "onetwothree", ""},
		{"/trailers", "one", ""},
		{"/hints", "hinted", ""},
		{"/gzip", strings.Repeat("text ", 100), ""},
		{"/deflate", strings.Repeat("text ", 100), ""},
		{"/none", "", ""},
		{"/raw-deflate", strings.Repeat("text ", 100), "body/bad_encoding"},
		{"/999", "", "headers/bad_status"},
		{"/lf", "ok", "headers/bare_lf"},
		{"/short", "ok", "body/truncated"},
		{"/long", "ok", "verify/surplus_bytes"},
		{"/both", "ok", "verify/smuggling_ambiguous"},
		{"/banner", "", "headers/protocol"},
	} {
		t.Run(c.path, func(t *testing.T) {
			r := get(t, nil, address, "GET", c.path)
			wantReasons(t, r.Findings, strings.Fields(c.want)...)
			if string(r.Body) != c.body {
				t.Errorf("body %q, want %q", r.Body, c.body)
			}
		})
	}
	t.Run("/brotli", func(t *testing.T) {
		wantReasons(t, get(t, nil, address, "GET", "/brotli").Findings, "prober/limit")
	})
	t.Run("/latin1", func(t *testing.T) {
		r := get(t, nil, address, "GET", "/latin1")
		wantReasons(t, r.Findings)
		wantReasons(t, JudgeText(r.Header, r.Body), "verify/charset", "verify/invalid_utf8")
	})
}

// openssl s_server -WWW ends a body with the connection.
func TestOpenSSL(t *testing.T) {
	openssl := needs.Program(t, "openssl")
	certificate, key := writeKeyPair(t)
	dir := t.TempDir()
	writeFile(t, dir, "file.txt", strings.Repeat("中文 text\n", 2000))
	start := func(t *testing.T, args ...string) string {
		cmd := exec.Command(openssl, append([]string{"s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-WWW"}, args...)...)
		cmd.Dir = dir
		return addressFrom(t, cmd, regexp.MustCompile(`^ACCEPT .*:(\d+)$`))
	}
	for name, version := range map[string]uint16{"-tls1_2": tls.VersionTLS12, "-tls1_3": tls.VersionTLS13} {
		config := &tls.Config{InsecureSkipVerify: true, MinVersion: version, MaxVersion: version}
		t.Run(name, func(t *testing.T) {
			r := get(t, config, start(t, name), "GET", "/file.txt")
			wantReasons(t, r.Findings)
			if r.Proto != "HTTP/1.0" || r.Status != 200 || len(r.Body) != 24000 {
				t.Errorf("%s %d with %d bytes", r.Proto, r.Status, len(r.Body))
			}
		})
	}
	t.Run("client certificate demanded", func(t *testing.T) {
		config := &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13}
		r := get(t, config, start(t, "-tls1_3", "-Verify", "1"), "GET", "/file.txt")
		wantReasons(t, r.Findings, "tls/client_cert_required")
	})
}
