package probe

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"testing"
	"time"

	"prober/catalog"
	"prober/probe/dns"
	"prober/probe/reason"
)

// serve listens on loopback, handles each connection in a goroutine of its own and returns
// the address. Everything has ended when the test has.
func serve(t testing.TB, handle func(net.Conn)) netip.AddrPort {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		conns []net.Conn
	)
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			conns = append(conns, c)
			mu.Unlock()
			wg.Go(func() {
				defer func() { _ = c.Close() }()
				handle(c)
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		mu.Lock()
		for _, c := range conns {
			_ = c.Close()
		}
		mu.Unlock()
		wg.Wait()
	})
	return netip.MustParseAddrPort(l.Addr().String())
}

// serveTLS makes the handshake on every connection and handles what is left of it.
func serveTLS(t testing.TB, cfg *tls.Config, handle func(net.Conn)) netip.AddrPort {
	t.Helper()
	return serve(t, func(c net.Conn) {
		server := tls.Server(c, cfg)
		if server.Handshake() == nil && handle != nil {
			handle(server)
		}
	})
}

// replying reads one request and answers it with these bytes.
func replying(reply string) func(net.Conn) {
	return func(c net.Conn) {
		if _, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
			_, _ = io.WriteString(c, reply)
		}
	}
}

const okReply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\nok"

// answering is a resolver that gives these addresses for every name.
func answering(addrs ...string) func(context.Context, []netip.AddrPort, string, dns.Options) *dns.Lookup {
	return func(_ context.Context, _ []netip.AddrPort, host string, _ dns.Options) *dns.Lookup {
		l := &dns.Lookup{Host: host, RCode: "NOERROR", Outcome: reason.OK, Duration: reason.Seconds(3 * time.Millisecond)}
		for _, a := range addrs {
			l.Addresses = append(l.Addresses, netip.MustParseAddr(a))
		}
		return l
	}
}

// failing is a resolver that gives no address, for this reason.
func failing(why reason.Reason) func(context.Context, []netip.AddrPort, string, dns.Options) *dns.Lookup {
	return func(_ context.Context, _ []netip.AddrPort, host string, _ dns.Options) *dns.Lookup {
		return &dns.Lookup{
			Host: host, Duration: reason.Seconds(3 * time.Millisecond), Outcome: why.Outcome(), Reason: why, Detail: "no address of " + host,
		}
	}
}

// refusing is a dialer that fails with err.
func refusing(err error) Dialer {
	return func(context.Context, netip.AddrPort) (net.Conn, error) { return nil, err }
}

// target aims at a host of style none behind a port on loopback.
func target(host string, scheme catalog.Scheme, port uint16) Target {
	return Target{
		Endpoint: catalog.Endpoint{
			ID: "shop/office/public", Product: "shop", Region: "office", Network: catalog.Public, Host: host,
			Ports: &catalog.Ports{HTTPS: port, HTTP: port},
		},
		Scheme: scheme,
	}
}

// at is target with the address named, so that no DNS takes part.
func at(host string, scheme catalog.Scheme, addr netip.AddrPort) Target {
	tg := target(host, scheme, addr.Port())
	tg.Address = addr.Addr()
	return tg
}

// onLoopback is the configuration of a prober for the servers of these tests, which trusts
// p's root and lives when p's certificates are valid.
func onLoopback(p pki) Config {
	return Config{
		Guard: Guard{AllowPrivate: true}, Roots: pool(p.root), Timeout: time.Minute,
		Clock: Clock{NowFunc: func() time.Time { return now }, ElapsedFunc: unstalled},
	}
}

// unstalled is a clock by which the process always ran, however busy the machine is.
func unstalled() time.Duration { return 0 }

// want checks outcome and reason, which is the whole observation's and the first address's.
func want(t *testing.T, o Observation, outcome reason.Outcome, why reason.Reason) {
	t.Helper()
	if o.Outcome != outcome || o.Reason != why {
		t.Fatalf("%s %s (%s), want %s %s", o.Outcome, o.Reason, o.Detail, outcome, why)
	}
}

// expired is a context whose deadline has passed.
func expired(t *testing.T) context.Context {
	ctx, cancel := context.WithDeadline(t.Context(), time.Unix(1, 0))
	t.Cleanup(cancel)
	return ctx
}

// stopped is a context that was cancelled with a cause of its own, as that of
// signal.NotifyContext is.
func stopped(t *testing.T) context.Context {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("terminated signal received"))
	return ctx
}

// loopback443 is an address for dialers that do not dial.
var loopback443 = netip.MustParseAddrPort("127.0.0.1:443")

// answeredBy is a dialer whose connections take what is written, give these bytes, and then
// err at every read.
func answeredBy(sent []byte, err error) Dialer {
	return func(context.Context, netip.AddrPort) (net.Conn, error) {
		return &scripted{sent: sent, err: err}, nil
	}
}

type scripted struct {
	net.Conn
	sent []byte
	err  error
}

func (c *scripted) Read(b []byte) (int, error) {
	if len(c.sent) == 0 {
		return 0, c.err
	}
	n := copy(b, c.sent)
	c.sent = c.sent[n:]
	return n, nil
}

func (c *scripted) Write(b []byte) (int, error)      { return len(b), nil }
func (c *scripted) Close() error                     { return nil }
func (c *scripted) SetDeadline(time.Time) error      { return nil }
func (c *scripted) SetReadDeadline(time.Time) error  { return nil }
func (c *scripted) SetWriteDeadline(time.Time) error { return nil }

// neverDialled is a dialer that fails the test.
func neverDialled(t testing.TB) Dialer {
	return func(_ context.Context, addr netip.AddrPort) (net.Conn, error) {
		t.Errorf("%s was dialled", addr)
		return nil, errors.New("not allowed")
	}
}

// serverConfig is a TLS server with p's leaf.
func serverConfig(p pki) *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{served(p.leaf, p.intermediate)}, Time: func() time.Time { return now }}
}
