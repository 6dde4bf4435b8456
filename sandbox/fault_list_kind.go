package sandbox

import (
	"net/netip"
	"slices"

	"golang.org/x/net/dns/dnsmessage"

	"prober/catalog"
	"prober/probe/reason"
	"prober/sandbox/nameserver"
)

// kindFaults break what a list of somebody's own expects of endpoints that speak no HTTP.
func kindFaults() []spec {
	records := scope{own: func(o *catalog.Own) bool { return o.DNS.RCode == "" || len(o.DNS.Records) > 0 }}
	return []spec{
		faultOf(reason.VerifyUnexpectedBytes, "", "the first bytes are those of an SSH server's greeting, or of a mail server's where that is expected",
			behaviour{talk: otherBytes}).needing(NeedTCP),
		faultOf(reason.VerifyUnexpectedBytes, "cut", "the connection is closed inside the bytes that are expected", behaviour{talk: halfOfThem}).
			at(scope{own: func(o *catalog.Own) bool { return len(expectedOf(o)) > 1 }}).needing(NeedTCP),
		faultOf(reason.VerifyUnexpectedRCode, "", "the answer is SERVFAIL, or REFUSED where that is expected", behaviour{asked: otherRCode}).needing(NeedDNS),
		faultOf(reason.VerifyUnexpectedRecords, "", "the records are others than are expected", behaviour{asked: otherRecords}).
			at(scope{own: func(o *catalog.Own) bool { return len(o.DNS.Records) > 0 }}).needing(NeedDNS),
		faultOf(reason.VerifyUnexpectedRecords, "none", "the answer has no record", behaviour{asked: noRecords}).at(records).needing(NeedDNS),
	}
}

// ExampleOwn is a way to be probed at which a fault shows that is for endpoints of kind tcp or dns; nil for all
// other faults.
func ExampleOwn(f Fault) *catalog.Own {
	switch f.Needs {
	case NeedTCP:
		return &catalog.Own{Kind: catalog.KindTCP, TCP: &catalog.TCPTalk{Send: "PING\r\n", Expect: "+PONG\r\n"}}
	case NeedDNS:
		return &catalog.Own{Kind: catalog.KindDNS, DNS: &catalog.DNSQuestion{Name: "www.example.com", Records: []string{"192.0.2.80", "192.0.2.81"}}}
	}
	return nil
}

// shows tells whether an endpoint is probed in a way at which the fault shows.
func (s spec) shows(e *catalog.Endpoint, own *catalog.Own) bool {
	kind := kindOf(own)
	_, err := netip.ParseAddr(e.Host)
	switch {
	case s.Whole:
		return true
	case !slices.Contains(s.behaviour.kinds(), kind), s.scope.own != nil && !s.scope.own(own):
		return false
	case err == nil && !s.behaviour.dns.Clean(): // whoever is not looked up
		return false
	}
	return kind != catalog.KindTCP || s.behaviour.talk == nil || len(expectedOf(own)) > 0
}

// hidden says why a fault does not show at an endpoint.
func (s spec) hidden(e *catalog.Endpoint, own *catalog.Own) string {
	kind := kindOf(own)
	_, err := netip.ParseAddr(e.Host)
	switch {
	case !slices.Contains(s.behaviour.kinds(), kind), s.Reason == reason.ConnectUnreachable && kind == catalog.KindDNS:
		return "it does not show at an endpoint of kind " + string(kind)
	case err == nil && !s.behaviour.dns.Clean():
		return "its host is an address, which is not looked up"
	case kind == catalog.KindTCP:
		return "its list expects no bytes, or one alone"
	}
	return "its list expects no records"
}

func expectedOf(own *catalog.Own) []byte {
	if own.TCP == nil {
		return nil
	}
	b, _ := own.TCP.Expect.Bytes()
	return b
}

func otherBytes(c *connection, expected []byte) {
	other := "SSH-2.0-sandbox\r\n"
	if expected[0] == other[0] {
		other = "220 mail.sandbox.test ESMTP\r\n"
	}
	saying(other, (*connection).drain)(c, nil)
}

func halfOfThem(c *connection, expected []byte) {
	_, _ = c.tcp.Write(expected[:len(expected)/2]) // the client may be gone
	c.drain()
}

func unanswered(*catalog.DNSQuestion) nameserver.AnswerFunc { return nameserver.Mute }

func otherRCode(q *catalog.DNSQuestion) nameserver.AnswerFunc {
	if q.RCode == "SERVFAIL" {
		return nameserver.Saying(dnsmessage.RCodeRefused)
	}
	return nameserver.Saying(dnsmessage.RCodeServerFailure)
}

// otherRecords has another record in place of the first.
func otherRecords(q *catalog.DNSQuestion) nameserver.AnswerFunc {
	records := append([]string{nameserver.MadeUp(typeOf(q), q.Records)}, q.Records[1:]...)
	return nameserver.Written(q.Name, typeOf(q), "", records)
}

func noRecords(q *catalog.DNSQuestion) nameserver.AnswerFunc {
	return nameserver.Written(q.Name, typeOf(q), "", nil)
}
