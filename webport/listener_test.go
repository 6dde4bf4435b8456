package webport_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"prober/limit"
	"prober/webport"
)

// port is a server on loopback, with a handler that waits where its path says so.
type port struct {
	*webport.Listener
	t       *testing.T
	release chan struct{} // closed to let /wait answer
}

func serve(t *testing.T, most int) *port {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &port{webport.Listen(l, most), t, make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("/wait", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusOK)
		_ = http.NewResponseController(w).Flush()
		select {
		case <-p.release:
		case <-r.Context().Done():
		}
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { _, _ = fmt.Fprintln(w, "hello", r.Method) })
	hosts, err := webport.NewHosts("box.example.com", nil, "--name")
	if err != nil {
		t.Fatal(err)
	}
	server := webport.Server(webport.Config{Handler: mux, Vital: func(path string) bool { return path == "/vital" }, Hosts: hosts})
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(p.Listener)
	}()
	t.Cleanup(func() {
		close(p.release)
		_ = server.Close()
		<-done
	})
	return p
}

// dial opens a connection and sends what is given.
func (p *port) dial(send string) net.Conn {
	p.t.Helper()
	c, err := net.Dial("tcp", p.Addr().String())
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.WriteString(c, send); err != nil {
		p.t.Fatal(err)
	}
	return c
}

// status reads the status line of a reply; an error says that the connection was closed.
func status(c net.Conn) (string, error) {
	line, err := bufio.NewReader(c).ReadString('\n')
	return strings.TrimSpace(line), err
}

const hello = "GET /vital HTTP/1.1\r\nHost: x\r\n\r\n"

// Whatever holds all connections, whoever asks for what is vital gets in; and whoever is missed
// least goes first.
func TestAFullPortMakesRoom(t *testing.T) {
	const most = 4
	tests := []struct{ name, hold string }{
		{"nothing sent", ""},
		{"half a header", "GET / HTTP/1.1\r\nHost: x\r\n"},
		{"between two requests", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"},
		{"in a handler", "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n"},
		{"a body that never comes", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := serve(t, most)
			for range 3 * most {
				c := p.dial(tt.hold)
				if strings.HasSuffix(tt.hold, "\r\n\r\n") {
					_, _ = status(c)
				}
			}
			if got, err := status(p.dial(hello)); err != nil || !strings.Contains(got, "200") {
				t.Errorf("%q, %v", got, err)
			}
			if n := p.Open(); n > most {
				t.Errorf("%d connections are open, want at most %d", n, most)
			}
		})
	}
}

func TestWhoGoesFirst(t *testing.T) {
	p := serve(t, 3)
	waiting := p.dial("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
	if _, err := status(waiting); err != nil {
		t.Fatal(err)
	}
	idle := p.dial(hello)
	if _, err := http.ReadResponse(bufio.NewReader(idle), nil); err != nil {
		t.Fatal(err)
	}
	for range 3 { // each takes the place of the idle one, and then of one that says nothing
		if got, err := status(p.dial("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")); err != nil || !strings.Contains(got, "200") {
			t.Fatalf("%q, %v", got, err)
		}
		p.dial("")
	}
	p.dial(hello)
	if _, err := idle.Read(make([]byte, 1)); err == nil {
		t.Error("the idle connection was kept")
	}
	_ = waiting.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	if _, err := io.Copy(io.Discard, waiting); err != nil && !strings.Contains(err.Error(), "timeout") {
		t.Errorf("a request that is being answered was cut: %v", err)
	}
}

func TestABodyIsNotWaitedFor(t *testing.T) {
	p := serve(t, 4)
	c := p.dial("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
	_ = c.SetReadDeadline(time.Now().Add(limit.WebReadTime / 2))
	reply, err := io.ReadAll(c)
	if err != nil || !strings.Contains(string(reply), "200 OK") || !strings.Contains(string(reply), "Connection: close") {
		t.Errorf("%q, %v: want a reply, and the end of the connection", reply, err)
	}
}

func TestRequestsAreBounded(t *testing.T) {
	p := serve(t, 8)
	long := strings.Repeat("x", limit.WebHeader)
	for request, want := range map[string]string{
		"GET /" + long[:limit.WebURL] + " HTTP/1.1\r\nHost: x\r\n\r\n":     "414",
		"GET /" + long[:limit.WebURL/2] + " HTTP/1.1\r\nHost: x\r\n\r\n":   "200",
		"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + long + "\r\n\r\n":        "431",
		"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + long[:8000] + "\r\n\r\n": "200",
	} {
		if got, err := status(p.dial(request)); err != nil || !strings.Contains(got, want) {
			t.Errorf("%.40q…: %q, %v; want %s", request, got, err, want)
		}
	}
}

// A client that waits for its reply is not taken for one that left when the time to send a request
// is over.
func TestTheTimeToReadEndsWithTheRequest(t *testing.T) {
	var deadline time.Time
	w := &deadlines{ResponseWriter: httptest.NewRecorder(), read: &deadline}
	deadline = time.Now()
	server := webport.Server(webport.Config{Handler: http.NotFoundHandler()})
	server.Handler.ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), "GET", "/", nil))
	if !deadline.IsZero() {
		t.Errorf("reading ends at %v", deadline)
	}
	server.Handler.ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), "GET", "/", strings.NewReader("body")))
	if deadline.IsZero() {
		t.Error("a body is waited for")
	}
	if server.ReadTimeout == 0 || server.WriteTimeout == 0 || server.IdleTimeout == 0 || server.ReadHeaderTimeout == 0 {
		t.Error("something is waited for without end")
	}
}

// deadlines notes the deadlines of a connection.
type deadlines struct {
	http.ResponseWriter
	read *time.Time
}

func (d *deadlines) SetReadDeadline(t time.Time) error {
	*d.read = t
	return nil
}

// Over TLS and HTTP/2 a connection is known to be busy, too.
func TestOverTLS(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewUnstartedServer(nil)
	server.Config = webport.Server(webport.Config{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusOK)
		_ = http.NewResponseController(w).Flush()
		<-release
		_, _ = fmt.Fprint(w, r.Proto)
	})})
	port := webport.Listen(server.Listener, 3)
	server.Listener = port
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	reply, err := server.Client().Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close() //nolint:errcheck // read to its end
	for range 6 {            // each says nothing, and takes the place of another such
		c, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close() //nolint:errcheck // the test ends
	}
	last, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer last.Close() //nolint:errcheck // the test ends
	for port.Open() < 3 {
		time.Sleep(time.Millisecond)
	}
	close(release)
	if body, err := io.ReadAll(reply.Body); err != nil || string(body) != "HTTP/2.0" {
		t.Errorf("%q, %v", body, err)
	}
}
