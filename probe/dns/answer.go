package dns

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"prober/probe/reason"
)

// Type is the type of record that a question asks for.
type Type uint16

// The types that the prober asks for, with their numbers in the IANA registry of DNS
// resource record types.
const (
	A    Type = 1  // an IPv4 address, RFC 1035 section 3.4.1
	NS   Type = 2  // a name server of a zone; asked for the root as the control question
	SOA  Type = 6  // the start of a zone of authority
	AAAA Type = 28 // an IPv6 address, RFC 3596
)

// typeNames has the types of [RecordTexts] as well.
var typeNames = map[Type]string{
	A: "A", NS: "NS", typeCNAME: "CNAME", SOA: "SOA", typePTR: "PTR", typeMX: "MX", typeTXT: "TXT", AAAA: "AAAA", typeSRV: "SRV", typeCAA: "CAA",
}

// String returns the type's mnemonic, or TYPE with its number as RFC 3597 writes it.
func (t Type) String() string {
	if name, ok := typeNames[t]; ok {
		return name
	}
	return "TYPE" + strconv.Itoa(int(t))
}

// MarshalText writes the mnemonic.
func (t Type) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (t *Type) UnmarshalText(text []byte) error {
	for known, name := range typeNames {
		if name == string(text) {
			*t = known
			return nil
		}
	}
	n, err := strconv.ParseUint(strings.TrimPrefix(string(text), "TYPE"), 10, 16)
	if err != nil {
		return fmt.Errorf("unknown type of record %q", text)
	}
	*t = Type(n)
	return nil
}

// CNAME is one link of a chain of aliases.
type CNAME struct {
	Owner  string        // lower case, without the final dot
	Target string        // in the same form
	TTL    time.Duration // as answered: a cache counts it down
}

// Answer is everything that one question to one resolver brought to light, whether it was
// answered or not. Names are lower case, without the final dot, and escaped as in RFC 1035
// section 5.1.
type Answer struct {
	Resolver netip.AddrPort `json:"resolver"`
	Name     string         `json:"name"`
	Type     Type           `json:"type"`

	// RCode is the response code's mnemonic ("NOERROR", "NXDOMAIN", "RCODE3841"); empty if
	// no answer came.
	RCode     string        `json:"rcode"`
	CNAMEs    []CNAME       `json:"-"`         // from the name asked for, in the order of the chain
	Addresses []netip.Addr  `json:"addresses"` // of the end of the chain, in the order answered
	MinTTL    time.Duration `json:"-"`         // the shortest of the records of the chain and its end
	MaxTTL    time.Duration `json:"-"`         // the longest of them
	// Duration is from before the socket was opened to the end of the answer, or until it
	// was given up, repeats included.
	Duration reason.Seconds `json:"duration_seconds"`

	Truncated          bool `json:"-"`            // the TC bit was set over UDP
	TCPFallback        bool `json:"tcp_fallback"` // asked again over TCP for that reason
	Retransmitted      bool `json:"-"`            // half of the time passed in silence and the datagram was sent again
	PlainRetry         bool `json:"-"`            // EDNS was rejected, or got no answer, and the question asked again without
	Authoritative      bool `json:"-"`            // the AA bit
	RecursionAvailable bool `json:"-"`            // the RA bit
	AuthenticData      bool `json:"-"`            // the AD bit: the resolver says that it validated the answer
	EDNS               bool `json:"-"`            // the answer carries an OPT record
	// ExtendedError is what the resolver says about its failure (RFC 8914), as in
	// "22 No Reachable Authority: at delegation example.com."; empty if nothing.
	ExtendedError string `json:"-"`
	// Strays counts the packets that came but did not answer the question.
	Strays int `json:"-"`

	// Reason is None if the record asked for was answered.
	Reason reason.Reason `json:"reason"`
	Detail string        `json:"detail"` // one line for people; empty if Reason is None

	// follow is the end of the chain if the answer says nothing about it, as wire labels
	// joined by dots: to be asked next.
	follow string
}

// MarshalJSON writes the part of it that is documented.
func (a Answer) MarshalJSON() ([]byte, error) {
	type plain Answer
	a.Addresses = append([]netip.Addr{}, a.Addresses...) // [] and never null
	return json.Marshal(plain(a))
}
