package sandbox_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"syscall"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"prober/catalog"
	"prober/sandbox"
)

// patience is how long the witness waits for what should come, impatience for what should not,
// at first: on a busy machine that may be too short for what comes before it.
const (
	patience   = time.Minute
	impatience = 300 * time.Millisecond
)

// witness looks at one endpoint as a plain client does, and notes everything.
type witness struct {
	s      *sandbox.Sandbox
	e      catalog.Endpoint
	scheme catalog.Scheme // empty: https
	hangs  string         // the step that is expected to hang: dns, aaaa, dial, tls or reply
	hang   time.Duration  // how long it is waited for; zero: impatience
	now    func() time.Time

	versions  [2]uint16 // to offer; zero: TLS 1.0 to 1.3
	suites    []uint16  // to offer up to TLS 1.2; nil: the usual ones
	query     string    // "?Action=..."
	most      int       // bytes of the reply to read
	addresses []netip.Addr
	padding   int // bytes of request body
	seen      seen
}

func (w *witness) wait(step string) time.Duration {
	if w.hangs == step || w.hangs == "dns" && (step == "a" || step == "aaaa") {
		return cmp.Or(w.hang, impatience)
	}
	return patience
}

// seen is what the witness saw.
type seen struct {
	by       *witness // who can look again
	a, aaaa  dnsAnswer
	dial     error
	tls      error
	state    tls.ConnectionState
	verified error  // of the chain, at the sandbox's clock
	write    error  // of the request
	raw      []byte // of the reply
	end      error  // how the reply ended: io.EOF, a reset, a time-out
}

type dnsAnswer struct {
	silent  bool
	raw     []byte
	message dnsmessage.Message
	parse   error
}

// addresses returns the A and AAAA records, in order.
func (a dnsAnswer) addresses() []netip.Addr {
	var out []netip.Addr
	for _, r := range a.message.Answers {
		switch body := r.Body.(type) {
		case *dnsmessage.AResource:
			out = append(out, netip.AddrFrom4(body.A))
		case *dnsmessage.AAAAResource:
			out = append(out, netip.AddrFrom16(body.AAAA))
		}
	}
	return out
}

// ask sends one question with transaction id 0x1234.
func ask(resolver netip.AddrPort, network, name string, kind dnsmessage.Type, edns bool, wait time.Duration) dnsAnswer {
	b := dnsmessage.NewBuilder(nil, dnsmessage.Header{ID: 0x1234, RecursionDesired: true})
	check(b.StartQuestions())
	check(b.Question(dnsmessage.Question{Name: dnsmessage.MustNewName(name + "."), Type: kind, Class: dnsmessage.ClassINET}))
	if edns {
		check(b.StartAdditionals())
		var h dnsmessage.ResourceHeader
		check(h.SetEDNS0(1232, dnsmessage.RCodeSuccess, false))
		check(b.OPTResource(h, dnsmessage.OPTResource{}))
	}
	query, err := b.Finish()
	check(err)
	c, err := net.Dial(network, resolver.String())
	check(err)
	defer func() { _ = c.Close() }()
	check(c.SetDeadline(time.Now().Add(wait)))
	if network == "tcp" {
		query = append([]byte{byte(len(query) >> 8), byte(len(query))}, query...)
	}
	_, err = c.Write(query)
	check(err)
	buf := make([]byte, 4096)
	n, err := c.Read(buf)
	a := dnsAnswer{silent: err != nil, raw: buf[:n]}
	if network == "tcp" && n > 2 {
		a.raw = a.raw[2:]
	}
	a.parse = a.message.Unpack(a.raw)
	return a
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// look goes through the phases until one fails, at the first address that DNS gives.
func (w *witness) look() seen {
	r := w.s.Resolvers()[0]
	w.seen.by = w
	w.seen.a = ask(r, "udp", w.e.Host, dnsmessage.TypeA, false, w.wait("a"))
	w.seen.aaaa = ask(r, "udp", w.e.Host, dnsmessage.TypeAAAA, false, w.wait("aaaa"))
	if w.addresses == nil {
		w.addresses = append(w.seen.a.addresses(), w.seen.aaaa.addresses()...)
	}
	if len(w.addresses) > 0 && w.addresses[0].IsLoopback() {
		w.visit(w.addresses[0])
	}
	return w.seen
}

// visit connects to one address and goes on from there.
func (w *witness) visit(a netip.Addr) {
	scheme := w.scheme
	if scheme == "" {
		scheme = catalog.HTTPS
	}
	conn, err := net.DialTimeout("tcp", netip.AddrPortFrom(a, w.e.Port(scheme)).String(), w.wait("dial"))
	if w.seen.dial = err; err != nil {
		return
	}
	defer conn.Close() // below TLS, whose Close waits for a peer that does not read
	if scheme == catalog.HTTPS {
		check(conn.SetDeadline(time.Now().Add(w.wait("tls"))))
		cfg := &tls.Config{
			MinVersion: tls.VersionTLS10, NextProtos: []string{"http/1.1"},
			ServerName: w.e.Host, InsecureSkipVerify: true,
		}
		if w.versions[0] != 0 {
			cfg.MinVersion, cfg.MaxVersion = w.versions[0], w.versions[1]
			cfg.CipherSuites = w.suites
		}
		c := tls.Client(conn, cfg)
		if w.seen.tls = c.HandshakeContext(context.Background()); w.seen.tls != nil {
			return
		}
		w.seen.state = c.ConnectionState()
		w.seen.verified = w.verify(w.seen.state)
		conn = c
	}
	check(conn.SetDeadline(time.Now().Add(w.wait("reply"))))
	w.exchange(conn)
}

func (w *witness) verify(state tls.ConnectionState) error {
	options := x509.VerifyOptions{DNSName: w.e.Host, Roots: w.s.Roots(), Intermediates: x509.NewCertPool()}
	for _, c := range state.PeerCertificates[1:] {
		options.Intermediates.AddCert(c)
	}
	if w.now != nil {
		options.CurrentTime = w.now()
	}
	_, err := state.PeerCertificates[0].Verify(options)
	return err
}

// exchange sends one request and reads until the end, or as much as wanted.
func (w *witness) exchange(conn net.Conn) {
	query := w.query
	switch {
	case query != "":
	case w.e.Product == "gaap":
		query = "?Action=DescribeAccessRegions&Version=2018-05-29"
	default:
		query = "?Action=DescribeRegions&Version=2014-05-26&Format=JSON"
	}
	request := fmt.Sprintf("GET /%s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\n"+
		"Content-Length: %d\r\nConnection: close\r\n\r\n", query, w.e.Host, w.padding)
	if _, err := conn.Write(append([]byte(request), make([]byte, w.padding)...)); err != nil {
		w.seen.write = err
		return
	}
	if w.most == 0 {
		w.most = 1 << 20
	}
	w.seen.raw, w.seen.end = io.ReadAll(io.LimitReader(conn, int64(w.most)))
	if w.seen.end == nil {
		w.seen.end = io.EOF
	}
}

// The ways in which something can end.
func isReset(err error) bool   { return errors.Is(err, syscall.ECONNRESET) }
func isTimeout(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }

// head and body split a raw reply at the empty line.
func (s seen) head() string {
	head, _, _ := bytes.Cut(s.raw, []byte("\r\n\r\n"))
	return string(head)
}

func (s seen) body() string {
	_, body, _ := bytes.Cut(s.raw, []byte("\r\n\r\n"))
	return string(body)
}
