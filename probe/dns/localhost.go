package dns

import (
	"net/netip"
	"strings"

	"prober/probe/reason"
)

// IsLocalhost reports whether a name is localhost or below it. Such names stand for this machine
// and no resolver is asked about them (RFC 6761, section 6.3).
func IsLocalhost(name string) bool {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	return name == "localhost" || strings.HasSuffix(name, ".localhost")
}

// localhost is the lookup of such a name.
func localhost(host string, families []Type) *Lookup {
	l := &Lookup{Host: strings.ToLower(strings.TrimSuffix(host, ".")), Outcome: reason.OK}
	for _, t := range families {
		addr := netip.AddrFrom4([4]byte{127, 0, 0, 1})
		if t == AAAA {
			addr = netip.IPv6Loopback()
		}
		l.Addresses = append(l.Addresses, addr)
		l.Families = append(l.Families, FamilyVerdict{Type: t})
	}
	l.Detail = l.Host + " is this machine, as RFC 6761 says: no resolver was asked, and the hosts file is not read"
	return l
}
