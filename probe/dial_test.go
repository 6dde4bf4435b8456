package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"

	"prober/catalog"
	"prober/probe/reason"
)

func TestConnectFindings(t *testing.T) {
	errno := func(e error) error {
		return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", e)}
	}
	const four, six = "192.0.2.7:443", "[2001:db8::7]:443"
	for _, tt := range []struct {
		name    string
		addr    string
		err     error
		noRoute bool
		want    reason.Reason
	}{
		{"refused", four, errno(syscall.ECONNREFUSED), false, reason.ConnectRefused},
		{"reset", four, errno(syscall.ECONNRESET), false, reason.ConnectReset},
		{"deadline", four, errno(os.ErrDeadlineExceeded), false, reason.ConnectTimeout},
		{"deadline of the context", four, context.DeadlineExceeded, false, reason.ConnectTimeout},
		{"kernel gives up", four, errno(syscall.ETIMEDOUT), false, reason.ConnectTimeout},
		{"host unreachable", four, errno(syscall.EHOSTUNREACH), false, reason.ConnectUnreachable},
		{"network unreachable", six, errno(syscall.ENETUNREACH), false, reason.ConnectUnreachable},
		{"no route, IPv4", four, errno(syscall.ENETUNREACH), true, reason.ProberVantageNoIPv4},
		{"no route, IPv6", six, errno(syscall.ENETUNREACH), true, reason.ProberVantageNoIPv6},
		{"no route to the host, IPv6", six, errno(syscall.EHOSTUNREACH), true, reason.ProberVantageNoIPv6},
		{"no address of that family", six, errno(syscall.EADDRNOTAVAIL), true, reason.ProberVantageNoIPv6},
		{"prohibited by a route, IPv4", four, errno(syscall.EACCES), true, reason.ProberVantageNoIPv4},
		{"prohibited by a route, IPv6", six, errno(syscall.EACCES), true, reason.ProberVantageNoIPv6},
		{"into a black hole", four, errno(syscall.EINVAL), true, reason.ProberVantageNoIPv4},
		{"no such family", six, errno(syscall.EAFNOSUPPORT), false, reason.ProberVantageNoIPv6},
		{"ports used up", four, errno(syscall.EADDRNOTAVAIL), false, reason.ProberPortsExhausted},
		{"ports used up, to that address", six, errno(syscall.EADDRINUSE), false, reason.ProberPortsExhausted},
		{"process out of descriptors", four, errno(syscall.EMFILE), false, reason.ProberFDExhausted},
		{"machine out of descriptors", four, errno(syscall.ENFILE), false, reason.ProberFDExhausted},
		{"router says that packets are too large", four, errno(syscall.EMSGSIZE), false, reason.ConnectUnreachable},
		{"router says that the host is down", six, errno(syscall.EHOSTDOWN), false, reason.ConnectUnreachable},
		{"not permitted, IPv6, by anybody", six, errno(syscall.EACCES), false, reason.ConnectUnreachable},
		{"not permitted by this machine", four, errno(syscall.EACCES), false, reason.ProberInternal},
		{"not permitted", four, errno(syscall.EPERM), false, reason.ProberInternal},
		{"no buffers", four, errno(syscall.ENOBUFS), false, reason.ProberInternal},
		{"anything else", four, errors.New("odd"), false, reason.ProberInternal},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := connectFinding(t.Context(), netip.MustParseAddrPort(tt.addr), tt.err, func(netip.AddrPort) bool { return tt.noRoute })
			if f.Reason != tt.want || f.Detail == "" {
				t.Errorf("%v, want %s", f, tt.want)
			}
			if f := connectFinding(stopped(t), netip.MustParseAddrPort(tt.addr), tt.err, nil); f.Reason != reason.ProberCanceled {
				t.Errorf("when cancelled: %v", f)
			}
		})
	}
}

func TestConnectRefused(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := netip.MustParseAddrPort(l.Addr().String())
	_ = l.Close()
	for _, scheme := range []catalog.Scheme{catalog.HTTPS, catalog.HTTP} {
		o := New(onLoopback(newPKI())).Probe(t.Context(), at(goodHost, scheme, addr))
		want(t, o, reason.Fail, reason.ConnectRefused)
		if a := o.Addresses[0]; a.TLS != nil || a.HTTP != nil || a.Phases.Reached != reason.Connect {
			t.Errorf("%s: %+v", scheme, a)
		}
	}
}

