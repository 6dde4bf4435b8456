package probe

import (
	"net/netip"

	"prober/catalog"
	"prober/probe/reason"
)

// Guard decides which addresses may be dialled for an endpoint. It stands between DNS
// and the dialer, so that an answer that points into the prober's own network, or at a
// cloud's metadata service, is reported and never contacted.
//
// The zero Guard is right for the internet.
type Guard struct {
	// AllowPrivate permits every address but those of metadata services.
	AllowPrivate bool
	// Public and Private, when either is set, are a closed world: only addresses in
	// Public count as public and only those in Private as private; nothing else may be
	// dialled. The sandbox lives in such a world.
	Public, Private []netip.Prefix
}

// addressClass is what the special-purpose registries say of an address.
type addressClass uint8

const (
	classPublic   addressClass = iota // globally reachable
	classPrivate                      // a private or shared network: RFC 1918, 4193, 6598
	classSpecial                      // loopback, link-local, multicast, documentation, reserved
	classMetadata                     // a cloud's instance metadata service
)

// metadata lists the instance metadata services, which hand out credentials.
var metadata = []netip.Addr{
	netip.MustParseAddr("169.254.169.254"),
	netip.MustParseAddr("100.100.100.200"), // Alibaba Cloud
	netip.MustParseAddr("169.254.0.23"),    // Tencent Cloud
	netip.MustParseAddr("fd00:ec2::254"),
}

var privateNetworks = prefixes(
	"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", // RFC 1918
	"100.64.0.0/10", // RFC 6598; Alibaba Cloud's services on private networks
	"fc00::/7",      // RFC 4193
)

// specialNetworks are the entries of the IANA special-purpose registries that are not
// globally reachable and not private networks either.
var specialNetworks = prefixes(
	"0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
	"198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"::/128", "::1/128", "::/96", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16",
	"fe80::/10", "fec0::/10", "ff00::/8",
)

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

func within(a netip.Addr, list []netip.Prefix) bool {
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// embedded returns the IPv4 address inside an IPv4-mapped, NAT64 (RFC 6052) or 6to4
// (RFC 3056) address, and a itself otherwise: the packets end up there.
func embedded(a netip.Addr) netip.Addr {
	a = a.Unmap().WithZone("")
	if !a.Is6() {
		return a
	}
	b := a.As16()
	switch {
	case netip.MustParsePrefix("64:ff9b::/96").Contains(a):
		return netip.AddrFrom4([4]byte(b[12:16]))
	case b[0] == 0x20 && b[1] == 0x02:
		return netip.AddrFrom4([4]byte(b[2:6]))
	}
	return a
}

func classify(a netip.Addr) addressClass {
	a = embedded(a)
	for _, m := range metadata {
		if a == m {
			return classMetadata
		}
	}
	switch {
	case !a.IsValid() || within(a, specialNetworks):
		return classSpecial
	case within(a, privateNetworks):
		return classPrivate
	}
	return classPublic
}

// class is classify in the guard's world.
func (g Guard) class(a netip.Addr) addressClass {
	c := classify(a)
	if len(g.Public) == 0 && len(g.Private) == 0 {
		return c
	}
	switch bare := embedded(a); {
	case c == classMetadata:
		return c
	case within(bare, g.Public):
		return classPublic
	case within(bare, g.Private):
		return classPrivate
	}
	return classSpecial
}

// Answer judges an address that DNS gave for a name of network n. It returns None when
// the address may be dialled: a public address for a public name, a private one for a
// VPC name.
func (g Guard) Answer(a netip.Addr, n catalog.Network) reason.Reason {
	c := g.class(a)
	switch {
	case c == classMetadata:
		return reason.ResolveBogon
	case n == catalog.VPC && c == classPublic:
		return reason.ResolveNotPrivate
	case g.AllowPrivate && !g.closed():
		return reason.None
	case n == catalog.VPC && c == classPrivate, n != catalog.VPC && c == classPublic:
		return reason.None
	}
	return reason.ResolveBogon
}

// Named judges an address that the user named. It returns None when it may be dialled.
func (g Guard) Named(a netip.Addr, n catalog.Network) reason.Reason {
	c := g.class(a)
	switch {
	case c == classMetadata:
		return reason.ProberAddressRefused
	case g.AllowPrivate, c == classPublic, c == classPrivate && n == catalog.VPC, c == classPrivate && g.closed():
		return reason.None
	}
	return reason.ProberAddressRefused
}

func (g Guard) closed() bool { return len(g.Public) > 0 || len(g.Private) > 0 }
