package nameserver

import (
	"encoding/binary"
	"errors"
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

// Answer is what a zone wants said. The zero Answer is NOERROR without records.
type Answer struct {
	RCode     dnsmessage.RCode
	Records   []dnsmessage.Resource // the answer section
	Authority []dnsmessage.Resource

	// ExtendedError is an info code of RFC 8914; 0: none is sent.
	ExtendedError uint16

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

// extendedErrorOption is the option code of RFC 8914.
const extendedErrorOption = 15

// headerSize is the size of a message's header in bytes.
const headerSize = 12

// parseQuestion reads a query. With an error other than errNotAQuestion the header
// that is returned is good enough for an answer of FORMERR.
func parseQuestion(message []byte) (Question, error) {
	var m dnsmessage.Message
	err := m.Unpack(message)
	if len(message) < headerSize || m.Response {
		return Question{}, errNotAQuestion
	}
	q := Question{Header: m.Header, udpSize: plainUDPSize}
	if len(m.Questions) == 1 {
		q.Asked = m.Questions[0]
		q.Name = strings.ToLower(strings.TrimSuffix(q.Asked.Name.String(), "."))
	} else if err == nil {
		err = errors.New("not exactly one question")
	}
	for _, r := range m.Additionals {
		if r.Header.Type == dnsmessage.TypeOPT {
			q.EDNS = true
			q.ednsVersion = byte(r.Header.TTL >> 16)
			q.udpSize = max(plainUDPSize, min(int(r.Header.Class), ednsUDPSize))
		}
	}
	return q, err
}

// pack builds the message that says a to q.
func pack(q Question, a Answer) ([]byte, error) {
	m := dnsmessage.Message{
		Header: dnsmessage.Header{
			ID:                 q.Header.ID,
			Response:           true,
			OpCode:             q.Header.OpCode,
			Authoritative:      !a.NotAuthoritative,
			Truncated:          a.Truncated,
			RecursionDesired:   q.Header.RecursionDesired,
			RecursionAvailable: true,
			RCode:              a.RCode & 0xf,
		},
		Answers:     inCaseOf(q, a.Records),
		Authorities: inCaseOf(q, a.Authority),
	}
	if a.Asked != nil {
		m.Questions = []dnsmessage.Question{*a.Asked}
	} else if q.Asked.Name.Length > 0 {
		m.Questions = []dnsmessage.Question{q.Asked}
	}
	if q.EDNS {
		var h dnsmessage.ResourceHeader
		if err := h.SetEDNS0(ednsUDPSize, a.RCode, false); err != nil {
			return nil, err
		}
		var opt dnsmessage.OPTResource
		if a.ExtendedError > 0 {
			opt.Options = []dnsmessage.Option{{Code: extendedErrorOption, Data: binary.BigEndian.AppendUint16(nil, a.ExtendedError)}}
		}
		m.Additionals = []dnsmessage.Resource{{Header: h, Body: &opt}}
	}
	return m.Pack()
}

// inCaseOf gives records of the name asked for the client's upper and lower case.
func inCaseOf(q Question, records []dnsmessage.Resource) []dnsmessage.Resource {
	for i := range records {
		if h := &records[i].Header; strings.EqualFold(h.Name.String(), q.Asked.Name.String()) {
			h.Name = q.Asked.Name
		}
	}
	return records
}
