package sandbox_test

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"prober/catalog"
	"prober/sandbox"
)

// kinds is a list of endpoints that speak no HTTP.
func kinds(t testing.TB) *catalog.Catalog {
	t.Helper()
	c, err := catalog.DecodeList("k.yaml", []byte(`
endpoints:
- {id: silent, url: "tcp://silent.example.com:1"}
- {id: cache, url: "tcp://cache.example.com:2", tcp: {send: "PING\r\n", expect: "+PONG\r\n"}}
- {id: greeting, url: "tcp://ssh.example.com:3", tcp: {expect: "SSH-2.0-"}}
- {id: names, host: 192.0.2.53, kind: dns, dns: {name: www.example.com, records: [192.0.2.80, 192.0.2.81]}}
- {id: any, url: "dns://ns.example.com/example.com?type=MX"}
- {id: denied, host: ns2.example.com, kind: dns, dns: {name: no.example.com, rcode: NXDOMAIN}}
- {id: failing, host: ns3.example.com, kind: dns, dns: {name: no.example.com, rcode: SERVFAIL}}
- {id: shake, url: "tls://ldap.example.com:636"}
`))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// said is what an endpoint of kind tcp or dns says at one of its addresses, in short.
func said(t *testing.T, s *sandbox.Sandbox, id string, at netip.Addr) string {
	t.Helper()
	e, _ := s.Catalog().Endpoint(id)
	if q := e.DNS; q != nil {
		kind := dnsmessage.TypeA
		if q.Type == "MX" {
			kind = dnsmessage.TypeMX
		}
		a := ask(netip.AddrPortFrom(at, e.Port(catalog.SchemeDNS)), "udp", q.Name, kind, false, impatience)
		if a.silent {
			return "silence"
		}
		return fmt.Sprintf("%s %d %v", strings.TrimPrefix(a.message.RCode.String(), "RCode"), len(a.message.Answers), a.addresses())
	}
	c, err := net.Dial("tcp", netip.AddrPortFrom(at, e.Port(catalog.SchemeTCP)).String())
	if err != nil {
		return err.Error()
	}
	defer func() { _ = c.Close() }()
	send, _ := e.TCP.Send.Bytes()
	_, _ = c.Write(send)
	_ = c.SetReadDeadline(time.Now().Add(impatience))
	got, err := io.ReadAll(c)
	return fmt.Sprintf("%q %v", got, endOf(err))
}

// endOf is how a connection ended.
func endOf(err error) string {
	switch {
	case err == nil:
		return "end"
	case os.IsTimeout(err):
		return "silence"
	}
	return "reset"
}

// What speaks no HTTP is as its list expects, at every address, and each fault shows.
func TestKinds(t *testing.T) {
	s := start(t, sandbox.Config{Catalog: kinds(t)})
	faults := map[string]bool{}
	for _, f := range sandbox.Faults(s.Catalog()) {
		if sandbox.ExampleOwn(f) != nil {
			faults[f.Name] = true
		}
	}
	for _, row := range []struct{ id, fault, want string }{
		{"cache", "", `"+PONG\r\n" end`},
		{"greeting", "", `"SSH-2.0-" end`},
		{"names", "", `Success 2 [192.0.2.80 192.0.2.81]`},
		{"any", "", `Success 1 []`},
		{"denied", "", `NameError 0 []`},
		{"failing", "", `ServerFailure 0 []`},
		{"cache", "unexpected_bytes", `"SSH-2.0-sandbox\r\n" end`},
		{"greeting", "unexpected_bytes", `"220 mail.sandbox.test ESMTP\r\n" end`},
		{"greeting", "unexpected_bytes_cut", `"SSH-" end`},
		{"cache", "request_timeout", `"" silence`},
		{"cache", "request_eof", `"" end`},
		{"cache", "request_reset", `"" reset`},
		{"names", "request_timeout", `silence`},
		{"names", "unexpected_rcode", `ServerFailure 0 []`},
		{"failing", "unexpected_rcode", `Refused 0 []`},
		{"names", "unexpected_records", `Success 2 [192.0.2.1 192.0.2.81]`},
		{"any", "unexpected_records_none", `Success 0 []`},
	} {
		if row.fault != "" {
			if err := s.SetFault(row.id, row.fault); err != nil {
				t.Fatal(err)
			}
			delete(faults, row.fault)
		}
		for _, at := range s.Addresses(row.id) {
			if got := said(t, s, row.id, at); got != row.want {
				t.Errorf("%s with %q at %s: %s, want %s", row.id, row.fault, at, got, row.want)
			}
		}
		if err := s.ClearFault(row.id); err != nil {
			t.Fatal(err)
		}
	}
	for name := range faults {
		t.Errorf("%s: nobody looks at it", name)
	}
	if len(s.Requests()) == 0 || !slices.ContainsFunc(s.Requests(), func(r sandbox.Request) bool { return r.Endpoint == "names" && r.Question == "A udp" }) {
		t.Error("the question is not in the log")
	}
}

// A fault that does not show at an endpoint is not put there, and the message says why.
func TestFaultsOfOtherKinds(t *testing.T) {
	s := start(t, sandbox.Config{Catalog: kinds(t)})
	for _, row := range []struct{ id, fault, want string }{
		{"silent", "cert_expired", `fault "cert_expired" cannot be put on silent: it does not show at an endpoint of kind tcp`},
		{"silent", "unexpected_bytes", `fault "unexpected_bytes" cannot be put on silent: its list expects no bytes, or one alone`},
		{"shake", "request_timeout", `fault "request_timeout" cannot be put on shake: it does not show at an endpoint of kind tls`},
		{"any", "unexpected_records", `fault "unexpected_records" cannot be put on any: its list expects no records`},
		{"denied", "unexpected_records_none", `fault "unexpected_records_none" cannot be put on denied: its list expects no records`},
		{"names", "nxdomain", `fault "nxdomain" cannot be put on names: its host is an address, which is not looked up`},
		{"any", "connect_timeout", `fault "connect_timeout" cannot be put on any: it does not show at an endpoint of kind dns`},
		{"any", "unreachable", `fault "unreachable" cannot be put on any: it does not show at an endpoint of kind dns`},
		{"shake", "cert_expired", ""},
		{"silent", "connect_refused", ""},
		{"any", "connect_refused", ""},
	} {
		err := s.SetFault(row.id, row.fault)
		if got := fmt.Sprint(err); row.want != "" && got != row.want || row.want == "" && err != nil {
			t.Errorf("got  %s\nwant %s", got, row.want)
		}
	}
}
