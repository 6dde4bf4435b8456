package dns

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// asked is a question as a fake resolver receives it.
type asked struct {
	network string // "udp" or "tcp"
	raw     []byte
	dnsmessage.Message
}

func (a asked) name() string { return strings.TrimSuffix(a.Questions[0].Name.String(), ".") }
func (a asked) typ() Type    { return Type(a.Questions[0].Type) }
func (a asked) edns() bool   { return len(a.Additionals) > 0 }

// resolver is how a fake resolver behaves: the packets it sends back for a question, none
// for silence, or the error that dialling it gives.
type resolver struct {
	answer  func(a asked) [][]byte
	dialErr error
}

// network connects a client to fake resolvers without sockets and without waiting: a read
// for which nothing is queued reports at once that the deadline has passed.
type network struct {
	t         *testing.T
	resolvers map[string]resolver
	mu        sync.Mutex
	log       []asked
}

var resolver1, resolver2, resolver3 = netip.MustParseAddrPort("192.0.2.1:53"),
	netip.MustParseAddrPort("192.0.2.2:53"), netip.MustParseAddrPort("[2001:db8::3]:53")

// newNetwork returns a network of up to three resolvers and a client on it.
func newNetwork(t *testing.T, resolvers ...resolver) (*network, *Client) {
	n := &network{t: t, resolvers: map[string]resolver{}}
	for i, r := range resolvers {
		n.resolvers[[]netip.AddrPort{resolver1, resolver2, resolver3}[i].String()] = r
	}
	return n, &Client{Dial: n.dial, Timeout: time.Hour}
}

func (n *network) dial(_ context.Context, network, address string) (net.Conn, error) {
	r, ok := n.resolvers[address]
	if !ok {
		return nil, fmt.Errorf("no resolver at %s", address)
	}
	if r.dialErr != nil {
		return nil, r.dialErr
	}
	return &fakeConn{net: n, network: network, resolver: r}, nil
}

// questions lists what was asked, sorted by nothing but arrival, as "name type".
func (n *network) questions() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	var list []string
	for _, a := range n.log {
		list = append(list, a.name()+" "+a.typ().String())
	}
	return list
}

type fakeConn struct {
	net.Conn // the methods that are not used here
	net      *network
	network  string
	resolver resolver
	queue    [][]byte
}

func (c *fakeConn) Write(b []byte) (int, error) {
	a := asked{network: c.network, raw: append([]byte(nil), b...)}
	if c.network == "tcp" {
		a.raw = a.raw[2:]
	}
	if err := a.Unpack(a.raw); err != nil {
		c.net.t.Errorf("client sent a message that cannot be parsed: %v", err)
	}
	c.net.mu.Lock()
	c.net.log = append(c.net.log, a)
	c.net.mu.Unlock()
	for _, p := range c.resolver.answer(a) {
		if c.network == "tcp" {
			p = append([]byte{byte(len(p) >> 8), byte(len(p))}, p...)
		}
		c.queue = append(c.queue, p)
	}
	return len(b), nil
}

func (c *fakeConn) Read(b []byte) (int, error) {
	if len(c.queue) == 0 {
		return 0, os.ErrDeadlineExceeded
	}
	n := copy(b, c.queue[0])
	if c.network == "tcp" && n < len(c.queue[0]) {
		c.queue[0] = c.queue[0][n:]
	} else {
		c.queue = c.queue[1:]
	}
	return n, nil
}

func (c *fakeConn) Close() error                     { return nil }
func (c *fakeConn) SetDeadline(time.Time) error      { return nil }
func (c *fakeConn) SetReadDeadline(time.Time) error  { return nil }
func (c *fakeConn) SetWriteDeadline(time.Time) error { return nil }

// silent never answers.
var silent = resolver{answer: func(asked) [][]byte { return nil }}

// reflex answers every question with what change makes of an empty good answer.
func reflex(change func(a asked, m *dnsmessage.Message)) resolver {
	return resolver{answer: func(a asked) [][]byte {
		return [][]byte{a.reply(func(m *dnsmessage.Message) { change(a, m) })}
	}}
}

