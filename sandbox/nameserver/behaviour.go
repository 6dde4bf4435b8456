package nameserver

import (
	"bytes"
	"net/netip"

	"golang.org/x/net/dns/dnsmessage"
)

// AnswerFunc answers a question about h or about a name below or beside it.
type AnswerFunc func(q Question, h Host) Answer

// Behaviour is what a zone does about one host. The zero Behaviour answers cleanly:
// the host's addresses, and NXDOMAIN for names below and beside it.
type Behaviour struct {
	Host   AnswerFunc // for the host itself; nil: its addresses
	Below  AnswerFunc // for names below it; nil: they do not exist
	Beside AnswerFunc // for <first label>-<anything> beside it; nil: they do not exist
	// Elsewhere answers for the names that concern no host, whichever host has it; nil: as usual.
	Elsewhere AnswerFunc
}

// Clean reports whether b changes nothing.
func (b Behaviour) Clean() bool {
	return b.Host == nil && b.Below == nil && b.Beside == nil && b.Elsewhere == nil
}

func (b Behaviour) at(where place) AnswerFunc {
	switch where {
	case belowHost:
		return b.Below
	case besideHost:
		return b.Beside
	}
	if b.Host == nil {
		return addresses
	}
	return b.Host
}

// addresses answers with the host's own addresses.
func addresses(q Question, h Host) Answer { return addressesOf(q, h.Name, h) }

// addressesOf answers with the addresses of h under another owner name.
func addressesOf(q Question, owner string, h Host) Answer {
	var set []netip.Addr
	switch q.Asked.Type {
	case dnsmessage.TypeA:
		set = h.V4
	case dnsmessage.TypeAAAA:
		set = h.V6
	}
	if len(set) == 0 {
		return noData(q)
	}
	var a Answer
	for _, addr := range set {
		a.Records = append(a.Records, address(owner, addr))
	}
	return a
}

// Answers leads the host to the given addresses instead of its own.
func Answers(choose func(Host) (v4, v6 []netip.Addr)) Behaviour {
	return Behaviour{Host: func(q Question, h Host) Answer {
		h.V4, h.V6 = choose(h)
		return addresses(q, h)
	}}
}

// RCode answers every question about the host with a response code alone.
func RCode(rcode dnsmessage.RCode) Behaviour {
	return always(Answer{RCode: rcode, NotAuthoritative: true})
}

// NXDomain says that the host does not exist.
func NXDomain() Behaviour {
	return Behaviour{Host: func(q Question, _ Host) Answer { return noSuchName(q) }}
}

// Filtered denies the host and says by an extended error that a filter does so.
func Filtered() Behaviour {
	const filtered = 17 // RFC 8914 section 4.18
	return always(Answer{RCode: dnsmessage.RCodeNameError, NotAuthoritative: true, ExtendedError: filtered})
}

// NoData says that the host exists and has no address.
func NoData() Behaviour {
	return Behaviour{Host: func(q Question, _ Host) Answer { return noData(q) }}
}

// Saying answers every question with a response code alone.
func Saying(rcode dnsmessage.RCode) AnswerFunc {
	return func(Question, Host) Answer { return Answer{RCode: rcode, NotAuthoritative: true} }
}

// Mute answers no question.
func Mute(Question, Host) Answer { return Answer{Silent: true} }

// Leading leads every name to one IPv4 address.
func Leading(to netip.Addr) AnswerFunc {
	return func(q Question, _ Host) Answer {
		a := addressesOf(q, q.Name, Host{V4: []netip.Addr{to}})
		a.NotAuthoritative = true
		return a
	}
}

// Addressless knows the servers and the start of every zone, as a resolver does that has them from
// its memory or its own configuration, and answers whatever else it is asked with a response code alone.
func Addressless(rcode dnsmessage.RCode) AnswerFunc {
	return func(q Question, _ Host) Answer {
		a := Answer{RCode: rcode}
		switch q.Asked.Type {
		case dnsmessage.TypeNS:
			a = saying(ns(q.Name, "ns1.sandbox.test"))
		case dnsmessage.TypeSOA:
			a = saying(soa(q.Name, positiveTTL))
		}
		a.NotAuthoritative = true
		return a
	}
}

// Silence does not answer questions about the host.
func Silence() Behaviour { return always(Answer{Silent: true}) }

// always answers every question about the host alike.
func always(a Answer) Behaviour { return Behaviour{Host: func(Question, Host) Answer { return a }} }

// Referral points at other name servers instead of answering.
func Referral() Behaviour {
	return Behaviour{Host: func(q Question, _ Host) Answer {
		return Answer{NotAuthoritative: true, Authority: []dnsmessage.Resource{ns(Apex(q.Name), "ns1.elsewhere.test")}}
	}}
}

