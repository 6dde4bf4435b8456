package nameserver

import (
	"errors"
	"net/netip"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

// Sizes of answers over UDP, in bytes: what every client takes (RFC 1035, section
// 4.2.1), and the largest that is sent to a client that takes more (the size agreed on
// DNS flag day 2020, which avoids fragments).
const (
	plainUDPSize = 512
	ednsUDPSize  = 1232
)

// rcodeBadVersion answers an EDNS version that is not served (RFC 6891, section 9).
const rcodeBadVersion dnsmessage.RCode = 16

// Question is one question as it arrived.
type Question struct {
	Header dnsmessage.Header
	Asked  dnsmessage.Question // with the client's upper and lower case
	Name   string              // the name in lower case, without the final dot
	TCP    bool
	Server int  // which of several servers was asked, from 0
	EDNS   bool // an OPT record came with the question

	udpSize     int // the largest answer that the client takes over UDP
	ednsVersion byte
}

// Record is one resource record of an answer. Address, Target or SOA says what it
// holds.
type Record struct {
	Owner   string     // without the final dot
	Address netip.Addr // A or AAAA
	Target  string     // a CNAME, or a name server if NS is set
	NS      bool
	SOA     bool   // the start of authority of Owner
	TTL     uint32 // seconds
}

// Answer is what a zone wants said. The zero Answer is NOERROR without records.
type Answer struct {
	RCode     dnsmessage.RCode
	Records   []Record // the answer section
	Authority []Record

	NotAuthoritative bool
	Truncated        bool
	// Asked, when not nil, is put into the question section instead of the real one.
	Asked *dnsmessage.Question

	// Silent sends nothing; over TCP the connection is closed.
	Silent bool
	// Stray makes, from the finished message, a packet to send before it over UDP.
	Stray func(message []byte) []byte
	// Rewrite damages the finished message; what it returns is sent.
	Rewrite func(message []byte) []byte
}

var errNotAQuestion = errors.New("not a question")

// parseQuestion reads a query. With an error other than errNotAQuestion the header
// that is returned is good enough for an answer of FORMERR.
func parseQuestion(message []byte) (Question, error) {
	var p dnsmessage.Parser
	h, err := p.Start(message)
	if err != nil || h.Response {
		return Question{}, errNotAQuestion
	}
	q := Question{Header: h, udpSize: plainUDPSize}
	asked, err := p.AllQuestions()
	if err != nil {
		return q, err
	}
	if len(asked) != 1 {
		return q, errors.New("not exactly one question")
	}
	q.Asked = asked[0]
	q.Name = strings.ToLower(strings.TrimSuffix(q.Asked.Name.String(), "."))
	if err := p.SkipAllAnswers(); err != nil {
		return q, err
	}
	if err := p.SkipAllAuthorities(); err != nil {
		return q, err
	}
	for {
		rh, err := p.AdditionalHeader()
		if errors.Is(err, dnsmessage.ErrSectionDone) {
			return q, nil
		}
		if err != nil {
			return q, err
		}
		if rh.Type == dnsmessage.TypeOPT {
			q.EDNS = true
			q.ednsVersion = byte(rh.TTL >> 16)
			q.udpSize = max(plainUDPSize, min(int(rh.Class), ednsUDPSize))
		}
		if err := p.SkipAdditional(); err != nil {
			return q, err
		}
	}
}

// pack builds the message that says a to q.
func pack(q Question, a Answer) ([]byte, error) {
	b := dnsmessage.NewBuilder(make([]byte, 0, plainUDPSize), dnsmessage.Header{
		ID:                 q.Header.ID,
		Response:           true,
		OpCode:             q.Header.OpCode,
		Authoritative:      !a.NotAuthoritative,
		Truncated:          a.Truncated,
		RecursionDesired:   q.Header.RecursionDesired,
		RecursionAvailable: true,
		RCode:              a.RCode & 0xf,
	})
	b.EnableCompression()
	asked := q.Asked
	if a.Asked != nil {
		asked = *a.Asked
	}
	err := b.StartQuestions()
	if err == nil && asked.Name.Length > 0 {
		err = b.Question(asked)
	}
	if err == nil {
		err = b.StartAnswers()
	}
	for i := 0; err == nil && i < len(a.Records); i++ {
		err = add(&b, q, a.Records[i])
	}
	if err == nil {
		err = b.StartAuthorities()
	}
	for i := 0; err == nil && i < len(a.Authority); i++ {
		err = add(&b, q, a.Authority[i])
	}
	if err == nil && q.EDNS {
		err = addOPT(&b, a.RCode)
	}
	if err != nil {
		return nil, err
	}
	return b.Finish()
}

func addOPT(b *dnsmessage.Builder, rcode dnsmessage.RCode) error {
	if err := b.StartAdditionals(); err != nil {
		return err
	}
	var h dnsmessage.ResourceHeader
	if err := h.SetEDNS0(ednsUDPSize, rcode, false); err != nil {
		return err
	}
	return b.OPTResource(h, dnsmessage.OPTResource{})
}

// add appends one record. Owners equal to the name asked for keep the client's case.
func add(b *dnsmessage.Builder, q Question, r Record) error {
	owner, err := dnsName(r.Owner)
	if err != nil {
		return err
	}
	if strings.EqualFold(r.Owner, q.Name) && q.Asked.Name.Length > 0 {
		owner = q.Asked.Name
	}
	h := dnsmessage.ResourceHeader{Name: owner, Class: dnsmessage.ClassINET, TTL: r.TTL}
	switch {
	case r.SOA:
		return addSOA(b, h, r)
	case r.Target != "":
		target, err := dnsName(r.Target)
		if err != nil {
			return err
		}
		if r.NS {
			return b.NSResource(h, dnsmessage.NSResource{NS: target})
		}
		return b.CNAMEResource(h, dnsmessage.CNAMEResource{CNAME: target})
	case r.Address.Is4():
		return b.AResource(h, dnsmessage.AResource{A: r.Address.As4()})
	}
	return b.AAAAResource(h, dnsmessage.AAAAResource{AAAA: r.Address.As16()})
}

func addSOA(b *dnsmessage.Builder, h dnsmessage.ResourceHeader, r Record) error {
	ns, err := dnsName("ns1." + r.Owner)
	if err != nil {
		return err
	}
	mbox, err := dnsName("hostmaster." + r.Owner)
	if err != nil {
		return err
	}
	return b.SOAResource(h, dnsmessage.SOAResource{
		NS: ns, MBox: mbox, Serial: 1, Refresh: 3600, Retry: 600, Expire: 86400, MinTTL: negativeTTL,
	})
}

func dnsName(s string) (dnsmessage.Name, error) {
	return dnsmessage.NewName(strings.TrimSuffix(s, ".") + ".")
}
