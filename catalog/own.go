package catalog

import (
	"encoding/hex"
	"net/netip"
	"reflect"
	"strings"
)

// Own is what a list says of how its endpoints are probed, of a product for all of them or of an endpoint
// alone. All of it is optional: what it leaves out is as it is for every endpoint.
type Own struct {
	// Kind is what a probe does; empty: [KindHTTP].
	Kind Kind         `json:"kind,omitempty"`
	TCP  *TCPTalk     `json:"tcp,omitempty"`
	DNS  *DNSQuestion `json:"dns,omitempty"`

	// Interval is the time from one probe of serve to the next.
	Interval Duration `json:"interval,omitempty"`
	// Timeout bounds one exchange, one ClientHello or one DNS question.
	Timeout Duration `json:"timeout,omitempty"`
	// Resolvers look up the host, as IP or IP:PORT.
	Resolvers []string `json:"resolvers,omitempty"`
	// Addresses are probed in place of those that the name leads to.
	Addresses []string `json:"addresses,omitempty"`
	// Family is 4 or 6: only addresses of this family; 0: both.
	Family uint8 `json:"family,omitempty"`
	// CAFile holds the authorities to trust, in PEM form.
	CAFile string `json:"ca_file,omitempty"`
	// ServerName is the name that is asked for in the handshake and looked for in the certificate, where it
	// is not the host.
	ServerName string `json:"server_name,omitempty"`
	// ClientCertificate and ClientKey are files with the certificate to show, and its key, in PEM form.
	ClientCertificate string `json:"client_certificate,omitempty"`
	ClientKey         string `json:"client_key,omitempty"`

	// Maintenance are the times in which what fails does not count.
	Maintenance []Window `json:"maintenance,omitempty"`
	// Why is a word for people about all this.
	Why string `json:"why,omitempty"`
}

// Kind is what a probe does at an endpoint.
type Kind string

// The kinds.
const (
	KindHTTP Kind = "http" // a request, over TLS or without
	KindTLS  Kind = "tls"  // a handshake, of which the certificate is judged, and no request
	KindTCP  Kind = "tcp"  // a connection, and a few bytes where some are expected
	KindDNS  Kind = "dns"  // a question to a DNS server
)

// Kinds lists the kinds.
func Kinds() []Kind { return []Kind{KindHTTP, KindTLS, KindTCP, KindDNS} }

// Scheme is what an endpoint of a kind is probed over, whatever is selected; empty: what is selected.
func (k Kind) Scheme() Scheme {
	if k == "" || k == KindHTTP {
		return ""
	}
	return Scheme(k)
}

// TCPTalk is what is said over a connection.
type TCPTalk struct {
	Send   Octets `json:"send,omitempty"`   // once connected
	Expect Octets `json:"expect,omitempty"` // the first bytes that are to come
}

// Octets are bytes as a list has them: a text, or "hex:" and their digits.
type Octets string

// Bytes are the bytes themselves; false where they cannot be read.
func (o Octets) Bytes() ([]byte, bool) {
	digits, isHex := strings.CutPrefix(string(o), "hex:")
	if !isHex {
		return []byte(o), true
	}
	b, err := hex.DecodeString(strings.ReplaceAll(digits, " ", ""))
	return b, err == nil
}

// DNSQuestion is what is asked of a DNS server, and what it is to say.
type DNSQuestion struct {
	Name string     `json:"name"`           // without a final dot
	Type RecordType `json:"type,omitempty"` // empty: A
	// RCode is the response code that is expected; empty: NOERROR, with a record at least.
	RCode RCode `json:"rcode,omitempty"`
	// Records are all that are to come, in any order, as dig writes them; none: any will do.
	Records []string `json:"records,omitempty"`
}

// RecordType is a type of DNS records.
type RecordType string

// RecordTypes lists those that can be asked for.
func RecordTypes() []RecordType {
	return []RecordType{"A", "AAAA", "CAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT"}
}

// RCode is a response code of DNS.
type RCode string

// RCodes lists those that can be expected.
func RCodes() []RCode {
	return []RCode{"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "NOTAUTH"}
}

// over is the scheme that the kind of an endpoint has; empty: that of requests.
func (e *Endpoint) over(p *Product) Scheme {
	if own := p.OwnOf(e); own != nil {
		return own.Kind.Scheme()
	}
	return ""
}

// OwnOf returns what the list says of how an endpoint of p is probed: its own over the product's, field by
// field; the maintenance of both. It is nil where neither says anything, and must not be changed.
func (p *Product) OwnOf(e *Endpoint) *Own {
	switch {
	case p.Own == nil:
		return e.Own
	case e.Own == nil:
		return p.Own
	}
	merged := *p.Own
	over, under := reflect.ValueOf(e.Own).Elem(), reflect.ValueOf(&merged).Elem()
	for i := range over.NumField() {
		if f := over.Field(i); !f.IsZero() {
			under.Field(i).Set(f)
		}
	}
	if merged.Kind != p.Kind { // the question of another kind is none of it
		merged.TCP, merged.DNS = e.TCP, e.DNS
	}
	merged.Maintenance = append(append([]Window(nil), p.Maintenance...), e.Maintenance...)
	return &merged
}

// ParseResolver reads a resolver as lists and flags have it: an IP address with or without a port, which is 53 unless
// it is given; false where s is none.
func ParseResolver(s string) (resolver netip.AddrPort, ok bool) {
	if a, err := netip.ParseAddrPort(s); err == nil {
		return a, a.Port() != 0
	}
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	return netip.AddrPortFrom(a, 53), err == nil
}

// ResolverAddresses are the addresses of the resolvers.
func (o *Own) ResolverAddresses() []netip.AddrPort {
	var out []netip.AddrPort
	for _, s := range o.Resolvers {
		if a, ok := ParseResolver(s); ok { // which validation saw to
			out = append(out, a)
		}
	}
	return out
}

// GivenAddresses are the addresses to probe.
func (o *Own) GivenAddresses() []netip.Addr {
	var out []netip.Addr
	for _, s := range o.Addresses {
		if a, err := netip.ParseAddr(s); err == nil {
			out = append(out, a)
		}
	}
	return out
}