// TestUnreachable dials the broadcast address of the loopback network, which Linux has a
// route to and makes no connection with.
func TestUnreachable(t *testing.T) {
	addr := netip.MustParseAddrPort("127.255.255.255:443")
	conn, err := dialTCP(t.Context(), addr)
	if err == nil {
		_ = conn.Close()
		t.Skip("this machine connects to a broadcast address")
	}
	if !errors.Is(err, syscall.ENETUNREACH) && !errors.Is(err, syscall.EHOSTUNREACH) {
		t.Skipf("this machine says %v of a broadcast address", err)
	}
	o := New(onLoopback(newPKI())).Probe(t.Context(), at(goodHost, catalog.HTTPS, addr))
	if routeMissing(addr) {
		want(t, o, reason.Unknown, reason.ProberVantageNoIPv4)
	} else {
		want(t, o, reason.Fail, reason.ConnectUnreachable)
	}
}

func TestRouteMissing(t *testing.T) {
	if routeMissing(netip.MustParseAddrPort("127.0.0.1:1")) {
		t.Error("no route to the loopback address")
	}
	if !routeMissing(netip.MustParseAddrPort("[fe80::1%nosuchif]:1")) && !routeMissing(netip.MustParseAddrPort("[2001:db8::1]:1")) {
		t.Skip("this machine has a route to everything")
	}
}

// TestDialExactly dials an address in each of its forms.
func TestDialExactly(t *testing.T) {
	addr := serve(t, func(net.Conn) {})
	for _, a := range []netip.Addr{addr.Addr(), netip.AddrFrom16(addr.Addr().As16())} {
		conn, err := dialTCP(t.Context(), netip.AddrPortFrom(a, addr.Port()))
		if err != nil {
			t.Fatal(fmt.Errorf("%s: %w", a, err))
		}
		if got := conn.RemoteAddr().String(); got != addr.String() {
			t.Errorf("%s: connected to %s, want %s", a, got, addr)
		}
		_ = conn.Close()
	}
	if conn, err := dialTCP(expired(t), addr); err == nil || conn != nil {
		t.Errorf("dialling after the deadline: %v, %v", conn, err)
	}
}

// TestPlainHTTPThatNobodyServes probes a product that refuses plain HTTP: not being served
// is what its documents promise, a missing route is not.
func TestPlainHTTPThatNobodyServes(t *testing.T) {
	for _, tt := range []struct {
		err     error
		outcome reason.Outcome
		why     reason.Reason
	}{
		{syscall.ECONNREFUSED, reason.OK, reason.None},
		{syscall.ECONNRESET, reason.OK, reason.None},
		{os.ErrDeadlineExceeded, reason.OK, reason.None},
		{syscall.EMFILE, reason.Unknown, reason.ProberFDExhausted},
		{syscall.EAFNOSUPPORT, reason.Unknown, reason.ProberVantageNoIPv4},
	} {
		cfg := onLoopback(newPKI())
		cfg.Dial = refusing(tt.err)
		tg := at(goodHost, catalog.HTTP, loopback443)
		tg.Product = httpsOnly(catalog.StyleAlibabaRPC)
		o := New(cfg).Probe(t.Context(), tg)
		want(t, o, tt.outcome, tt.why)
		if tt.outcome == reason.OK && !strings.Contains(o.Detail, "refused, as documented: connect/") {
			t.Errorf("%v: detail %q", tt.err, o.Detail)
		}
		tg.Product = catalog.Product{}
		if o := New(cfg).Probe(t.Context(), tg); o.Outcome == reason.OK {
			t.Errorf("%v: ok for a product that serves plain HTTP", tt.err)
		}
	}
}

// httpsOnly is a product whose documents say that plain HTTP is refused.
func httpsOnly(style catalog.APIStyle) catalog.Product {
	return catalog.Product{ID: "kms", APIStyle: style, APIVersion: "2016-01-20", Rules: catalog.Rules{
		Schemes: &catalog.SchemeRule{Served: []catalog.Scheme{catalog.HTTPS}, Refused: []catalog.Scheme{catalog.HTTP}},
	}}
}
