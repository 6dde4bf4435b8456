package probe

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/netip"
	"os"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"prober/catalog"
	"prober/probe/dns"
	"prober/probe/reason"
)

// What the last argument of FuzzConversation chooses.
const (
	saysAnswers = 1 << iota // the resolver sends the records it is given, else the right address
	speaksPlain             // the endpoint sends the flight in place of TLS
	speaksTLS12
	isDamaged // the flight replaces bytes of what a good server sends
	overHTTP
	isAlibaba
	isTencent
	looksDeep
)

// FuzzConversation: whatever a resolver says, whatever is sent in place of a handshake or inside
// it, and whatever comes for a reply, is the resolver's and the server's. It is never the
// prober's own failure, and what is shown of it is clean.
func FuzzConversation(f *testing.F) {
	records := func(rr ...dnsmessage.Resource) []byte {
		m := dnsmessage.Message{Header: dnsmessage.Header{Response: true}, Answers: rr}
		packed, err := m.Pack()
		if err != nil {
			f.Fatal(err)
		}
		return packed
	}
	alias := dnsmessage.Resource{
		Header: dnsmessage.ResourceHeader{Name: dnsmessage.MustNewName(goodHost + "."), Type: dnsmessage.TypeCNAME, Class: dnsmessage.ClassINET, TTL: 60},
		Body:   &dnsmessage.CNAMEResource{CNAME: dnsmessage.MustNewName("caf\xe9\x00.example.")},
	}
	f.Add(records(alias), []byte(nil), uint16(0), []byte(nil), uint8(saysAnswers))
	f.Add(records(), []byte("\x16\x03\x03\x00\x02ab"), uint16(0), []byte(nil), uint8(speaksPlain|looksDeep))
	f.Add(records(), []byte("\x15\x03\x03\x00\x02\x02\x28"), uint16(0), []byte(nil), uint8(speaksPlain|looksDeep))
	f.Add(records(), []byte("HTTP/1.1 400 B\x85d\r\n\r\n"), uint16(0), []byte(nil), uint8(speaksPlain))
	f.Add(records(), []byte("\xff\xff\xff"), uint16(90), []byte(okReply), uint8(isDamaged))
	f.Add(records(), []byte("\x00"), uint16(700), []byte(okReply), uint8(isDamaged|speaksTLS12|looksDeep))
	f.Add(records(), []byte("\x17\x03\x03\x00\x01a"), uint16(900), []byte(okReply), uint8(isDamaged))
	f.Add(records(), []byte(nil), uint16(0), []byte(reply(400, "X-\xe9: \x9b\r\n"+jsonHeader, alibabaError("Missing\u202e", "\u009b"))), uint8(isAlibaba))
	f.Add(records(), []byte(nil), uint16(0), []byte("HTTP/1.1 200 \xff\nTransfer-Encoding: chunked\n\n2;\xe9\n{}\n0\n\n"), uint8(isTencent|speaksTLS12))
	f.Add(records(), []byte(nil), uint16(0), []byte(reply(403, "", "<html>\xfe")), uint8(overHTTP|isAlibaba))

	p := newPKI()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = l.Close() })
	f.Fuzz(func(t *testing.T, answers, flight []byte, at uint16, reply []byte, how uint8) {
		has := func(bit uint8) bool { return how&bit != 0 }
		cfg := onLoopback(p)
		began := time.Now()
		cfg.MaxAddresses, cfg.Clock = 2, Clock{NowFunc: func() time.Time { return now.Add(time.Since(began)) }}
		client := &dns.Client{Timeout: time.Minute, Dial: func(_ context.Context, network, _ string) (net.Conn, error) {
			return &oddResolver{tcp: network == "tcp", records: answers, right: !has(saysAnswers)}, nil
		}}
		cfg.Resolvers = []netip.AddrPort{netip.MustParseAddrPort("192.0.2.1:53")}
		cfg.DNS, cfg.Ask = client.Lookup, client.Query
		cfg.Dial = func(context.Context, netip.AddrPort) (net.Conn, error) {
			if has(speaksPlain) {
				return &scripted{sent: flight, err: io.EOF}, nil
			}
			ours, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				return nil, err
			}
			theirs, err := l.Accept()
			if err != nil {
				return nil, err
			}
			t.Cleanup(func() { _ = theirs.Close() })
			var out net.Conn = impatient{theirs}
			if has(isDamaged) {
				out = &damaged{Conn: out, with: flight, at: int(at)}
			}
			go serveOnce(out, p, has(speaksTLS12), has(overHTTP), reply)
			return ours, nil
		}
		tg := target(goodHost, catalog.HTTPS, 443)
		tg.Diagnose, tg.Canary = has(looksDeep), has(looksDeep)
		style := catalog.StyleNone
		switch {
		case has(isAlibaba):
			style = catalog.StyleAlibabaRPC
		case has(isTencent):
			style = catalog.StyleTencent3
		}
		if tg.Product = product(style); has(overHTTP) {
			tg.Scheme, tg.Product = catalog.HTTP, httpsOnly(style)
		}
		o := New(cfg).Probe(t.Context(), tg)
		wantTheirs(t, o)
		wantClean(t, o)
	})
}

