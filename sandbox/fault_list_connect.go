package sandbox

import (
	"net/netip"

	"prober/catalog"
	"prober/probe/reason"
	"prober/sandbox/nameserver"
)

// spareOnly makes DNS lead to the endpoint's second address alone.
func spareOnly() nameserver.Behaviour {
	return nameserver.Answers(func(h nameserver.Host) (v4, v6 []netip.Addr) { return []netip.Addr{h.Spare}, nil })
}

// spareToo makes DNS lead to the endpoint's second address as well.
func spareToo() nameserver.Behaviour {
	return nameserver.Answers(func(h nameserver.Host) (v4, v6 []netip.Addr) { return append(h.V4[:1:1], h.Spare), h.V6 })
}

func connectFaults() []spec {
	return []spec{
		faultOf(reason.ConnectRefused, "", "the name leads to an address where nothing listens", behaviour{dns: spareOnly()}),
		faultOf(reason.ConnectRefused, "one_address", "the name has a second address, where nothing listens", behaviour{dns: spareToo()}),
		faultOf(reason.ConnectTimeout, "", "the name leads to an address that drops every SYN", behaviour{dns: spareOnly(), spare: spareBlackHole}),
		faultOf(reason.ConnectTimeout, "one_address", "the name has a second address, which drops every SYN", behaviour{dns: spareToo(), spare: spareBlackHole}),
		faultOf(reason.ConnectUnreachable, "", "the name leads to 127.255.255.255, the broadcast address of loopback, to which Linux has no route for TCP",
			behaviour{dns: leadsTo("127.255.255.255")}).at(scope{network: catalog.Public, own: overTCP}),
	}
}

// overTCP is for endpoints that take connections.
func overTCP(own *catalog.Own) bool { return kindOf(own) != catalog.KindDNS }
