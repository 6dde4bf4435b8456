package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"prober/catalog"
	"prober/probe/dns"
	"prober/probe/reason"
)

// of is a target of a kind behind a port on loopback.
func of(scheme catalog.Scheme, host string, addr netip.AddrPort, own *Own) Target {
	t := at(host, scheme, addr)
	t.Endpoint.Ports = &catalog.Ports{HTTPS: addr.Port(), TLS: addr.Port(), TCP: addr.Port(), DNS: addr.Port()}
	t.Own = own
	return t
}

func TestTCP(t *testing.T) {
	greets := func(text string) func(net.Conn) {
		return func(c net.Conn) { _, _ = io.WriteString(c, text); _, _ = io.Copy(io.Discard, c) }
	}
	echoes := func(c net.Conn) { _, _ = io.CopyN(c, c, 4) }
	for name, tt := range map[string]struct {
		server  func(net.Conn)
		talk    *catalog.TCPTalk
		timeout time.Duration
		why     reason.Reason
		detail  string
		command string
	}{
		"a connection is enough":       {func(net.Conn) {}, nil, 0, reason.None, "", ""},
		"the greeting is the expected": {greets("220 mail ESMTP\r\n"), &catalog.TCPTalk{Expect: "220 "}, 0, reason.None, "", ""},
		"an answer to what is sent":    {echoes, &catalog.TCPTalk{Send: "hex:01 02 03 04", Expect: "hex:01020304"}, 0, reason.None, "", ""},
		"another greeting": {
			greets("SSH-2.0-x\r\n"), &catalog.TCPTalk{Send: "a%\r\n", Expect: "220 "}, 0, reason.VerifyUnexpectedBytes,
			`"SSH-2.0-x\r\n" came, where "220 " is expected`, `(printf 'a%%\015\012'; sleep 3) | curl`,
		},
		"no greeting":         {func(net.Conn) {}, &catalog.TCPTalk{Expect: "220 "}, 0, reason.RequestEOF, "before a byte came", "(sleep 3) | curl"},
		"a part of the bytes": {func(c net.Conn) { _, _ = io.WriteString(c, "22") }, &catalog.TCPTalk{Expect: "220 "}, 0, reason.VerifyUnexpectedBytes, "after 2 bytes", ""},
		"silence":             {func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }, &catalog.TCPTalk{Expect: "220 "}, 30 * time.Millisecond, reason.RequestTimeout, "nothing more in time", ""},
		"a reset": {func(c net.Conn) {
			_, _ = io.CopyN(io.Discard, c, 4)
			_ = c.(*net.TCPConn).SetLinger(0)
			_ = c.Close()
		}, &catalog.TCPTalk{Send: "PING", Expect: "220 "}, 0, reason.RequestReset, "the connection was reset", "sleep 3) | curl"},
		"bytes and then silence": {greets("22"), &catalog.TCPTalk{Expect: "220 "}, 60 * time.Millisecond, reason.RequestTimeout, "after 2 bytes in time", ""},
	} {
		t.Run(name, func(t *testing.T) {
			addr := serve(t, tt.server)
			own := &Own{TCP: tt.talk, Timeout: tt.timeout}
			p, x := New(onLoopback(newPKI())), of(catalog.SchemeTCP, goodHost, addr, own)
			o := p.Probe(t.Context(), x)
			for ; o.Reason == reason.ProberStalled && own.Timeout < time.Minute; o = p.Probe(t.Context(), x) {
				own.Timeout *= 4 // a busy machine needs longer
			}
			want(t, o, tt.why.Outcome(), tt.why)
			if !strings.Contains(o.Detail, tt.detail) || !strings.Contains(o.Reproduce, tt.command) {
				t.Errorf("%s\n%s", o.Detail, o.Reproduce)
			}
		})
	}
}

// answeringOver answers every question over UDP with a code and records.
func answeringOver(t *testing.T, code dnsmessage.RCode, answers func(b *dnsmessage.Builder, h dnsmessage.ResourceHeader)) netip.AddrPort {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	go func() {
		buf := make([]byte, 2048)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var p dnsmessage.Parser
			h, _ := p.Start(buf[:n])
			q, err := p.Question()
			if err != nil {
				continue
			}
			b := dnsmessage.NewBuilder(nil, dnsmessage.Header{ID: h.ID, Response: true, RecursionAvailable: true, RCode: code})
			_ = b.StartQuestions()
			_ = b.Question(q)
			_ = b.StartAnswers()
			if answers != nil {
				answers(&b, dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 60})
			}
			reply, _ := b.Finish()
			_, _ = conn.WriteTo(reply, from)
		}
	}()
	return netip.MustParseAddrPort(conn.LocalAddr().String())
}

// What a list may ask for is asked for: a type that only one of the two packages knew would be asked for as A.
func TestEveryTypeOfAListIsKnown(t *testing.T) {
	for _, kind := range catalog.RecordTypes() {
		if asked := typeOfQuestion(&catalog.DNSQuestion{Type: kind}); asked.String() != string(kind) {
			t.Errorf("%s is asked for as %s", kind, asked)
		}
	}
}

