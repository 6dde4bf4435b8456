package dns

import (
	"bytes"
	"encoding/binary"

	"golang.org/x/net/dns/dnsmessage"
)

const (
	// udpPayload is the size that EDNS(0) announces: the largest that is not fragmented on
	// any usual path (DNS flag day 2020).
	udpPayload = 1232
	headerSize = 12 // RFC 1035 section 4.1.1
)

// appendQuestion appends to buf the message that asks for records of type t of name, and
// returns it with the offset at which its question section ends. It asks for recursion
// and, with the AD bit, to be told whether the answer was validated (RFC 6840 section 5.7).
func appendQuestion(buf []byte, id uint16, name dnsmessage.Name, t Type, edns bool) (message []byte, questionEnd int, err error) {
	b := dnsmessage.NewBuilder(buf, dnsmessage.Header{ID: id, RecursionDesired: true, AuthenticData: true})
	if err := b.StartQuestions(); err != nil {
		return nil, 0, err
	}
	if err := b.Question(dnsmessage.Question{Name: name, Type: dnsmessage.Type(t), Class: dnsmessage.ClassINET}); err != nil {
		return nil, 0, err
	}
	if edns {
		if err := b.StartAdditionals(); err != nil {
			return nil, 0, err
		}
		var h dnsmessage.ResourceHeader
		if err := h.SetEDNS0(udpPayload, dnsmessage.RCodeSuccess, false); err != nil {
			return nil, 0, err
		}
		if err := b.OPTResource(h, dnsmessage.OPTResource{}); err != nil {
			return nil, 0, err
		}
	}
	message, err = b.Finish()
	if err != nil {
		return nil, 0, err
	}
	nameSize := int(name.Length) + 1 // a length byte for each dot, and the root's zero
	if name.Length == 1 {
		nameSize = 1 // the root itself
	}
	return message, len(buf) + headerSize + nameSize + 4, nil
}

// packet says what a received packet is to the question that was asked.
type packet uint8

const (
	reply         packet = iota // the answer to the question, as far as header and question go
	unparseable                 // not a DNS response
	wrongID                     // a DNS response to something else, or a forger's guess
	wrongQuestion               // the right id but another question
	noQuestion                  // the right id and no question
)

// classify compares a received message with the one sent. Only the header and the question
// of a message with the right id are read: whether the rest makes sense is seen later.
func classify(received, sent []byte, questionEnd int) packet {
	if len(received) < headerSize {
		return unparseable
	}
	flags := binary.BigEndian.Uint16(received[2:])
	if flags&0x8000 == 0 { // QR clear: a query
		return unparseable
	}
	if !bytes.Equal(received[:2], sent[:2]) {
		if !wellFormed(received) {
			return unparseable
		}
		return wrongID
	}
	if flags&0x7800 != 0 { // the OPCODE of something else than a standard query
		return wrongQuestion
	}
	questions := binary.BigEndian.Uint16(received[4:])
	if questions == 0 {
		// A server that did not understand the question may leave it out of its error.
		if code := dnsmessage.RCode(flags & 0xf); code != dnsmessage.RCodeSuccess && code != dnsmessage.RCodeNameError {
			return reply
		}
		return noQuestion
	}
	if questions == 1 && len(received) >= questionEnd && sameQuestion(received[headerSize:questionEnd], sent[headerSize:questionEnd]) {
		return reply
	}
	var p dnsmessage.Parser
	if _, err := p.Start(received); err != nil || p.SkipAllQuestions() != nil {
		return unparseable
	}
	return wrongQuestion
}

// sameQuestion compares two question sections of one length, the letters of names without case
// (RFC 4343). No byte of what else stands there is a letter: labels end at 63 bytes, and the
// types and the class that are asked for are small.
func sameQuestion(a, b []byte) bool {
	for i := range a {
		if lowerASCII(a[i]) != lowerASCII(b[i]) {
			return false
		}
	}
	return true
}

// wellFormed reports whether all sections of message can be walked.
func wellFormed(message []byte) bool {
	var p dnsmessage.Parser
	if _, err := p.Start(message); err != nil {
		return false
	}
	return p.SkipAllQuestions() == nil && p.SkipAllAnswers() == nil &&
		p.SkipAllAuthorities() == nil && p.SkipAllAdditionals() == nil
}