// rcode answers every question with a response code and nothing else.
func rcode(code dnsmessage.RCode) resolver {
	return reflex(func(_ asked, m *dnsmessage.Message) { m.RCode = code })
}

// zone answers from records, with NODATA and NXDOMAIN as a recursive resolver would.
func zone(records string) resolver {
	all := rrs(records)
	return reflex(func(a asked, m *dnsmessage.Message) {
		name, exists := a.name(), true
		for range len(all) + 1 {
			next := ""
			exists = false
			for _, r := range all {
				if owner := strings.TrimSuffix(r.Header.Name.String(), "."); owner != name {
					continue
				}
				exists = true
				c, isCNAME := r.Body.(*dnsmessage.CNAMEResource)
				if isCNAME {
					next = strings.TrimSuffix(c.CNAME.String(), ".")
				}
				if isCNAME || r.Header.Type == a.Questions[0].Type {
					m.Answers = append(m.Answers, r)
				}
			}
			if next == "" {
				break
			}
			name, exists = next, true
		}
		if !exists {
			m.RCode = dnsmessage.RCodeNameError
		}
		if n := len(m.Answers); n == 0 || m.Answers[n-1].Header.Type == dnsmessage.TypeCNAME {
			m.Authorities = rrs(". 300 SOA")
		}
	})
}

// reply packs the answer that change makes of an empty NOERROR answer.
func (a asked) reply(change func(m *dnsmessage.Message)) []byte {
	m := dnsmessage.Message{Header: a.Header, Questions: slices.Clone(a.Questions)}
	m.Response, m.RecursionAvailable, m.AuthenticData = true, true, false
	if change != nil {
		change(&m)
	}
	packed, err := m.Pack()
	if err != nil {
		panic(err)
	}
	return packed
}

// rrs parses records written as "owner ttl type data", separated by ";" or line ends.
func rrs(text string) []dnsmessage.Resource {
	var list []dnsmessage.Resource
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == '\n' }) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		ttl, err := strconv.ParseUint(f[1], 10, 32)
		if err != nil {
			panic(err)
		}
		h := dnsmessage.ResourceHeader{Name: wire(f[0]), Class: dnsmessage.ClassINET, TTL: uint32(ttl)}
		var body dnsmessage.ResourceBody
		switch f[2] {
		case "A":
			h.Type, body = dnsmessage.TypeA, &dnsmessage.AResource{A: netip.MustParseAddr(f[3]).As4()}
		case "AAAA":
			h.Type, body = dnsmessage.TypeAAAA, &dnsmessage.AAAAResource{AAAA: netip.MustParseAddr(f[3]).As16()}
		case "CNAME":
			h.Type, body = dnsmessage.TypeCNAME, &dnsmessage.CNAMEResource{CNAME: wire(f[3])}
		case "NS":
			h.Type, body = dnsmessage.TypeNS, &dnsmessage.NSResource{NS: wire(f[3])}
		case "TXT":
			h.Type, body = dnsmessage.TypeTXT, &dnsmessage.TXTResource{TXT: f[3:]}
		case "SOA":
			h.Type, body = dnsmessage.TypeSOA, &dnsmessage.SOAResource{NS: wire("ns.example"), MBox: wire("hostmaster.example")}
		default:
			panic("unknown type " + f[2])
		}
		list = append(list, dnsmessage.Resource{Header: h, Body: body})
	}
	return list
}

func wire(name string) dnsmessage.Name {
	return dnsmessage.MustNewName(strings.TrimSuffix(name, ".") + ".")
}

// opt is an OPT record with the upper bits of an extended response code and options.
func opt(code dnsmessage.RCode, options ...dnsmessage.Option) dnsmessage.Resource {
	var h dnsmessage.ResourceHeader
	if err := h.SetEDNS0(udpPayload, code, false); err != nil {
		panic(err)
	}
	return dnsmessage.Resource{Header: h, Body: &dnsmessage.OPTResource{Options: options}}
}

func addrs(list ...string) []netip.Addr {
	var out []netip.Addr
	for _, s := range list {
		out = append(out, netip.MustParseAddr(s))
	}
	return out
}