// wantTheirs wants nothing of what was found to be the prober's own failure.
func wantTheirs(t *testing.T, o Observation) {
	t.Helper()
	all := append([]reason.Finding{o.Reason.Found(o.Detail)}, o.Findings...)
	for _, a := range o.Addresses {
		all = append(append(all, a.Reason.Found(a.Detail)), a.Findings...)
		if a.Outcome != reason.OK && a.Reason == reason.None {
			t.Errorf("%s without a reason", a.Outcome)
		}
	}
	for _, f := range all {
		if f.Reason == reason.ProberInternal {
			t.Errorf("the prober's own: %s", f.Detail)
		}
	}
	if (o.Outcome != reason.OK) != (o.Reason != reason.None) {
		t.Errorf("%s %s: %s", o.Outcome, o.Reason, o.Detail)
	}
}

// serveOnce plays a server that is good but for what its connection does to its bytes.
func serveOnce(c net.Conn, p pki, tls12, plain bool, reply []byte) {
	defer c.Close()
	if !plain {
		cfg := serverConfig(p)
		if tls12 {
			cfg.MaxVersion = tls.VersionTLS12
		}
		secured := tls.Server(c, cfg)
		if secured.Handshake() != nil {
			return
		}
		c = secured
	}
	if _, err := c.Read(make([]byte, 4096)); err == nil {
		_, _ = c.Write(reply)
	}
}

// damaged replaces some of the bytes that are written, from an offset on.
type damaged struct {
	net.Conn
	with []byte
	at   int // how far it is to them
}

func (d *damaged) Write(b []byte) (int, error) {
	odd := append([]byte(nil), b...)
	if d.at < len(b) {
		n := copy(odd[max(0, d.at):], d.with)
		d.with = d.with[n:]
	}
	d.at -= len(b)
	return d.Conn.Write(odd)
}

// impatient hangs up on who waits for more, as both sides may after damage.
type impatient struct{ net.Conn }

func (c impatient) Read(b []byte) (int, error) {
	_ = c.SetReadDeadline(time.Now().Add(20 * time.Millisecond)) // a socket that is open takes it
	return c.Conn.Read(b)
}

// oddResolver answers each question with records that were made for none, or with the right
// address; and then is silent.
type oddResolver struct {
	net.Conn
	tcp, right bool
	records    []byte // laid out like a message without a question
	queue      [][]byte
}

func (r *oddResolver) Write(b []byte) (int, error) {
	asked := b
	if r.tcp {
		asked = b[2:]
	}
	end := 12
	for asked[end] != 0 {
		end += 1 + int(asked[end])
	}
	question := asked[12 : end+5]
	m := append([]byte(nil), asked[:2]...)
	switch {
	case r.right && question[len(question)-3] == byte(dns.A):
		m = append(append(m, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0), question...)
		m = append(m, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1)
	case r.right, len(r.records) < 12:
		m = append(append(m, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0), question...)
	default:
		m = append(append(m, r.records[2]|0x80, r.records[3], 0, 1), r.records[6:12]...)
		m = append(append(m, question...), r.records[12:]...)
	}
	if r.tcp {
		m = append([]byte{byte(len(m) >> 8), byte(len(m))}, m...)
	}
	r.queue = append(r.queue, m)
	return len(b), nil
}

func (r *oddResolver) Read(b []byte) (int, error) {
	if len(r.queue) == 0 {
		return 0, os.ErrDeadlineExceeded
	}
	n := copy(b, r.queue[0])
	if r.queue[0] = r.queue[0][n:]; !r.tcp || len(r.queue[0]) == 0 {
		r.queue = r.queue[1:]
	}
	return n, nil
}

func (r *oddResolver) Close() error                     { return nil }
func (r *oddResolver) SetDeadline(time.Time) error      { return nil }
func (r *oddResolver) SetReadDeadline(time.Time) error  { return nil }
func (r *oddResolver) SetWriteDeadline(time.Time) error { return nil }
