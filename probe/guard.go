package probe

import (
	"net/netip"
	"slices"

	"prober/catalog"
	"prober/probe/reason"
)

// Guard decides which addresses may be dialled for an endpoint. It stands between DNS
// and the dialer, so that an answer that points into the prober's own network, or at a
// cloud's metadata service, is reported and never contacted.
//
// The zero Guard is right for the internet.
type Guard struct {
	// AllowPrivate permits every address but those of metadata services. It does not open
	// a closed world.
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

// metadata lists the instance metadata services, which hand out credentials, and their
// like.
var metadata = []netip.Addr{
	netip.MustParseAddr("169.254.169.254"), // most clouds
	netip.MustParseAddr("100.100.100.200"), // Alibaba Cloud
	netip.MustParseAddr("169.254.0.23"),    // Tencent Cloud
	netip.MustParseAddr("169.254.170.2"),   // AWS, containers
	netip.MustParseAddr("169.254.170.23"),  // AWS, pods
	netip.MustParseAddr("168.63.129.16"),   // Azure
	netip.MustParseAddr("192.0.0.192"),     // Oracle Cloud
	netip.MustParseAddr("fd00:ec2::254"),   // AWS
	netip.MustParseAddr("fd00:ec2::23"),    // AWS, pods
}

var privateNetworks = prefixes(
	"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", // RFC 1918
	"100.64.0.0/10", // RFC 6598; Alibaba Cloud's services on private networks
	"fc00::/7",      // RFC 4193
)

// specialNetworks are the entries of the IANA special-purpose registries (RFC 6890) that
// are not globally reachable and not private networks either, with multicast. Those of
// IPv6 outside of globalUnicast need no mention.
var specialNetworks = prefixes(
	"0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
	"198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"2001::/23", "2001:db8::/32", "3fff::/20",
)

var (
	globalUnicast = netip.MustParsePrefix("2000::/3")     // all that IANA allocates of IPv6
	nat64         = netip.MustParsePrefix("64:ff9b::/96") // RFC 6052
	sixToFour     = netip.MustParsePrefix("2002::/16")    // RFC 3056
)

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

func within(a netip.Addr, list []netip.Prefix) bool {
	return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(a) })
}

// embedded returns the IPv4 address inside an IPv4-mapped, NAT64 (RFC 6052) or 6to4
// (RFC 3056) address, and a itself otherwise: the packets end up there.
func embedded(a netip.Addr) netip.Addr {
	a = a.Unmap().WithZone("")
	switch {
	case nat64.Contains(a):
		b := a.As16()
		return netip.AddrFrom4([4]byte(b[12:16]))
	case sixToFour.Contains(a):
		b := a.As16()
		return netip.AddrFrom4([4]byte(b[2:6]))
	}
	return a
}

// isThisNetwork reports whether a is of 0.0.0.0/8, or ::, which stand for no host (RFC 791,
// RFC 4291) although many machines take them for themselves.
func isThisNetwork(a netip.Addr) bool {
	a = embedded(a)
	return a.IsUnspecified() || a.Is4() && a.As4()[0] == 0
}

// isNoHost reports whether a is an address that no single host has: one that stands for none, for
// many or for all, or one of a link that nobody names, which cannot be dialled (RFC 4007).
func isNoHost(a netip.Addr) bool {
	return isThisNetwork(a) || a.Is6() && a.Zone() == "" && a.IsLinkLocalUnicast() && !a.Is4In6() || embedded(a).IsMulticast() || embedded(a) == netip.AddrFrom4([4]byte{255, 255, 255, 255})
}

func classify(a netip.Addr) addressClass {
	a = embedded(a)
	switch {
	case slices.Contains(metadata, a):
		return classMetadata
	case !a.IsValid() || within(a, specialNetworks):
		return classSpecial
	case within(a, privateNetworks):
		return classPrivate
	case a.Is6() && !globalUnicast.Contains(a):
		return classSpecial
	}
	return classPublic
}

// class is classify in the guard's world.
func (g Guard) class(a netip.Addr) addressClass {
	c := classify(a)
	if c == classMetadata || !g.closed() {
		return c
	}
	switch bare := embedded(a); {
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
	case c == classMetadata, isNoHost(a):
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
	case c == classMetadata, isNoHost(a):
		return reason.ProberAddressRefused
	case c == classPublic, c == classPrivate && (n == catalog.VPC || g.closed()), g.AllowPrivate && !g.closed():
		return reason.None
	}
	return reason.ProberAddressRefused
}

func (g Guard) closed() bool { return len(g.Public) > 0 || len(g.Private) > 0 }
