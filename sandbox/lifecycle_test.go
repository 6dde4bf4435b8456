package sandbox_test

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"prober/catalog"
	"prober/sandbox"
)

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("no chance") }

func TestStartErrors(t *testing.T) {
	before := goroutines()
	for _, test := range []struct {
		cfg  sandbox.Config
		want string
	}{
		{sandbox.Config{}, "starting the sandbox: no catalogue"},
		{sandbox.Config{Catalog: embedded(t), Random: broken{}}, "starting the sandbox: making credentials: no chance"},
		{sandbox.Config{Catalog: embedded(t), Faults: map[string]string{"ecs/default/public": "nxdomian"}}, `unknown fault "nxdomian"`},
		{sandbox.Config{Catalog: embedded(t), Faults: map[string]string{"ecs/x/public": "nxdomain"}}, `no endpoint has the id "ecs/x/public"`},
	} {
		s, err := sandbox.Start(test.cfg)
		if s != nil || err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v, %v, want %s", s, err, test.want)
		}
	}
	settle(t, before)
}

// goroutines counts those that run code of this module.
func goroutines() int {
	buf := make([]byte, 1<<20)
	n := 0
	for stack := range strings.SplitSeq(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if strings.Contains(stack, "prober/sandbox.") || strings.Contains(stack, "prober/sandbox/nameserver") {
			n++
		}
	}
	return n
}

// settle waits until no more goroutines of the sandbox run than before.
func settle(t testing.TB, before int) {
	t.Helper()
	deadline := time.After(patience)
	poll := time.NewTicker(time.Millisecond)
	defer poll.Stop()
	for goroutines() > before {
		select {
		case <-deadline:
			t.Fatalf("%d goroutines, %d before", goroutines(), before)
		case <-poll.C:
		}
	}
}

// TestCloseReleasesWhatHangs leaves clients in every kind of hanging fault and closes.
func TestCloseReleasesWhatHangs(t *testing.T) {
	c := embedded(t)
	hanging := []string{
		"tls_timeout", "tls_timeout_half_flight", "tls_timeout_slow", "request_timeout", "request_timeout_unread",
		"headers_timeout", "headers_timeout_slow", "body_timeout", "body_timeout_slow", "keep_alive",
		"connect_timeout", "resolve_timeout", "headers_bad_status_switching",
	}
	before := goroutines()
	s, err := sandbox.Start(sandbox.Config{Catalog: c, Latency: sandbox.Latency{TLS: 0}})
	if err != nil {
		t.Fatal(err)
	}
	var clients sync.WaitGroup
	for i, fault := range hanging {
		e := s.Catalog().Endpoints[i]
		if err := s.SetFault(e.ID, fault); err != nil {
			t.Fatal(err)
		}
		conn, err := net.Dial("tcp", netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), e.Port(catalog.HTTPS)).String())
		if err != nil {
			t.Fatal(err)
		}
		clients.Go(func() {
			defer func() { _ = conn.Close() }()
			_ = conn.SetDeadline(time.Now().Add(patience))
			tc := tls.Client(conn, &tls.Config{RootCAs: s.Roots(), ServerName: e.Host})
			if _, err := io.WriteString(tc, "GET / HTTP/1.1\r\nHost: "+e.Host+"\r\n\r\n"); err != nil {
				return
			}
			_, _ = io.Copy(io.Discard, tc)
		})
	}
	for len(s.Requests()) < len(hanging) {
		runtime.Gosched()
	}
	closed := make(chan error)
	go func() { closed <- s.Close() }()
	select {
	case err := <-closed:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patience / 2):
		t.Fatal("Close hangs")
	}
	clients.Wait()
	if err := s.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	if err := s.SetFault(c.Endpoints[0].ID, "nxdomain"); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("SetFault after Close: %v", err)
	}
	settle(t, before)
}

// TestSwitchingUnderLoad exchanges faults of all kinds while clients connect.
func TestSwitchingUnderLoad(t *testing.T) {
	s := start(t, sandbox.Config{})
	e, _ := s.Catalog().Endpoint("kms/ap-northeast-1/public") // its plain port is a closed one
	done := make(chan struct{})
	var clients sync.WaitGroup
	for range 2 {
		clients.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					(&witness{s: s, e: e}).look()
				}
			}
		})
	}
	for range 10 {
		for _, fault := range []string{"connect_timeout", "two_addresses", "plain_http_served", "cert_expired", "bare_lf", "nodata"} {
			if err := s.SetFault(e.ID, fault); err != nil {
				t.Error(err)
			}
		}
		if err := s.ClearFault(e.ID); err != nil {
			t.Error(err)
		}
	}
	close(done)
	clients.Wait()
	if problem := healthy((&witness{s: s, e: e}).look()); problem != "" {
		t.Error(problem)
	}
}

// TestClosedPortStaysTaken: a plain port that is closed again after the API was served on
// it refuses connections, and nobody else gets its number.
func TestClosedPortStaysTaken(t *testing.T) {
	s := start(t, sandbox.Config{})
	e, _ := s.Catalog().Endpoint("kms/ap-northeast-1/public")
	at := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), e.Port(catalog.HTTP)).String()
	refused := func(when string) {
		t.Helper()
		if c, err := net.Dial("tcp", at); err == nil || !errors.Is(err, syscall.ECONNREFUSED) {
			if c != nil {
				_ = c.Close()
			}
			t.Errorf("%s: dialling gives %v, want a refusal", when, err)
		}
		if l, err := net.Listen("tcp", "127.0.0.1:0"); err == nil {
			if l.Addr().String() == at {
				t.Errorf("%s: the port is given to somebody else", when)
			}
			_ = l.Close()
		}
		fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = syscall.Close(fd) }()
		if err := syscall.Bind(fd, &syscall.SockaddrInet4{Port: int(e.Port(catalog.HTTP)), Addr: [4]byte{127, 0, 0, 1}}); !errors.Is(err, syscall.EADDRINUSE) {
			t.Errorf("%s: binding the port gives %v", when, err)
		}
	}
	refused("at first")
	if err := s.SetFault(e.ID, "plain_http_served"); err != nil {
		t.Fatal(err)
	}
	c, err := net.Dial("tcp", at)
	if err != nil {
		t.Fatalf("with plain_http_served: %v", err)
	}
	_ = c.Close()
	if err := s.ClearFault(e.ID); err != nil {
		t.Fatal(err)
	}
	refused("at last")
}
