package sandbox

import (
	"net/netip"

	"golang.org/x/net/dns/dnsmessage"

	"prober/catalog"
	"prober/probe/reason"
	"prober/sandbox/nameserver"
)

// dnsFault is a behaviour of the name servers alone.
func dnsFault(b func() nameserver.Behaviour) behaviour { return behaviour{dns: b} }

// rcode answers with a response code.
func rcode(code dnsmessage.RCode) behaviour {
	return dnsFault(func() nameserver.Behaviour { return nameserver.RCode(code) })
}

// leadsTo makes DNS answer with one IPv4 address and no IPv6 one.
func leadsTo(address string) behaviour {
	return dnsFault(func() nameserver.Behaviour {
		return nameserver.Answers(func(nameserver.Host) (v4, v6 []netip.Addr) {
			return []netip.Addr{netip.MustParseAddr(address)}, nil
		})
	})
}

// onlyAAAA limits a behaviour to questions for IPv6 addresses.
func onlyAAAA(b nameserver.Behaviour) behaviour {
	return dnsFault(func() nameserver.Behaviour { return nameserver.OnlyType(dnsmessage.TypeAAAA, b) })
}

func resolveFaults() []spec {
	const (
		notAuth  = dnsmessage.RCode(9)  // NOTAUTH, RFC 2845
		yxDomain = dnsmessage.RCode(6)  // YXDOMAIN, RFC 2136
		reserved = dnsmessage.RCode(12) // unassigned
	)
	public := anywhere().on(catalog.Public)
	return []spec{
		faultOf(reason.ResolveNXDomain, "", "the name servers say that the name does not exist", anywhere(), dnsFault(nameserver.NXDomain)),
		faultOf(reason.ResolveNXDomain, "second_resolver", "the second name server says that the name does not exist, the first one answers", anywhere(),
			dnsFault(func() nameserver.Behaviour { return nameserver.OnlyServer(1, nameserver.NXDomain()) })).needing(NeedEachResolver).breaking("DNS-04"),
		faultOf(reason.ResolveNoData, "", "the name exists without any address", anywhere(), dnsFault(nameserver.NoData)),
		faultOf(reason.ResolveServFail, "", "the name servers answer SERVFAIL", anywhere(), rcode(dnsmessage.RCodeServerFailure)),
		faultOf(reason.ResolveServFail, "aaaa", "A is answered, AAAA with SERVFAIL", anywhere(), onlyAAAA(nameserver.RCode(dnsmessage.RCodeServerFailure))).breaking("DNS-02"),
		faultOf(reason.ResolveRefused, "", "the name servers refuse this name and answer others", anywhere(), rcode(dnsmessage.RCodeRefused)),
		faultOf(reason.ResolveFormErr, "", "the name servers answer FORMERR, to plain questions too", anywhere(), rcode(dnsmessage.RCodeFormatError)),
		faultOf(reason.ResolveNotImp, "", "the name servers answer NOTIMP", anywhere(), rcode(dnsmessage.RCodeNotImplemented)),
		faultOf(reason.ResolveBadRCode, "", "the name servers answer NOTAUTH, which is about zone transfers and updates", anywhere(), rcode(notAuth)),
		faultOf(reason.ResolveBadRCode, "yxdomain", "the name servers answer YXDOMAIN, which is about updates", anywhere(), rcode(yxDomain)),
		faultOf(reason.ResolveBadRCode, "unassigned", "the name servers answer with response code 12, which nobody has defined", anywhere(), rcode(reserved)),
		faultOf(reason.ResolveReferral, "", "the name servers refer to others instead of answering", anywhere(), dnsFault(nameserver.Referral)),
		faultOf(reason.ResolveTimeout, "", "the name servers are silent about this name and answer for others", anywhere(), dnsFault(nameserver.Silence)),
		faultOf(reason.ResolveTimeout, "aaaa", "A is answered, AAAA never", anywhere(), onlyAAAA(nameserver.Silence())).breaking("DNS-02"),
		faultOf(reason.ResolveTimeout, "wrong_id", "every answer carries a transaction id that was not asked with", anywhere(), dnsFault(nameserver.WrongID)),
		faultOf(reason.ResolveTruncated, "", "answers are truncated over UDP and over TCP", anywhere(),
			dnsFault(func() nameserver.Behaviour { return nameserver.Truncated(false) })),
		faultOf(reason.ResolveTruncated, "tcp_closed", "answers are truncated over UDP; TCP connections are closed", anywhere(), dnsFault(nameserver.TruncatedWithoutTCP)),
		faultOf(reason.ResolveMismatch, "", "every answer is to another question than the one asked", anywhere(), dnsFault(nameserver.OtherQuestion)),
		faultOf(reason.ResolveBadAnswer, "", "the answer holds an address of another name", anywhere(), dnsFault(nameserver.OtherOwner)),
		faultOf(reason.ResolveMalformed, "", "the answer is cut off inside a record", anywhere(), dnsFault(nameserver.Garbled)),
		faultOf(reason.ResolveMalformed, "empty", "the answer is a packet of length zero", anywhere(), dnsFault(nameserver.Empty)),
		faultOf(reason.ResolveCNAMELoop, "", "the name is an alias of an alias of itself", anywhere(), dnsFault(nameserver.Loop)),
		faultOf(reason.ResolveCNAMEDangling, "", "the name is an alias of a name that does not exist", anywhere(), dnsFault(nameserver.Dangling)),
		faultOf(reason.ResolveCNAMEDangling, "nodata", "the name is an alias of a name without addresses", anywhere(), dnsFault(nameserver.DanglingNoData)),
		faultOf(reason.ResolveCNAMETooLong, "", "twelve aliases lie between the name and its addresses", anywhere(),
			dnsFault(func() nameserver.Behaviour { return nameserver.Chain(12, false) })),
		faultOf(reason.ResolveCNAMETooLong, "twenty", "twenty aliases lie between the name and its addresses", anywhere(),
			dnsFault(func() nameserver.Behaviour { return nameserver.Chain(20, false) })),
		faultOf(reason.ResolveBogon, "", "the name leads to 10.0.0.1, a private address", public, leadsTo("10.0.0.1")),
		faultOf(reason.ResolveBogon, "metadata", "the name leads to 100.100.100.200, Alibaba Cloud's metadata service", public, leadsTo("100.100.100.200")),
		faultOf(reason.ResolveBogon, "link_local", "the name leads to 169.254.169.254, the metadata service of most clouds", public, leadsTo("169.254.169.254")),
		faultOf(reason.ResolveBogon, "zero", "the name leads to 0.0.0.0", public, leadsTo("0.0.0.0")),
		faultOf(reason.ResolveBogon, "vpc", "the VPC name leads to 100.100.100.200, Alibaba Cloud's metadata service", anywhere().on(catalog.VPC), leadsTo("100.100.100.200")).breaking("KMS-DNS-08"),
		faultOf(reason.ResolveNotPrivate, "", "the VPC name leads to the address of the public endpoints", anywhere().on(catalog.VPC), leadsTo("127.0.0.1")),
		faultOf(reason.ResolveHijacked, "", "names beside the host, which do not exist, resolve", anywhere(), dnsFault(nameserver.Hijacked)).needing(NeedCanary),
	}
}
