package dns

import (
	"context"
	"net/netip"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"prober/probe/reason"
)

// BenchmarkLookup is a whole lookup, A and AAAA, over real sockets on loopback. It includes
// what the resolver costs, which answers with two prepared messages.
func BenchmarkLookup(b *testing.B) {
	at := serve(b, "127.0.0.1", resolver{answer: canned()})
	c := &Client{}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	b.ReportAllocs()
	for b.Loop() {
		if l := c.Lookup(ctx, []netip.AddrPort{at}, "ecs.example.com", Options{}); l.Outcome != reason.OK {
			b.Fatalf("%+v", l)
		}
	}
}

// BenchmarkJudge is the reading of a message and its verdict alone.
func BenchmarkJudge(b *testing.B) {
	for name, records := range map[string]string{
		"address": "ecs.example.com 60 A 192.0.2.9",
		"chain":   "ecs.example.com 60 CNAME a.example.net\n a.example.net 60 CNAME b.example.net\n b.example.net 60 A 192.0.2.9\n b.example.net 60 A 192.0.2.8",
	} {
		b.Run(name, func(b *testing.B) {
			m := dnsmessage.Message{
				Header:      dnsmessage.Header{Response: true},
				Questions:   []dnsmessage.Question{{Name: wire("ecs.example.com"), Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET}},
				Answers:     rrs(records),
				Additionals: []dnsmessage.Resource{opt(0)},
			}
			packed, err := m.Pack()
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				var a Answer
				r, err := read(packed, "ecs.example.com", A, false)
				if err != nil {
					b.Fatal(err)
				}
				if a.judge(&r, "ecs.example.com"); a.Reason != reason.None {
					b.Fatalf("%+v", a)
				}
			}
		})
	}
}

// canned answers ecs.example.com from messages packed once.
func canned() func(a asked) [][]byte {
	prepared := map[Type][]byte{}
	for typ, records := range map[Type]string{A: "ecs.example.com 60 A 192.0.2.9", AAAA: "ecs.example.com 60 AAAA 2001:db8::9"} {
		m := dnsmessage.Message{
			Header:    dnsmessage.Header{Response: true, RecursionDesired: true, RecursionAvailable: true},
			Questions: []dnsmessage.Question{{Name: wire("ecs.example.com"), Type: dnsmessage.Type(typ), Class: dnsmessage.ClassINET}},
			Answers:   rrs(records),
		}
		packed, err := m.Pack()
		if err != nil {
			panic(err)
		}
		prepared[typ] = packed
	}
	return func(a asked) [][]byte {
		answer := append([]byte(nil), prepared[a.typ()]...)
		copy(answer, a.raw[:2])
		return [][]byte{answer}
	}
}
