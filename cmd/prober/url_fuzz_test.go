package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"prober/probe"
	"prober/probe/dns"
	"prober/probe/reason"
)

// FuzzURL: an argument is refused as usage, on one line, or is something that can be asked for:
// a request that a strict server reads, and a name that a resolver takes.
func FuzzURL(f *testing.F) {
	for _, u := range []string{
		"http://example.com/", "http://EXAMPLE.com:8080/a b?c d#e", "http://[::1]:80/%zz?%zz", "http://bücher.example/中?q=中", "http://a%00b/", "http://a%20b/",
		"http://-a_b.example./..//?", "http://exa\u00admple。com", "http://u:p@h/", "http://h:0/", "http://h:99999/", "http://[fe80::1%25eth0]/", "http://a..b/", "http:///x", "http://h/\x7f", "http://h?\r\nX: y", "http://a<b/",
	} {
		f.Add(u)
	}
	f.Fuzz(func(t *testing.T, argument string) {
		target, err := parseURL("http://" + strings.TrimPrefix(argument, "http://"))
		if err != nil {
			if strings.ContainsAny(err.Error(), "\r\n") {
				t.Errorf("the error has lines: %q", err)
			}
			return
		}
		target.Address = netip.MustParseAddr("127.0.0.1")
		p := probe.New(probe.Config{Guard: probe.Guard{AllowPrivate: true}, Dial: func(context.Context, netip.AddrPort) (net.Conn, error) {
			ours, theirs := net.Pipe()
			go answerStrictly(theirs)
			return ours, nil
		}})
		if o := p.Probe(t.Context(), target); o.Outcome != reason.OK {
			t.Errorf("%q: %s %s: %s", argument, o.Outcome, o.Reason, o.Detail)
		}
		resolver := dns.Client{Dial: func(context.Context, string, string) (net.Conn, error) { return nil, io.EOF }}
		if _, err := netip.ParseAddr(target.Endpoint.Host); err != nil {
			if a := resolver.Query(t.Context(), netip.MustParseAddrPort("192.0.2.1:53"), target.Endpoint.Host, dns.A); a.Reason == reason.ProberInternal {
				t.Errorf("%q cannot be asked for: %s", argument, a.Detail)
			}
		}
	})
}

// answerStrictly answers one request, with 400 where it is none.
func answerStrictly(c net.Conn) {
	defer c.Close() //nolint:errcheck // nobody is left to be told
	status := "204 No Content"
	if r, err := http.ReadRequest(bufio.NewReader(c)); err != nil || r.Host == "" {
		status = "400 Bad Request"
	}
	_, _ = io.WriteString(c, "HTTP/1.1 "+status+"\r\nConnection: close\r\n\r\n")
}
