package sandbox

import (
	"net/netip"

	"golang.org/x/net/dns/dnsmessage"

	"prober/catalog"
	"prober/probe/reason"
	"prober/sandbox/nameserver"
)

// leadsTo makes DNS answer with one IPv4 address and no IPv6 one.
func leadsTo(address string) nameserver.Behaviour {
	return nameserver.Answers(func(nameserver.Host) (v4, v6 []netip.Addr) {
		return []netip.Addr{netip.MustParseAddr(address)}, nil
	})
}

// onlyAAAA limits a behaviour to questions for IPv6 addresses.
func onlyAAAA(b nameserver.Behaviour) nameserver.Behaviour {
	return nameserver.OnlyType(dnsmessage.TypeAAAA, b)
}

func resolveFaults() []spec {
	const (
		notAuth  = dnsmessage.RCode(9)  // NOTAUTH, RFC 2845
		yxDomain = dnsmessage.RCode(6)  // YXDOMAIN, RFC 2136
		reserved = dnsmessage.RCode(12) // unassigned
	)
	public, vpc := scope{network: catalog.Public}, scope{network: catalog.VPC}
	on := func(r reason.Reason, suffix, description string, b nameserver.Behaviour) spec {
		return faultOf(r, suffix, description, behaviour{dns: b})
	}
	return []spec{
		on(reason.ResolveNXDomain, "", "the name servers say that the name does not exist", nameserver.NXDomain()),
		on(reason.ResolveNXDomain, "second_resolver", "the second name server says that the name does not exist, the first one answers", nameserver.OnlyServer(1, nameserver.NXDomain())).needing(NeedEachResolver).breaking("DNS-04"),
		on(reason.ResolveNoData, "", "the name exists without any address", nameserver.NoData()),
		on(reason.ResolveServFail, "", "the name servers answer SERVFAIL", nameserver.RCode(dnsmessage.RCodeServerFailure)),
		on(reason.ResolveServFail, "aaaa", "A is answered, AAAA with SERVFAIL", onlyAAAA(nameserver.RCode(dnsmessage.RCodeServerFailure))).breaking("DNS-02"),
		on(reason.ResolveRefused, "", "the name servers refuse this name and answer others", nameserver.RCode(dnsmessage.RCodeRefused)),
		on(reason.ResolveFiltered, "", "the name servers deny the name and say that a filter does so", nameserver.Filtered()),
		on(reason.ProberResolversDisagree, "", "the first name server says that the name does not exist, the second one answers", nameserver.OnlyServer(0, nameserver.NXDomain())).needing(NeedEachResolver).breaking("DNS-04"),
		on(reason.ResolveFormErr, "", "the name servers answer FORMERR, to plain questions too", nameserver.RCode(dnsmessage.RCodeFormatError)),
		on(reason.ResolveNotImp, "", "the name servers answer NOTIMP", nameserver.RCode(dnsmessage.RCodeNotImplemented)),
		on(reason.ResolveBadRCode, "", "the name servers answer NOTAUTH, which is about zone transfers and updates", nameserver.RCode(notAuth)),
		on(reason.ResolveBadRCode, "yxdomain", "the name servers answer YXDOMAIN, which is about updates", nameserver.RCode(yxDomain)),
		on(reason.ResolveBadRCode, "unassigned", "the name servers answer with response code 12, which nobody has defined", nameserver.RCode(reserved)),
		on(reason.ResolveReferral, "", "the name servers refer to others instead of answering", nameserver.Referral()),
		on(reason.ResolveTimeout, "", "the name servers are silent about this name and answer for others", nameserver.Silence()),
		on(reason.ResolveTimeout, "aaaa", "A is answered, AAAA never", onlyAAAA(nameserver.Silence())).breaking("DNS-02"),
		on(reason.ResolveTimeout, "wrong_id", "every answer carries a transaction id that was not asked with", nameserver.WrongID()),
		on(reason.ResolveTruncated, "", "answers are truncated over UDP and over TCP", nameserver.Truncated(false)),
		on(reason.ResolveTruncated, "tcp_closed", "answers are truncated over UDP; TCP connections are closed", nameserver.TruncatedWithoutTCP()),
		on(reason.ResolveMismatch, "", "every answer is to another question than the one asked", nameserver.OtherQuestion()),
		on(reason.ResolveBadAnswer, "", "the answer holds an address of another name", nameserver.OtherOwner()),
		on(reason.ResolveBadAnswer, "class", "the answer holds the name's address in class HS", nameserver.OtherClass()),
		on(reason.ResolveMalformed, "", "the answer is cut off inside a record", nameserver.Garbled()),
		on(reason.ResolveMalformed, "empty", "the answer is a packet of length zero", nameserver.Empty()),
		on(reason.ResolveCNAMELoop, "", "the name is an alias of an alias of itself", nameserver.Loop()),
		on(reason.ResolveCNAMEDangling, "", "the name is an alias of a name that does not exist", nameserver.Dangling()),
		on(reason.ResolveCNAMEDangling, "nodata", "the name is an alias of a name without addresses", nameserver.DanglingNoData()),
		on(reason.ResolveCNAMETooLong, "", "twelve aliases lie between the name and its addresses", nameserver.Chain(12, false)),
		on(reason.ResolveCNAMETooLong, "twenty", "twenty aliases lie between the name and its addresses", nameserver.Chain(20, false)),
		on(reason.ResolveBogon, "", "the name leads to 10.0.0.1, a private address", leadsTo("10.0.0.1")).at(public),
		on(reason.ResolveBogon, "metadata", "the name leads to 100.100.100.200, Alibaba Cloud's metadata service", leadsTo("100.100.100.200")).at(public),
		on(reason.ResolveBogon, "link_local", "the name leads to 169.254.169.254, the metadata service of most clouds", leadsTo("169.254.169.254")).at(public),
		on(reason.ResolveBogon, "zero", "the name leads to 0.0.0.0", leadsTo("0.0.0.0")).at(public),
		on(reason.ResolveBogon, "vpc", "the VPC name leads to 100.100.100.200, Alibaba Cloud's metadata service", leadsTo("100.100.100.200")).at(vpc).breaking("KMS-DNS-08"),
		on(reason.ResolveNotPrivate, "", "the VPC name leads to the address of the public endpoints", leadsTo("127.0.0.1")).at(vpc),
		on(reason.ResolveHijacked, "", "names that do not exist resolve, beside the host and elsewhere", nameserver.Hijacked()).needing(NeedCanary),
	}
}
