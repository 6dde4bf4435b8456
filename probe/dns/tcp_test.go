package dns

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"prober/probe/reason"
)

// truncating sets the TC bit over UDP and behaves as tcp over TCP.
func truncating(tcp func(a asked) [][]byte) resolver {
	return resolver{answer: func(a asked) [][]byte {
		if a.network == "udp" {
			return [][]byte{a.reply(func(m *dnsmessage.Message) {
				m.Truncated = true
				m.Answers = rrs(a.name() + " 60 A 192.0.2.66") // one of many: not to be relied upon
			})}
		}
		return tcp(a)
	}}
}

func TestTruncation(t *testing.T) {
	large := func(a asked) [][]byte {
		var records strings.Builder
		for i := range 400 {
			fmt.Fprintf(&records, "%s 60 A 192.0.%d.%d\n", a.name(), i/200, i%200)
		}
		return [][]byte{a.reply(func(m *dnsmessage.Message) { m.Answers = rrs(records.String()) })}
	}
	tests := []struct {
		name          string
		tcp           func(a asked) [][]byte
		want          reason.Reason
		wantAddresses int
		wantStrays    int
		wantDetail    string
	}{
		{name: "whole over TCP", tcp: large, wantAddresses: 400},
		{name: "after a message to another question", wantAddresses: 400, wantStrays: 2, tcp: func(a asked) [][]byte {
			return append([][]byte{strayPackets["wrong id"](a), strayPackets["wrong name"](a)}, large(a)...)
		}},
		{name: "truncated again", want: reason.ResolveTruncated, wantDetail: "TC bit over TCP too", tcp: func(a asked) [][]byte {
			return [][]byte{a.reply(func(m *dnsmessage.Message) { m.Truncated = true })}
		}},
		{name: "silent", want: reason.ResolveTruncated, tcp: func(asked) [][]byte { return nil }},
		{name: "only strays", want: reason.ResolveTruncated, wantStrays: 1, tcp: func(a asked) [][]byte { return [][]byte{strayPackets["wrong id"](a)} }},
		{name: "a flood of strays", want: reason.ResolveTruncated, wantDetail: "too many packets", wantStrays: 3, tcp: func(a asked) [][]byte {
			stray := string(strayPackets["wrong id"](a))
			return slices.Repeat([][]byte{[]byte(stray + strings.Repeat("\x00", 65_535-len(stray)))}, 10)
		}},
		{name: "NXDOMAIN", want: reason.ResolveNXDomain, tcp: func(a asked) [][]byte {
			return [][]byte{a.reply(func(m *dnsmessage.Message) { m.RCode = dnsmessage.RCodeNameError })}
		}},
		{name: "broken", want: reason.ResolveMalformed, tcp: func(a asked) [][]byte { p := good(a); return [][]byte{p[:len(p)-1]} }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n, c := newNetwork(t, truncating(test.tcp))
			a := c.Query(context.Background(), resolver1, "www.example.com", A)
			if a.Reason != test.want || len(a.Addresses) != test.wantAddresses || a.Strays != test.wantStrays || !strings.Contains(a.Detail, test.wantDetail) {
				t.Errorf("reason %q (%s), %d addresses, %d strays", a.Reason, a.Detail, len(a.Addresses), a.Strays)
			}
			if !a.Truncated || !a.TCPFallback || len(n.log) != 2 || string(n.log[0].raw) != string(n.log[1].raw) {
				t.Errorf("%d questions, %+v", len(n.log), a)
			}
		})
	}
}

// TestTruncatedCutInsideARecord: a datagram that ends anywhere behind the question is good
// enough to see the TC bit.
func TestTruncatedCutInsideARecord(t *testing.T) {
	_, c := newNetwork(t, resolver{answer: func(a asked) [][]byte {
		p := good(a)
		if a.network == "udp" {
			p[2] |= 0x02
			p = p[:len(p)-3]
		}
		return [][]byte{p}
	}})
	if a := c.Query(context.Background(), resolver1, "www.example.com", A); a.Reason != reason.None || !a.TCPFallback {
		t.Errorf("%+v", a)
	}
}

// TestTruncatedThenNoConnection tells the resolver's refusal of TCP from the prober's own
// shortage.
func TestTruncatedThenNoConnection(t *testing.T) {
	for err, want := range map[error]reason.Reason{
		syscall.ECONNREFUSED: reason.ResolveTruncated,
		syscall.ECONNRESET:   reason.ResolveTruncated,
		syscall.EHOSTUNREACH: reason.ResolveTruncated,
		syscall.EMFILE:       reason.ProberFDExhausted,
	} {
		n, c := newNetwork(t, truncating(nil))
		c.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			if network == "tcp" {
				return nil, &net.OpError{Op: "dial", Net: network, Err: err}
			}
			return n.dial(ctx, network, address)
		}
		a := c.Query(context.Background(), resolver1, "www.example.com", A)
		if a.Reason != want || !a.Truncated || len(a.Addresses) != 0 || !strings.Contains(a.Detail, err.Error()) {
			t.Errorf("%v: %+v", err, a)
		}
	}
}

// A question can go over TCP from the beginning, and no datagram is sent then.
func TestQueryTCP(t *testing.T) {
	n, c := newNetwork(t, resolver{answer: func(a asked) [][]byte {
		if a.network == "udp" {
			return nil
		}
		return [][]byte{a.reply(func(m *dnsmessage.Message) { m.Answers = rrs(a.name() + " 60 A 192.0.2.7") })}
	}})
	a := c.QueryTCP(t.Context(), resolver1, "a.test", A)
	if a.Reason != reason.None || len(a.Addresses) != 1 || len(n.questions()) != 1 {
		t.Errorf("%v, %v, asked %v", a.Reason, a.Addresses, n.questions())
	}
}
