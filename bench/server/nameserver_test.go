package server

import (
	"fmt"
	"net/netip"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"prober/sandbox/nameserver"
)

func TestAnswers(t *testing.T) {
	answer := answers(3, []netip.Addr{netip.MustParseAddr("127.77.0.1"), netip.MustParseAddr("127.77.0.2")})
	for _, test := range []struct {
		name  string
		qtype dnsmessage.Type
		want  string
	}{
		{"h00000.bench.test", dnsmessage.TypeA, "RCodeSuccess [127.77.0.1]"},
		{"h00001.bench.test", dnsmessage.TypeA, "RCodeSuccess [127.77.0.2]"},
		{"h00002.bench.test", dnsmessage.TypeA, "RCodeSuccess [127.77.0.1]"},
		{"h00001.bench.test", dnsmessage.TypeAAAA, "RCodeSuccess []"},
		{"h00003.bench.test", dnsmessage.TypeA, "RCodeNameError []"},
		{"h0001.bench.test", dnsmessage.TypeA, "RCodeNameError []"},
		{"h+0001.bench.test", dnsmessage.TypeA, "RCodeNameError []"},
		{"00001.bench.test", dnsmessage.TypeA, "RCodeNameError []"},
		{"h00001.bench.example", dnsmessage.TypeA, "RCodeNameError []"},
		{"bench.test", dnsmessage.TypeA, "RCodeNameError []"},
		{"", dnsmessage.TypeNS, "RCodeNameError []"},
	} {
		a := answer(nameserver.Question{Name: test.name, Asked: dnsmessage.Question{Type: test.qtype}})
		addresses := []netip.Addr{}
		for _, r := range a.Records {
			addresses = append(addresses, r.Address)
		}
		if got := fmt.Sprint(a.RCode, addresses); got != test.want {
			t.Errorf("%s %v: %s, want %s", test.name, test.qtype, got, test.want)
		}
	}
}
