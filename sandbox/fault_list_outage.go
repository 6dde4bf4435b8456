package sandbox

import (
	"net/netip"

	"golang.org/x/net/dns/dnsmessage"

	"prober/probe/reason"
	"prober/sandbox/nameserver"
)

// portal is who answers in place of everybody in a captive network.
const portal = "portal.sandbox.test"

// outages break the resolver or the network of the whole sandbox. Those of the network take the
// control with them, but for the portal, which takes every connection.
func outages() []spec {
	resolver := func(suffix, description string, f nameserver.AnswerFunc) spec {
		return faultOf(reason.ProberResolverUnavailable, suffix, description, behaviour{everything: f})
	}
	network := func(suffix, description string, b behaviour) spec {
		return faultOf(reason.ProberVantageOffline, suffix, description, b)
	}
	all := []spec{
		resolver("servfail", "the name servers answer SERVFAIL to everything, as resolvers do without a way out", nameserver.Saying(dnsmessage.RCodeServerFailure)),
		resolver("nxdomain", "the name servers say that nothing exists, not even the root's servers", nameserver.Saying(dnsmessage.RCodeNameError)),
		resolver("refused", "the name servers refuse every question", nameserver.Saying(dnsmessage.RCodeRefused)),
		resolver("silent", "the name servers answer nothing", nameserver.Mute),
		resolver("one_address", "every name leads to one address, at which there is nothing", nameserver.Leading(netip.MustParseAddr("127.0.0.3"))),
		resolver("addresses_denied", "the name servers deny every name that they are asked for an address of, and know the servers and the start of every zone", nameserver.Addressless(dnsmessage.RCodeNameError)),
		resolver("no_addresses", "no name has an address, and the servers and the start of every zone are known", nameserver.Addressless(dnsmessage.RCodeSuccess)),
		faultOf(reason.ResolveBogon, "every_name", "every name leads to 0.0.0.0, as those do that a filter takes out", behaviour{everything: nameserver.Leading(netip.IPv4Unspecified())}),
		network("reset", "every connection is reset, and the control takes none", behaviour{
			accept: (*connection).reset, request: func(x *exchange) { x.c.reset() }, controlClosed: true,
		}),
		network("silent", "connections are accepted and nothing comes, and the control takes none", behaviour{
			accept: (*connection).hold, request: func(x *exchange) { x.c.hold() }, controlClosed: true,
		}),
		network("portal", "one web page with one certificate answers in place of every endpoint, as in a hotel", behaviour{
			shownAs: portal, edit: redirect("https://" + portal + "/login"),
		}).needing(NeedList),
	}
	for i := range all {
		all[i].Whole, all[i].Requirement = true, ""
	}
	return all
}
