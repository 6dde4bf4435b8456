package dns

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"prober/probe/reason"
)

// serve runs a resolver on real sockets, UDP and TCP on the same port of address, until the
// test ends.
func serve(t testing.TB, address string, r resolver) netip.AddrPort {
	t.Helper()
	var (
		packets  net.PacketConn
		listener net.Listener
	)
	for range 20 { // the port that UDP gets may be taken for TCP
		var err error
		if packets, err = net.ListenPacket("udp", net.JoinHostPort(address, "0")); err != nil {
			t.Skipf("needs the address %s on this machine: %v", address, err)
		}
		if listener, err = net.Listen("tcp", packets.LocalAddr().String()); err == nil {
			break
		}
		_ = packets.Close()
	}
	if listener == nil {
		t.Fatal("no port is free for both UDP and TCP")
	}
	t.Cleanup(func() { _ = packets.Close(); _ = listener.Close() })
	go serveUDP(packets, r)
	go serveTCP(listener, r)
	return packets.LocalAddr().(*net.UDPAddr).AddrPort()
}

func serveUDP(packets net.PacketConn, r resolver) {
	buffer := make([]byte, 4096)
	for {
		n, client, err := packets.ReadFrom(buffer)
		if err != nil {
			return
		}
		a := asked{network: "udp", raw: append([]byte(nil), buffer[:n]...)}
		if a.Unpack(a.raw) != nil {
			continue
		}
		for _, p := range r.answer(a) {
			_, _ = packets.WriteTo(p, client)
		}
	}
}

func serveTCP(listener net.Listener, r resolver) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		raw, err := readFramed(conn)
		a := asked{network: "tcp", raw: raw}
		if err == nil && a.Unpack(raw) == nil {
			for _, p := range r.answer(a) {
				_, _ = conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(p))), p...))
			}
		}
		_ = conn.Close()
	}
}

func TestRealSockets(t *testing.T) {
	for _, address := range []string{"127.0.0.1", "::1"} {
		at := serve(t, address, zone("example.com 60 A 192.0.2.9\n example.com 60 AAAA 2001:db8::9"))
		l := (&Client{}).Lookup(context.Background(), []netip.AddrPort{at}, "example.com", Options{Canary: "no.example.com"})
		if l.Outcome != reason.OK || len(l.Addresses) != 2 || l.Resolver != at || l.Duration <= 0 {
			t.Errorf("%s: %+v", address, l)
		}
	}
}

func TestRealTCPFallback(t *testing.T) {
	at := serve(t, "127.0.0.1", truncating(func(a asked) [][]byte {
		return [][]byte{a.reply(func(m *dnsmessage.Message) {
			m.Answers = rrs(strings.Repeat("example.com 60 A 192.0.2.9\n", 3000)) // more than one segment
		})}
	}))
	a := (&Client{}).Query(context.Background(), at, "example.com", A)
	if a.Reason != reason.None || !a.TCPFallback || len(a.Addresses) != 3000 {
		t.Errorf("reason %q (%s), %d addresses", a.Reason, a.Detail, len(a.Addresses))
	}
}

// TestConnectionClosedDuringTheAnswer: the server ends the connection inside the message.
func TestConnectionClosedDuringTheAnswer(t *testing.T) {
	client, server := net.Pipe()
	go func() {
		if _, err := readFramed(server); err == nil {
			_, _ = server.Write([]byte{0, 50, 1, 2, 3})
		}
		_ = server.Close()
	}()
	n, c := newNetwork(t, truncating(nil))
	c.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		if network == "tcp" {
			return client, nil
		}
		return n.dial(ctx, network, address)
	}
	a := c.Query(context.Background(), resolver1, "example.com", A)
	if a.Reason != reason.ResolveTruncated || !strings.Contains(a.Detail, io.ErrUnexpectedEOF.Error()) {
		t.Errorf("%q (%s)", a.Reason, a.Detail)
	}
}