func TestDNSQuestion(t *testing.T) {
	mx := func(b *dnsmessage.Builder, h dnsmessage.ResourceHeader) {
		_ = b.MXResource(h, dnsmessage.MXResource{Pref: 10, MX: dnsmessage.MustNewName("Mail.example.com.")})
	}
	txt := func(b *dnsmessage.Builder, h dnsmessage.ResourceHeader) {
		_ = b.TXTResource(h, dnsmessage.TXTResource{TXT: []string{"v=spf1 ", "-all"}})
	}
	two := func(b *dnsmessage.Builder, h dnsmessage.ResourceHeader) {
		_ = b.AResource(h, dnsmessage.AResource{A: [4]byte{192, 0, 2, 1}})
		_ = b.AResource(h, dnsmessage.AResource{A: [4]byte{192, 0, 2, 2}})
	}
	question := func(kind catalog.RecordType, records ...string) catalog.DNSQuestion {
		return catalog.DNSQuestion{Name: "example.com", Type: kind, Records: records}
	}
	for name, tt := range map[string]struct {
		code    dnsmessage.RCode
		answers func(*dnsmessage.Builder, dnsmessage.ResourceHeader)
		q       catalog.DNSQuestion
		why     reason.Reason
		detail  string
	}{
		"any record":               {0, two, question(""), reason.None, ""},
		"all records":              {0, two, question("A", "192.0.2.2", "192.0.2.1"), reason.None, ""},
		"names in any case":        {0, mx, question("MX", "10 mail.example.com"), reason.None, ""},
		"TXT as dig has it":        {0, txt, question("TXT", `"v=spf1 " "-all"`), reason.None, ""},
		"TXT as it is":             {0, txt, question("TXT", "v=spf1 -all"), reason.None, ""},
		"the expected code":        {3, nil, catalog.DNSQuestion{Name: "example.com", RCode: "NXDOMAIN"}, reason.None, ""},
		"a code and nothing else":  {0, nil, catalog.DNSQuestion{Name: "example.com", RCode: "NOERROR"}, reason.None, ""},
		"another code":             {5, nil, question("A"), reason.VerifyUnexpectedRCode, "answered REFUSED for example.com A, where NOERROR is expected"},
		"the name is there though": {0, two, catalog.DNSQuestion{Name: "example.com", RCode: "NXDOMAIN"}, reason.VerifyUnexpectedRCode, "NXDOMAIN is expected"},
		"no record":                {0, nil, question("A"), reason.VerifyUnexpectedRecords, "without a record"},
		"one too few":              {0, mx, question("MX", "10 mail.example.com", "20 other.example.com"), reason.VerifyUnexpectedRecords, "without 20 other.example.com"},
		"one too many":             {0, two, question("A", "192.0.2.1"), reason.VerifyUnexpectedRecords, "with 192.0.2.2"},
	} {
		t.Run(name, func(t *testing.T) {
			addr := answeringOver(t, tt.code, tt.answers)
			o := New(onLoopback(newPKI())).Probe(t.Context(), of(catalog.SchemeDNS, "ns.example.com", addr, &Own{DNS: &tt.q}))
			want(t, o, tt.why.Outcome(), tt.why)
			if !strings.Contains(o.Detail, tt.detail) {
				t.Error(o.Detail)
			}
			if wanted := "dig @127.0.0.1 -p "; tt.why != reason.None && !strings.HasPrefix(o.Reproduce, wanted) {
				t.Error(o.Reproduce)
			}
		})
	}
}

// Every server that the list names is asked, and one that is silent degrades the endpoint.
func TestEveryServerIsAsked(t *testing.T) {
	good := answeringOver(t, 0, func(b *dnsmessage.Builder, h dnsmessage.ResourceHeader) {
		_ = b.AResource(h, dnsmessage.AResource{A: [4]byte{192, 0, 2, 1}})
	})
	target := of(catalog.SchemeDNS, "ns.example.com", good, &Own{
		DNS: &catalog.DNSQuestion{Name: "example.com"}, Addresses: []netip.Addr{good.Addr(), netip.MustParseAddr("127.0.0.9")}, Timeout: time.Second,
	})
	target.Address = netip.Addr{}
	o := New(onLoopback(newPKI())).Probe(t.Context(), target)
	want(t, o, reason.Degraded, reason.ConnectRefused)
	if len(o.Addresses) != 2 || o.Addresses[0].Outcome != reason.OK || o.DNS != nil {
		t.Errorf("%+v", o)
	}
}

