package nameserver_test

import (
	"net"
	"slices"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"prober/sandbox/nameserver"
)

// TestOneServerOnly: a behaviour of the second server does not show at the first.
func TestOneServerOnly(t *testing.T) {
	z := zone()
	z.Set("ecs.aliyuncs.com", nameserver.OnlyServer(1, nameserver.NXDomain()))
	first := serve(t, z, nameserver.Config{Number: 0})
	second := serve(t, z, nameserver.Config{Number: 1})
	q := question{name: "ecs.aliyuncs.com.", kind: dnsmessage.TypeA}
	if m := ask(t, first, "udp", q); m.RCode != 0 {
		t.Errorf("first: %v", m.RCode)
	}
	if m := ask(t, second, "udp", q); m.RCode != dnsmessage.RCodeNameError {
		t.Errorf("second: %v", m.RCode)
	}
}

// TestTruncation: an answer beyond the client's limit is cut to nothing over UDP with TC
// set, and whole over TCP.
func TestTruncation(t *testing.T) {
	z := zone()
	z.Set("kms.cn-beijing.aliyuncs.com", nameserver.Chain(40, false))
	s := serve(t, z, nameserver.Config{})
	q := question{name: "kms.cn-beijing.aliyuncs.com.", kind: dnsmessage.TypeA}
	if m := ask(t, s, "udp", q); !m.Truncated || len(m.Answers) != 0 {
		t.Errorf("UDP: truncated %v, %d answers", m.Truncated, len(m.Answers))
	}
	if m := ask(t, s, "tcp", q); m.Truncated || len(m.Answers) != 41 {
		t.Errorf("TCP: truncated %v, %d answers", m.Truncated, len(m.Answers))
	}
	q.edns = true
	if m := ask(t, s, "udp", q); m.Truncated || len(m.Answers) != 41 {
		t.Errorf("UDP with EDNS: truncated %v, %d answers", m.Truncated, len(m.Answers))
	}
}

// TestIgnoresWhatIsNoQuestion: answers and fragments get no answer, lest two servers talk
// to each other for ever.
func TestIgnoresWhatIsNoQuestion(t *testing.T) {
	s := serve(t, zone(), nameserver.Config{})
	reply := question{name: "ecs.aliyuncs.com.", kind: dnsmessage.TypeA}.pack(t)
	reply[0], reply[2] = 99, reply[2]|0x80 // another id, and QR
	c, err := net.Dial("udp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	// The good question is answered last, and nothing before it.
	for _, p := range [][]byte{reply, {1, 2, 3}, {}, question{name: "ecs.aliyuncs.com.", kind: dnsmessage.TypeA}.pack(t)} {
		if _, err := c.Write(p); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 1024)
	n, err := c.Read(buf)
	if err != nil {
		t.Fatal(err)
	}
	var m dnsmessage.Message
	if err := m.Unpack(buf[:n]); err != nil || m.ID != 7 || m.RCode != 0 || len(m.Answers) != 1 {
		t.Errorf("%v, %v", m, err)
	}
}

// TestPipelined: several questions over one TCP connection (RFC 7766, section 6.2.1.1).
func TestPipelined(t *testing.T) {
	s := serve(t, zone(), nameserver.Config{})
	c, err := net.Dial("tcp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	one := question{name: "ecs.aliyuncs.com.", kind: dnsmessage.TypeA}.pack(t)
	framed := append([]byte{0, byte(len(one))}, one...)
	if _, err := c.Write(slices.Concat(framed, framed, framed)); err != nil {
		t.Fatal(err)
	}
	got := 0
	buf := make([]byte, 4096)
	for got < 3*(2+len(one)+16) {
		n, err := c.Read(buf)
		if err != nil {
			t.Fatalf("after %d bytes: %v", got, err)
		}
		got += n
	}
}

// TestDelayDoesNotQueue: a question that waits for its delayed answer keeps no other waiting.
func TestDelayDoesNotQueue(t *testing.T) {
	delays := make(chan time.Duration, 2)
	delays <- time.Hour
	delays <- 0
	s := serve(t, zone(), nameserver.Config{Delay: func() time.Duration { return <-delays }})
	c, err := net.Dial("udp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	for range 2 {
		if _, err := c.Write(question{name: "ecs.aliyuncs.com.", kind: dnsmessage.TypeA}.pack(t)); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Read(make([]byte, 1024)); err != nil {
		t.Fatal(err)
	}
}

func TestObserve(t *testing.T) {
	seen := make(chan nameserver.Question, 1)
	s := serve(t, zone(), nameserver.Config{Observe: func(q nameserver.Question) { seen <- q }, Number: 1})
	ask(t, s, "tcp", question{name: "ECS.aliyuncs.com.", kind: dnsmessage.TypeAAAA, edns: true})
	q := <-seen
	if q.Name != "ecs.aliyuncs.com" || !q.TCP || q.Server != 1 || !q.EDNS || q.Asked.Type != dnsmessage.TypeAAAA {
		t.Errorf("%+v", q)
	}
}

func TestCloseTwice(t *testing.T) {
	s, err := nameserver.Start(nameserver.Config{Answer: zone().Answer})
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.Dial("tcp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := net.Dial("tcp", s.Addr().String()); err == nil {
		t.Error("it still listens")
	}
}
