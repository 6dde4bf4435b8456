package nameserver_test

import (
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"prober/sandbox/nameserver"
)

func addr(s string) netip.Addr { return netip.MustParseAddr(s) }

func zone() *nameserver.Zone {
	return nameserver.NewZone([]nameserver.Host{
		{Name: "ecs.aliyuncs.com", V4: []netip.Addr{addr("127.0.0.1")}, V6: []netip.Addr{addr("::1")}, Spare: addr("127.0.0.2")},
		{Name: "kms.cn-beijing.aliyuncs.com", V4: []netip.Addr{addr("127.0.0.1")}, Spare: addr("127.0.0.2")},
		{Name: "kms-vpc.cn-beijing.aliyuncs.com", V4: []netip.Addr{addr("127.1.0.1")}, Spare: addr("127.1.0.2")},
		{Name: "gaap.tencentcloudapi.com", V4: []netip.Addr{addr("127.0.0.1")}, Spare: addr("127.0.0.2")},
		{Name: "ecs.aliyuncs.com", V4: []netip.Addr{addr("127.0.0.9")}}, // a second product on one host
	})
}

func serve(t testing.TB, z *nameserver.Zone, cfg nameserver.Config) *nameserver.Server {
	t.Helper()
	cfg.Answer = z.Answer
	s, err := nameserver.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// question is a query message.
type question struct {
	name  string
	kind  dnsmessage.Type
	class dnsmessage.Class // 0: IN
	op    dnsmessage.OpCode
	edns  bool
	v1    bool // EDNS version 1
	count int  // of questions; 0: 1
}

func (q question) pack(t testing.TB) []byte {
	t.Helper()
	if q.class == 0 {
		q.class = dnsmessage.ClassINET
	}
	m := dnsmessage.Message{Header: dnsmessage.Header{ID: 7, RecursionDesired: true, OpCode: q.op}}
	for range max(1, q.count) {
		m.Questions = append(m.Questions, dnsmessage.Question{Name: dnsmessage.MustNewName(q.name), Type: q.kind, Class: q.class})
	}
	if q.count < 0 {
		m.Questions = nil
	}
	if q.edns || q.v1 {
		var h dnsmessage.ResourceHeader
		if err := h.SetEDNS0(4096, dnsmessage.RCodeSuccess, false); err != nil {
			t.Fatal(err)
		}
		if q.v1 {
			h.TTL |= 1 << 16
		}
		m.Additionals = []dnsmessage.Resource{{Header: h, Body: &dnsmessage.OPTResource{}}}
	}
	packed, err := m.Pack()
	if err != nil {
		t.Fatal(err)
	}
	return packed
}

// exchange sends a message and returns the answer; nil for silence.
func exchange(t testing.TB, s *nameserver.Server, network string, message []byte) []byte {
	t.Helper()
	c, err := net.Dial(network, s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if err := c.SetDeadline(time.Now().Add(2 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if network == "tcp" {
		message = append([]byte{byte(len(message) >> 8), byte(len(message))}, message...)
	}
	if _, err := c.Write(message); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 64<<10)
	n, err := c.Read(buf)
	switch {
	case err != nil:
		return nil
	case network == "tcp":
		return buf[2:n]
	}
	return buf[:n]
}

func ask(t testing.TB, s *nameserver.Server, network string, q question) dnsmessage.Message {
	t.Helper()
	var m dnsmessage.Message
	if err := m.Unpack(exchange(t, s, network, q.pack(t))); err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	return m
}

// records lists a section as words: "A 127.0.0.1", "CNAME hop1....", "SOA", "NS ...".
func records(section []dnsmessage.Resource) []string {
	var out []string
	for _, r := range section {
		switch b := r.Body.(type) {
		case *dnsmessage.AResource:
			out = append(out, "A "+netip.AddrFrom4(b.A).String())
		case *dnsmessage.AAAAResource:
			out = append(out, "AAAA "+netip.AddrFrom16(b.AAAA).String())
		case *dnsmessage.CNAMEResource:
			out = append(out, "CNAME "+b.CNAME.String())
		case *dnsmessage.NSResource:
			out = append(out, "NS "+b.NS.String())
		case *dnsmessage.SOAResource:
			out = append(out, "SOA "+r.Header.Name.String())
		}
	}
	return out
}

func TestCleanZone(t *testing.T) {
	s := serve(t, zone(), nameserver.Config{})
	a, aaaa := dnsmessage.TypeA, dnsmessage.TypeAAAA
	for _, test := range []struct {
		q         question
		rcode     dnsmessage.RCode
		answers   string
		authority string
	}{
		{question{name: "ecs.aliyuncs.com.", kind: a}, 0, "A 127.0.0.1", ""},
		{question{name: "ecs.aliyuncs.com.", kind: aaaa}, 0, "AAAA ::1", ""},
		{question{name: "ecs.aliyuncs.com.", kind: dnsmessage.TypeTXT}, 0, "", "SOA aliyuncs.com."},
		{question{name: "kms-vpc.cn-beijing.aliyuncs.com.", kind: a}, 0, "A 127.1.0.1", ""},
		{question{name: "kms-vpc.cn-beijing.aliyuncs.com.", kind: aaaa}, 0, "", "SOA aliyuncs.com."},
		{question{name: "ECS.aliyunCS.com.", kind: a}, 0, "A 127.0.0.1", ""},
		{question{name: "nothing.aliyuncs.com.", kind: a}, 3, "", "SOA aliyuncs.com."},
		{question{name: "ecs-x1.aliyuncs.com.", kind: a}, 3, "", "SOA aliyuncs.com."},
		{question{name: "below.ecs.aliyuncs.com.", kind: a}, 3, "", "SOA aliyuncs.com."},
		{question{name: "cn-beijing.aliyuncs.com.", kind: a}, 0, "", "SOA aliyuncs.com."}, // an empty non-terminal exists, RFC 8020
		{question{name: "aliyuncs.com.", kind: a}, 0, "", "SOA aliyuncs.com."},
		{question{name: "aliyuncs.com.", kind: dnsmessage.TypeSOA}, 0, "SOA aliyuncs.com.", ""},
		{question{name: "tencentcloudapi.com.", kind: dnsmessage.TypeNS}, 0, "NS ns1.tencentcloudapi.com. NS ns2.tencentcloudapi.com.", ""},
		{question{name: ".", kind: dnsmessage.TypeNS}, 0, "NS ns1.sandbox.test.", ""},
		{question{name: "example.org.", kind: a}, 5, "", ""},
		{question{name: "com.", kind: a}, 5, "", ""},
		{question{name: "ecs.aliyuncs.com.", kind: a, class: dnsmessage.ClassCHAOS}, 5, "", ""},
		{question{name: "ecs.aliyuncs.com.", kind: a, op: 4}, 4, "", ""},
		{question{name: "ecs.aliyuncs.com.", kind: a, count: 2}, 1, "", ""},
		{question{name: "ecs.aliyuncs.com.", kind: a, count: -1}, 1, "", ""},
	} {
		for _, network := range []string{"udp", "tcp"} {
			m := ask(t, s, network, test.q)
			if m.RCode != test.rcode || strings.Join(records(m.Answers), " ") != test.answers || strings.Join(records(m.Authorities), " ") != test.authority {
				t.Errorf("%+v over %s: %v %v %v", test.q, network, m.RCode, records(m.Answers), records(m.Authorities))
			}
			if !m.Response || m.ID != 7 || !m.RecursionAvailable || !m.RecursionDesired {
				t.Errorf("%+v over %s: header %+v", test.q, network, m.Header)
			}
		}
	}
}

func TestQuestionComesBackAsAsked(t *testing.T) {
	s := serve(t, zone(), nameserver.Config{})
	m := ask(t, s, "udp", question{name: "eCs.aLiYuNcS.CoM.", kind: dnsmessage.TypeA})
	if m.Questions[0].Name.String() != "eCs.aLiYuNcS.CoM." || m.Answers[0].Header.Name.String() != "eCs.aLiYuNcS.CoM." {
		t.Errorf("%v, %v", m.Questions, m.Answers)
	}
}

func TestEDNS(t *testing.T) {
	s := serve(t, zone(), nameserver.Config{})
	opt := func(m dnsmessage.Message) *dnsmessage.Resource {
		for _, r := range m.Additionals {
			if r.Header.Type == dnsmessage.TypeOPT {
				return &r
			}
		}
		return nil
	}
	if r := opt(ask(t, s, "udp", question{name: "ecs.aliyuncs.com.", kind: dnsmessage.TypeA})); r != nil {
		t.Errorf("OPT without being asked: %v", r)
	}
	r := opt(ask(t, s, "udp", question{name: "ecs.aliyuncs.com.", kind: dnsmessage.TypeA, edns: true}))
	if r == nil || r.Header.Class != 1232 {
		t.Errorf("OPT %v", r)
	}
	m := ask(t, s, "udp", question{name: "ecs.aliyuncs.com.", kind: dnsmessage.TypeA, v1: true})
	if r := opt(m); r == nil || r.Header.ExtendedRCode(m.RCode) != 16 || len(m.Answers) != 0 {
		t.Errorf("EDNS version 1: %v, want BADVERS", m)
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

// TestChainStepByStep asks for each name of a chain by itself.
func TestChainStepByStep(t *testing.T) {
	z := zone()
	z.Set("ecs.aliyuncs.com", nameserver.Chain(3, false))
	s := serve(t, z, nameserver.Config{})
	for name, want := range map[string]int{
		"ecs.aliyuncs.com.": 4, "hop1.ecs.aliyuncs.com.": 3, "hop2.ecs.aliyuncs.com.": 2, "hop3.ecs.aliyuncs.com.": 1,
	} {
		if m := ask(t, s, "udp", question{name: name, kind: dnsmessage.TypeA}); len(m.Answers) != want {
			t.Errorf("%s: %v, want %d records", name, records(m.Answers), want)
		}
	}
	for _, name := range []string{"hop4.ecs.aliyuncs.com.", "hop0.ecs.aliyuncs.com.", "hopx.ecs.aliyuncs.com.", "other.ecs.aliyuncs.com."} {
		if m := ask(t, s, "udp", question{name: name, kind: dnsmessage.TypeA}); m.RCode != dnsmessage.RCodeNameError {
			t.Errorf("%s: %v", name, m.RCode)
		}
	}
	z.Set("ecs.aliyuncs.com", nameserver.Behaviour{})
	if m := ask(t, s, "udp", question{name: "ecs.aliyuncs.com.", kind: dnsmessage.TypeA}); len(m.Answers) != 1 {
		t.Errorf("after it was made clean: %v", records(m.Answers))
	}
}

// TestNamesBelongToHosts: a fault of one host must not touch names of another.
func TestNamesBelongToHosts(t *testing.T) {
	z := zone()
	for name, want := range map[string]string{
		"ecs.aliyuncs.com":                    "ecs.aliyuncs.com",
		"hop1.ecs.aliyuncs.com":               "ecs.aliyuncs.com",
		"ecs-123.aliyuncs.com":                "ecs.aliyuncs.com",
		"kms-123.cn-beijing.aliyuncs.com":     "kms.cn-beijing.aliyuncs.com",
		"kms-vpc-123.cn-beijing.aliyuncs.com": "kms-vpc.cn-beijing.aliyuncs.com",
		"kms-vpc.cn-beijing.aliyuncs.com":     "kms-vpc.cn-beijing.aliyuncs.com",
		"ecsx.aliyuncs.com":                   "",
		"cn-beijing.aliyuncs.com":             "",
		"kms-1.cn-hangzhou.aliyuncs.com":      "",
		"":                                    "",
	} {
		if h, ok := z.HostOf(name); h.Name != want || ok != (want != "") {
			t.Errorf("%q belongs to %q, want %q", name, h.Name, want)
		}
	}
	if h, _ := z.HostOf("ecs.aliyuncs.com"); h.V4[0] != addr("127.0.0.1") {
		t.Errorf("the second of two hosts of one name counts: %v", h)
	}
}

func TestApex(t *testing.T) {
	for name, want := range map[string]string{
		"ecs.cn-hangzhou.aliyuncs.com": "aliyuncs.com", "aliyuncs.com": "aliyuncs.com", "localhost": "localhost", "": "",
	} {
		if got := nameserver.Apex(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

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

// TestIgnoresWhatIsNoQuestion: answers and fragments get no answer, lest two servers talk
// to each other for ever.
func TestIgnoresWhatIsNoQuestion(t *testing.T) {
	s := serve(t, zone(), nameserver.Config{})
	reply := question{name: "ecs.aliyuncs.com.", kind: dnsmessage.TypeA}.pack(t)
	reply[2] |= 0x80 // QR
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
	if err := c.SetReadDeadline(time.Now().Add(2 * time.Second)); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 1024)
	n, err := c.Read(buf)
	if err != nil {
		t.Fatal(err)
	}
	var m dnsmessage.Message
	if err := m.Unpack(buf[:n]); err != nil || m.RCode != 0 || len(m.Answers) != 1 {
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
	if err := c.SetDeadline(time.Now().Add(2 * time.Second)); err != nil {
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

// TestDelayDoesNotQueue: questions that wait for their delayed answers wait side by side.
func TestDelayDoesNotQueue(t *testing.T) {
	const delay, count = 200 * time.Millisecond, 50
	s := serve(t, zone(), nameserver.Config{Delay: func() time.Duration { return delay }})
	c, err := net.Dial("udp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	began := time.Now()
	for range count {
		if _, err := c.Write(question{name: "ecs.aliyuncs.com.", kind: dnsmessage.TypeA}.pack(t)); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.SetReadDeadline(began.Add(count * delay / 2)); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 1024)
	for i := range count {
		if _, err := c.Read(buf); err != nil {
			t.Fatalf("answer %d: %v", i, err)
		}
	}
	if took := time.Since(began); took < delay {
		t.Errorf("answered after %v, want %v or more", took, delay)
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
