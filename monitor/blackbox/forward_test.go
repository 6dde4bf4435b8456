package blackbox

import (
	"io"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"
)

// forward lets a resolver be asked at port 53 of another address: that is where resolv.conf can send to.
func forward(t *testing.T, host string, to netip.AddrPort) {
	t.Helper()
	at := net.JoinHostPort(host, "53")
	datagrams, err := net.ListenPacket("udp4", at)
	if err != nil {
		t.Fatal(err)
	}
	streams, err := net.Listen("tcp4", at)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	t.Cleanup(func() {
		_ = datagrams.Close()
		_ = streams.Close()
		all.Wait()
	})
	all.Go(func() {
		question := make([]byte, 4096)
		for {
			n, from, err := datagrams.ReadFrom(question)
			if err != nil {
				return
			}
			asked := append([]byte(nil), question[:n]...)
			all.Go(func() { relay(datagrams, from, to, asked) })
		}
	})
	all.Go(func() {
		for {
			c, err := streams.Accept()
			if err != nil {
				return
			}
			all.Go(func() { join(c, to) })
		}
	})
}

// forwardTime is for how long a question is waited for: longer than who asked waits.
const forwardTime = 5 * time.Second

// relay hands on whatever comes in answer to one datagram.
func relay(back net.PacketConn, from net.Addr, to netip.AddrPort, question []byte) {
	c, err := net.Dial("udp4", to.String())
	if err != nil {
		return
	}
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(forwardTime))
	if _, err := c.Write(question); err != nil {
		return
	}
	answer := make([]byte, 64<<10)
	for {
		n, err := c.Read(answer)
		if err != nil {
			return
		}
		_, _ = back.WriteTo(answer[:n], from)
	}
}

// join connects a stream with another.
func join(c net.Conn, to netip.AddrPort) {
	defer func() { _ = c.Close() }()
	there, err := net.Dial("tcp4", to.String())
	if err != nil {
		return
	}
	defer func() { _ = there.Close() }()
	end := time.Now().Add(forwardTime)
	_, _ = c.SetDeadline(end), there.SetDeadline(end)
	var both sync.WaitGroup
	both.Go(func() {
		_, _ = io.Copy(there, c)
	})
	_, _ = io.Copy(c, there)
	_ = c.Close()
	both.Wait()
}
