package nameserver_test

import (
	"net"
	"net/netip"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"prober/sandbox/nameserver"
)

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

// patience is how long an answer may take that is bound to come.
const patience = time.Minute

// exchange sends a message and returns the answer; nil for silence.
func exchange(t testing.TB, s *nameserver.Server, network string, message []byte) []byte {
	t.Helper()
	c, err := net.Dial(network, s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
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
