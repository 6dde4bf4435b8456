package dns

import (
	"context"
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"prober/probe/reason"
)

// FuzzAnswer sends any bytes as the answer to a real question, once as they are and once
// with the header and question that let them through to the reading of the records.
func FuzzAnswer(f *testing.F) {
	seed := func(answers, authority string, additional ...dnsmessage.Resource) {
		m := dnsmessage.Message{Header: dnsmessage.Header{Response: true}, Answers: rrs(answers), Authorities: rrs(authority), Additionals: additional}
		packed, err := m.Pack()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(packed)
	}
	seed("www.example.com 60 A 192.0.2.9", "")
	seed("www.example.com 60 CNAME b.example\n b.example 60 CNAME www.example.com", "example 60 SOA")
	seed("evil.example 60 A 192.0.2.9", "example 60 NS ns.example")
	seed("www.example.com 60 TXT x", "", opt(16, dnsmessage.Option{Code: edeOption, Data: []byte("\x00\x16text")}))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, through := range []bool{false, true} {
			_, c := newNetwork(t, resolver{answer: func(a asked) [][]byte {
				if !through {
					return [][]byte{data}
				}
				return [][]byte{dressed(a, data)}
			}})
			check(t, c.Query(context.Background(), resolver1, "www.example.com", A))
			l := c.Lookup(context.Background(), []netip.AddrPort{resolver1}, "www.example.com", Options{})
			if (l.Outcome == reason.OK || l.Outcome == reason.Degraded) != (len(l.Addresses) > 0) || l.Outcome != reason.OK && l.Reason == reason.None {
				t.Errorf("%+v", l)
			}
		}
	})
}

// dressed puts the header and question of a good answer before the records in data, which
// is laid out like a message without a question.
func dressed(a asked, data []byte) []byte {
	m := append([]byte(nil), a.raw[:2]...)
	if len(data) < headerSize {
		return append(m, data...)
	}
	m = append(m, data[2]&0x07|0x80, data[3], 0, 1)
	m = append(m, data[6:headerSize]...)
	m = append(m, a.raw[headerSize:headerSize+len("www.example.com")+2+4]...)
	return append(m, data[headerSize:]...)
}

// check holds an answer to what is promised about all of them.
func check(t *testing.T, a Answer) {
	t.Helper()
	if (a.Reason == reason.None) != (len(a.Addresses) > 0) || (a.Reason == reason.None) != (a.Detail == "") {
		t.Errorf("reason and addresses disagree: %+v", a)
	}
	if a.Reason.Phase() == reason.Prober {
		t.Errorf("bytes from the resolver made the prober fail: %+v", a)
	}
	for _, addr := range a.Addresses {
		if !addr.Is4() {
			t.Errorf("address %v in an answer about A", addr)
		}
	}
	if a.MinTTL < 0 || len(a.Addresses) == 0 && len(a.CNAMEs) == 0 && a.MinTTL != 0 && a.RCode != "" && a.Reason == reason.ResolveNoData {
		t.Errorf("%+v", a)
	}
	for _, text := range []string{a.Detail, a.ExtendedError, a.RCode, targets(a.CNAMEs)} {
		if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\uFFFD' }) {
			t.Errorf("text from the wire is not harmless: %q", text)
		}
	}
}