func TestNobodyListens(t *testing.T) {
	packets, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := packets.LocalAddr().(*net.UDPAddr).AddrPort()
	if err := packets.Close(); err != nil {
		t.Fatal(err)
	}
	l := (&Client{}).Lookup(context.Background(), []netip.AddrPort{closed}, "example.com", Options{})
	if l.Reason != reason.ProberResolverUnavailable || l.Outcome != reason.Unknown || !strings.Contains(l.Detail, "connection refused") {
		t.Errorf("%+v", l)
	}
}

// TestSilenceEndsAtTheTimeout uses a real socket that nobody reads.
func TestSilenceEndsAtTheTimeout(t *testing.T) {
	at := serve(t, "127.0.0.1", silent)
	for d := 40 * time.Millisecond; ; d *= 4 { // the machine may be too busy to ask twice in the time
		a := (&Client{Timeout: d}).Query(context.Background(), at, "example.com", A)
		if a.Reason != reason.ResolveTimeout || !a.Retransmitted && d > 10*time.Second || a.Duration.Duration() < d {
			t.Fatalf("%+v", a)
		} else if a.Retransmitted {
			return
		}
	}
}

func TestDeadlineOfTheContextIsSilence(t *testing.T) {
	at := serve(t, "127.0.0.1", silent)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if a := (&Client{Timeout: time.Hour}).Query(ctx, at, "example.com", A); a.Reason != reason.ResolveTimeout {
		t.Errorf("%+v", a)
	}
	<-ctx.Done()
	// With no time left nothing can be asked, so nothing is known about the name.
	l := (&Client{}).Lookup(ctx, []netip.AddrPort{at}, "example.com", Options{})
	if l.Outcome != reason.Unknown || l.Reason != reason.ProberResolverUnavailable {
		t.Errorf("%+v", l)
	}
}

func TestCancellationEndsAWaitingQuestion(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	at := serve(t, "127.0.0.1", resolver{answer: func(asked) [][]byte { cancel(); return nil }})
	l := (&Client{Timeout: time.Hour}).Lookup(ctx, []netip.AddrPort{at}, "example.com", Options{})
	if l.Outcome != reason.Unknown || l.Reason != reason.ProberCanceled {
		t.Errorf("%+v", l)
	}
	l = (&Client{Timeout: time.Hour}).Lookup(ctx, []netip.AddrPort{at}, "example.com", Options{})
	if l.Reason != reason.ProberCanceled {
		t.Errorf("already canceled: %+v", l)
	}
}

func TestCancellationDuringTCP(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	at := serve(t, "127.0.0.1", truncating(func(asked) [][]byte { cancel(); <-ctx.Done(); return nil }))
	if a := (&Client{Timeout: time.Hour}).Query(ctx, at, "example.com", A); a.Reason != reason.ProberCanceled || !a.TCPFallback {
		t.Errorf("%+v", a)
	}
}

// TestEachQuestionHasItsOwnPort: the port is half of what a forger has to guess.
func TestEachQuestionHasItsOwnPort(t *testing.T) {
	ports := map[string]int{}
	c := &Client{Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err == nil {
			ports[conn.LocalAddr().String()]++
		}
		return conn, err
	}}
	at := serve(t, "127.0.0.1", zone("example.com 60 A 192.0.2.9"))
	for range 20 {
		if a := c.Query(context.Background(), at, "example.com", A); a.Reason != reason.None {
			t.Fatalf("%+v", a)
		}
	}
	if len(ports) < 15 { // chance may repeat one
		t.Errorf("20 questions came from %d ports", len(ports))
	}
}

// What is wrong with an answer that does not fit is its size, not what was cut off.
func TestDatagramBeyondAllBounds(t *testing.T) {
	addr := serve(t, "127.0.0.1", resolver{answer: func(a asked) [][]byte {
		return [][]byte{a.reply(func(m *dnsmessage.Message) {
			m.Answers = rrs(strings.Repeat("example.com 60 A 192.0.2.9\n", 200))
		})}
	}})
	a := (&Client{}).Query(t.Context(), addr, "example.com", A)
	if a.Reason != reason.ResolveMalformed || !strings.Contains(a.Detail, "more than 2048 bytes came, where 1232") {
		t.Errorf("%s %q", a.Reason, a.Detail)
	}
}
