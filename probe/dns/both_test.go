package dns

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"prober/limit"
	"prober/probe/reason"
)

// TestFamiliesShareASocket: both questions of a lookup leave from one new port, and each lookup has
// another.
func TestFamiliesShareASocket(t *testing.T) {
	n, c := newNetwork(t, dual)
	dials := 0
	c.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		dials++
		return n.dial(ctx, network, address)
	}
	for i := range 3 {
		l := c.Lookup(t.Context(), []netip.AddrPort{resolver1}, "example.com", Options{})
		if l.Outcome != reason.OK || len(l.Addresses) != 2 || len(l.Queries) != 2 || dials != i+1 {
			t.Fatalf("%d sockets: %+v", dials, l)
		}
	}
}

// onePerPort is a connection whose resolver takes only the first question.
type onePerPort struct {
	*fakeConn
	first []byte
}

func (c *onePerPort) Write(b []byte) (int, error) {
	if c.first == nil {
		c.first = slices.Clone(b)
	}
	if !slices.Equal(b, c.first) {
		return len(b), nil
	}
	return c.fakeConn.Write(b)
}

// TestResolverThatTakesOneQuestionAPort: what is not answered beside another question is asked by
// itself, half way through the time.
func TestResolverThatTakesOneQuestionAPort(t *testing.T) {
	n, c := newNetwork(t, dual)
	c.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := n.dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &onePerPort{fakeConn: conn.(*fakeConn)}, nil
	}
	l := c.Lookup(t.Context(), []netip.AddrPort{resolver1}, "example.com", Options{})
	if l.Outcome != reason.OK || len(l.Addresses) != 2 || !l.Queries[1].Retransmitted || l.Queries[0].Retransmitted {
		t.Errorf("%+v", l)
	}
}

// TestSilenceForOneFamily: the other one's answer stands, and asking alone changes nothing.
func TestSilenceForOneFamily(t *testing.T) {
	all := dual
	_, c := newNetwork(t, resolver{answer: func(a asked) [][]byte {
		if a.typ() == AAAA {
			return nil
		}
		return all.answer(a)
	}})
	l := c.Lookup(t.Context(), []netip.AddrPort{resolver1}, "example.com", Options{})
	if l.Outcome != reason.Degraded || l.Reason != reason.ResolveTimeout || len(l.Addresses) != 1 || l.Queries[1].Strays != 0 {
		t.Errorf("%+v", l)
	}
}

// TestNoEDNSShownByTheOtherFamily: an empty answer that does not speak of EDNS is asked for again
// without, unless the answer to the other question shows that the resolver minds EDNS as little as
// it knows it.
func TestNoEDNSShownByTheOtherFamily(t *testing.T) {
	for name, test := range map[string]struct {
		a, aaaa   func(m *dnsmessage.Message)
		questions int
	}{
		"an address without EDNS": {
			func(m *dnsmessage.Message) { m.Additionals, m.Answers = nil, rrs("example.com 60 A 192.0.2.9") },
			func(m *dnsmessage.Message) { m.Additionals = nil }, 2,
		},
		"an address with EDNS": {
			func(m *dnsmessage.Message) {
				m.Additionals, m.Answers = []dnsmessage.Resource{opt(0)}, rrs("example.com 60 A 192.0.2.9")
			},
			func(m *dnsmessage.Message) { m.Additionals = nil }, 3,
		},
		"nothing either": {
			func(m *dnsmessage.Message) { m.Additionals = nil },
			func(m *dnsmessage.Message) { m.Additionals = nil }, 4,
		},
	} {
		t.Run(name, func(t *testing.T) {
			n, c := newNetwork(t, reflex(func(a asked, m *dnsmessage.Message) {
				if a.typ() == A {
					test.a(m)
				} else {
					test.aaaa(m)
				}
			}))
			l := c.Lookup(t.Context(), []netip.AddrPort{resolver1}, "example.com", Options{})
			if got := n.questions(); len(got) != test.questions {
				t.Errorf("asked %q: %+v", got, l)
			}
		})
	}
}

// TestPacketsOfASharedSocket: a packet counts against the question that it is about, and against both
// where nothing shows which; a second copy of an answer counts against none.
func TestPacketsOfASharedSocket(t *testing.T) {
	all := dual
	for name, test := range map[string]struct {
		before func(a asked) [][]byte // of the AAAA answer
		strays [2]int
	}{
		"none":                {func(asked) [][]byte { return nil }, [2]int{0, 0}},
		"garbage":             {func(asked) [][]byte { return [][]byte{{1, 2, 3}} }, [2]int{1, 1}},
		"another id":          {func(a asked) [][]byte { return [][]byte{strayPackets["wrong id"](a)} }, [2]int{0, 1}},
		"another name":        {func(a asked) [][]byte { return [][]byte{strayPackets["wrong name"](a)} }, [2]int{0, 1}},
		"its answer doubled":  {all.answer, [2]int{0, 0}},
		"doubled many a time": {func(a asked) [][]byte { return slices.Repeat(all.answer(a), limit.Strays-1) }, [2]int{0, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			var forA []byte
			_, c := newNetwork(t, resolver{answer: func(a asked) [][]byte {
				if a.typ() == A { // which waits until the other one is answered
					forA = all.answer(a)[0]
					return nil
				}
				return append(append(test.before(a), all.answer(a)[0]), forA)
			}})
			l := c.Lookup(t.Context(), []netip.AddrPort{resolver1}, "example.com", Options{})
			if l.Outcome != reason.OK || len(l.Addresses) != 2 {
				t.Fatalf("%+v", l)
			}
			if got := [2]int{l.Queries[0].Strays, l.Queries[1].Strays}; got != test.strays {
				t.Errorf("strays %v, want %v", got, test.strays)
			}
		})
	}
}

// TestCopiesWithoutEnd: whoever repeats an answer for ever cannot keep the other question waiting.
func TestCopiesWithoutEnd(t *testing.T) {
	all := dual
	_, c := newNetwork(t, resolver{answer: func(a asked) [][]byte {
		if a.typ() == A {
			return nil
		}
		return slices.Repeat(all.answer(a), limit.Strays+1)
	}})
	l := c.Lookup(t.Context(), []netip.AddrPort{resolver1}, "example.com", Options{})
	if l.Outcome != reason.OK || l.Families[0].Reason != reason.ResolveMismatch || l.Families[1].Reason != reason.None {
		t.Errorf("%+v", l)
	}
}
