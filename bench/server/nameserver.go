package server

import (
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/net/dns/dnsmessage"

	"prober/sandbox/nameserver"
)

// answers gives out IPv4 addresses to so many hosts, in turn. Other names do not exist.
func answers(hosts int, addresses []netip.Addr) func(nameserver.Question) nameserver.Answer {
	return func(q nameserver.Question) nameserver.Answer {
		host, known := hostOf(q.Name)
		switch {
		case !known || host >= hosts:
			return nameserver.Answer{RCode: dnsmessage.RCodeNameError}
		case q.Asked.Type != dnsmessage.TypeA:
			return nameserver.Answer{}
		}
		return nameserver.Answer{Records: []nameserver.Record{{Owner: q.Name, Address: addresses[host%len(addresses)], TTL: 60}}}
	}
}

// hostOf returns the number in a name that [World.Host] made.
func hostOf(name string) (int, bool) {
	label, parent, _ := strings.Cut(name, ".")
	digits, found := strings.CutPrefix(label, "h")
	i, err := strconv.ParseUint(digits, 10, 31)
	return int(i), found && err == nil && len(digits) == 5 && parent == domain
}