// A handshake is all that an endpoint of kind tls is asked for, under the name that its list has.
func TestTLSKind(t *testing.T) {
	p := newPKI()
	silent := func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }
	addr := serveTLS(t, serverConfig(p), silent)
	picky := serverConfig(p)
	picky.NextProtos = []string{"imap"}
	pickyAddr := serveTLS(t, picky, silent)
	prober := New(onLoopback(p))
	for name, tt := range map[string]struct {
		addr netip.AddrPort
		host string
		own  *Own
		why  reason.Reason
	}{
		"good":                         {addr, goodHost, nil, reason.None},
		"a protocol of its own":        {pickyAddr, goodHost, nil, reason.None},
		"another host":                 {addr, "db.example.com", nil, reason.TLSCertHostname},
		"another host, and its name":   {addr, "db.example.com", &Own{ServerName: goodHost}, reason.None},
		"authorities of its own":       {addr, goodHost, &Own{Roots: pool(newPKI().root), RootsFile: "other.pem"}, reason.TLSCertUntrusted},
		"the host, and another's name": {addr, goodHost, &Own{ServerName: "db.example.com"}, reason.TLSCertHostname},
	} {
		t.Run(name, func(t *testing.T) {
			target := of(catalog.SchemeTLS, tt.host, tt.addr, tt.own)
			target.TLSVersions = true
			o := prober.Probe(t.Context(), target)
			want(t, o, tt.why.Outcome(), tt.why)
			if o.Addresses[0].HTTP != nil || o.Addresses[0].TLS.Versions == nil {
				t.Error("a request was sent, or no version table was made")
			}
			if tt.own != nil && tt.own.ServerName != "" && tt.why != reason.None && !strings.Contains(o.Reproduce, "-servername "+tt.own.ServerName) {
				t.Error(o.Reproduce)
			}
		})
	}
}

// A server that demands a certificate gets the one that the list names, and its commands show it too.
func TestClientCertificate(t *testing.T) {
	p := newPKI()
	cfg := serverConfig(p)
	cfg.ClientAuth, cfg.ClientCAs = tls.RequireAnyClientCert, x509.NewCertPool()
	replies := "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
	addr := serveTLS(t, cfg, replying(replies))
	prober := New(onLoopback(p))
	without := prober.Probe(t.Context(), of(catalog.HTTPS, goodHost, addr, nil))
	want(t, without, reason.Fail, reason.TLSClientCertRequired)
	certificate := served(p.leaf, p.intermediate)
	with := prober.Probe(t.Context(), of(catalog.HTTPS, goodHost, addr, &Own{Certificate: &certificate, CertificateFile: "/etc/my c.pem", KeyFile: "/etc/k.pem"}))
	want(t, with, reason.Fail, reason.VerifyServerError)
	if !strings.Contains(with.Reproduce, "curl -gsS --cert '/etc/my c.pem' --key /etc/k.pem ") {
		t.Error(with.Reproduce)
	}
}

// What fails within a time of maintenance says so, and does not count; what is well is well.
func TestMaintenance(t *testing.T) {
	addr := serve(t, func(net.Conn) {})
	from, to := now.Add(-time.Hour), now.Add(time.Hour)
	own := &Own{TCP: &catalog.TCPTalk{Expect: "220 "}, Maintenance: catalog.CalendarOf([]catalog.Window{{From: &from, To: &to, Why: "moving"}})}
	o := New(onLoopback(newPKI())).Probe(t.Context(), of(catalog.SchemeTCP, goodHost, addr, own))
	want(t, o, reason.Unknown, reason.ProberMaintenance)
	if !strings.HasPrefix(o.Detail, "maintenance until "+to.UTC().Format(time.RFC3339)+" (moving); found request/eof: ") || len(o.Findings)+len(o.Addresses[0].Findings) != 0 {
		t.Errorf("%+v", o)
	}
	own.TCP = nil
	want(t, New(onLoopback(newPKI())).Probe(t.Context(), of(catalog.SchemeTCP, goodHost, addr, own)), reason.OK, reason.None)
}

// Resolvers, family and timeout of an endpoint's own are those of its lookup.
func TestOwnLookup(t *testing.T) {
	resolver := netip.MustParseAddrPort("192.0.2.53:53")
	cfg := onLoopback(newPKI())
	var asked []netip.AddrPort
	var families dns.Families
	lookup := answering("127.0.0.1")
	cfg.DNS = func(ctx context.Context, resolvers []netip.AddrPort, host string, opt dns.Options) *dns.Lookup {
		asked, families = resolvers, opt.Families
		return lookup(ctx, resolvers, host, opt)
	}
	addr := serve(t, func(net.Conn) {})
	target := of(catalog.SchemeTCP, goodHost, addr, &Own{Resolvers: []netip.AddrPort{resolver}, Families: new(dns.OnlyIPv4)})
	target.Address = netip.Addr{}
	want(t, New(cfg).Probe(t.Context(), target), reason.OK, reason.None)
	if len(asked) != 1 || asked[0] != resolver || families != dns.OnlyIPv4 {
		t.Errorf("%v was asked for %v", asked, families)
	}
}