// Truncated sets the TC bit over UDP. Over TCP the whole answer is given if tcpWorks;
// else it is truncated there too.
func Truncated(tcpWorks bool) Behaviour {
	return Behaviour{Host: func(q Question, h Host) Answer {
		if q.TCP && tcpWorks {
			return addresses(q, h)
		}
		return Answer{Truncated: true}
	}}
}

// TruncatedWithoutTCP sets the TC bit over UDP and closes TCP connections.
func TruncatedWithoutTCP() Behaviour {
	return Behaviour{Host: func(q Question, _ Host) Answer {
		return Answer{Truncated: true, Silent: q.TCP}
	}}
}

// altered answers with the host's addresses in an answer that change has been at.
func altered(change func(Question, *Answer)) Behaviour {
	return Behaviour{Host: func(q Question, h Host) Answer {
		a := addresses(q, h)
		change(q, &a)
		return a
	}}
}

// OtherQuestion answers with the question section of another question.
func OtherQuestion() Behaviour {
	return altered(func(q Question, a *Answer) {
		other := q.Asked
		other.Name = dnsName("other." + Apex(q.Name))
		a.Asked = &other
	})
}

// WrongID answers with a transaction id that was not asked with.
func WrongID() Behaviour { return altered(func(_ Question, a *Answer) { a.Rewrite = flipID }) }

// StrayFirst sends a packet with a wrong transaction id ahead of the right answer.
func StrayFirst() Behaviour { return altered(func(_ Question, a *Answer) { a.Stray = flipID }) }

func flipID(message []byte) []byte {
	out := bytes.Clone(message)
	out[0] ^= 0xff
	return out
}

// Lasting answers with the host's addresses, to be kept for so many seconds.
func Lasting(seconds uint32) Behaviour {
	return altered(func(_ Question, a *Answer) {
		for i := range a.Records {
			a.Records[i].Header.TTL = seconds
		}
	})
}

// OtherOwner answers with an address that belongs to another name.
func OtherOwner() Behaviour {
	return Behaviour{Host: func(q Question, h Host) Answer {
		return addressesOf(q, "other."+Apex(q.Name), h)
	}}
}

// OtherClass answers with the host's addresses in class HS, whose records of addresses look alike (those of CH do not).
func OtherClass() Behaviour {
	return altered(func(_ Question, a *Answer) {
		for i := range a.Records {
			a.Records[i].Header.Class = dnsmessage.ClassHESIOD
		}
	})
}

// Garbled cuts the answer off in the middle of a record, after a good header.
func Garbled() Behaviour {
	return Behaviour{Host: func(q Question, h Host) Answer {
		// Both types get a record, so that there is one to cut.
		a := saying(address(h.Name, h.Spare))
		a.Rewrite = func(message []byte) []byte {
			cut := headerSize + int(q.Asked.Name.Length) + 1 + 4 + 5 // inside the record's header
			return message[:min(cut, len(message))]
		}
		return a
	}}
}

// Empty answers with packets of length zero.
func Empty() Behaviour {
	return always(Answer{Rewrite: func([]byte) []byte { return nil }})
}

// EDNSRefused answers FORMERR to questions with EDNS and cleanly to plain ones, as
// servers from before RFC 2671 do.
func EDNSRefused() Behaviour {
	return only(func(q Question) bool { return q.EDNS }, always(Answer{RCode: dnsmessage.RCodeFormatError}))
}

// OnlyType applies b to questions of type t and answers others cleanly.
func OnlyType(t dnsmessage.Type, b Behaviour) Behaviour {
	return only(func(q Question) bool { return q.Asked.Type == t }, b)
}

// OnlyServer applies b at one of several servers, counted from 0.
func OnlyServer(server int, b Behaviour) Behaviour {
	return only(func(q Question) bool { return q.Server == server }, b)
}

func only(is func(Question) bool, b Behaviour) Behaviour {
	return Behaviour{Host: func(q Question, h Host) Answer {
		if is(q) {
			return b.at(atHost)(q, h)
		}
		return addresses(q, h)
	}}
}

// Wildcard gives names beside the host, which nobody listed, the host's address.
func Wildcard() Behaviour {
	return Behaviour{Beside: func(q Question, h Host) Answer { return addressesOf(q, q.Name, h) }}
}

// Hijacked gives names that do not exist, beside the host and elsewhere, an address at which
// there is nothing.
func Hijacked() Behaviour {
	invented := func(q Question, _ Host) Answer {
		return addressesOf(q, q.Name, Host{V4: []netip.Addr{netip.AddrFrom4([4]byte{198, 51, 100, 7})}})
	}
	return Behaviour{Beside: invented, Elsewhere: invented}
}
