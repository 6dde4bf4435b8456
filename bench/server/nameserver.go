package server

import (
	"net"
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

// nameserver answers for the hosts over UDP. Their addresses are given out in turn.
type nameserver struct {
	hosts     int
	addresses []netip.Addr // IPv4
}

// serve answers until conn is closed. A message that is no question is left without an
// answer.
func (n *nameserver) serve(conn *net.UDPConn) {
	in := make([]byte, 1500)
	for {
		size, from, err := conn.ReadFromUDPAddrPort(in)
		if err != nil {
			return
		}
		if answer, ok := n.answer(in[:size]); ok {
			_, _ = conn.WriteToUDPAddrPort(answer, from)
		}
	}
}

// answer returns the answer to a message, and false if it is not exactly one question.
func (n *nameserver) answer(message []byte) ([]byte, bool) {
	var asked dnsmessage.Message
	if err := asked.Unpack(message); err != nil || asked.Response || len(asked.Questions) != 1 {
		return nil, false
	}
	q := asked.Questions[0]
	host, known := n.host(q.Name.String())
	m := dnsmessage.Message{
		Header: dnsmessage.Header{
			ID: asked.ID, Response: true, Authoritative: true,
			RecursionDesired: asked.RecursionDesired, RecursionAvailable: true,
		},
		Questions: asked.Questions,
	}
	if !known {
		m.RCode = dnsmessage.RCodeNameError
	}
	if known && q.Type == dnsmessage.TypeA {
		m.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 60},
			Body:   &dnsmessage.AResource{A: n.addresses[host%len(n.addresses)].As4()},
		}}
	}
	answer, err := m.Pack()
	return answer, err == nil
}

// host returns the number in a name that [World.Host] made, in any case.
func (n *nameserver) host(name string) (int, bool) {
	label, parent, _ := strings.Cut(strings.ToLower(name), ".")
	digits, found := strings.CutPrefix(label, "h")
	i, err := strconv.ParseUint(digits, 10, 31)
	if !found || err != nil || len(digits) != 5 || parent != domain+"." || i >= uint64(n.hosts) {
		return 0, false
	}
	return int(i), true
}
