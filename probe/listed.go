package probe

import (
	"net/netip"
	"slices"

	"prober/limit"
)

// listed are hosts of the list, by zone: names that exist as far as is known, and that are asked for
// anyway. Those that were well when they were last looked up come first, for they tell the most.
type listed []listedZone

type listedZone struct {
	zone  string
	hosts [limit.ControlNames]listedHost
}

type listedHost struct {
	host  string
	good  bool // it was answered well when it was last looked up
	only6 bool // when it was last answered well, all of its addresses were IPv6
}

// listedOf takes a few hosts of each of some zones, those that were good before first.
func listedOf(hosts []string, before listed) listed {
	var out listed
	for _, h := range hosts {
		if _, err := netip.ParseAddr(h); err == nil {
			continue
		}
		z := out.of(ZoneOf(h))
		if z == nil {
			if len(out) == limit.ControlZones {
				continue
			}
			out = append(out, listedZone{zone: ZoneOf(h)})
			z = &out[len(out)-1]
		}
		z.take(before.host(h))
	}
	return out
}

func (l listed) of(zone string) *listedZone {
	if i := slices.IndexFunc(l, func(z listedZone) bool { return z.zone == zone }); i >= 0 {
		return &l[i]
	}
	return nil
}

// host is what is known of a host.
func (l listed) host(name string) listedHost {
	if z := l.of(ZoneOf(name)); z != nil {
		if i := slices.IndexFunc(z.hosts[:], func(h listedHost) bool { return h.host == name }); i >= 0 {
			return z.hosts[i]
		}
	}
	return listedHost{host: name}
}

// take takes a host in, where there is room, or in place of one that is not good while it is.
func (z *listedZone) take(h listedHost) {
	for i := range z.hosts {
		if z.hosts[i].host == h.host || z.hosts[i].host == "" {
			z.hosts[i] = h
			return
		}
	}
	if i := slices.IndexFunc(z.hosts[:], func(o listedHost) bool { return !o.good }); i >= 0 && h.good {
		z.hosts[i] = h
	}
}

// names are those of the zone.
func (z *listedZone) names() []listedHost {
	return slices.DeleteFunc(slices.Clone(z.hosts[:]), func(h listedHost) bool { return h.host == "" })
}

// note notes which addresses a host was given by a resolver that can tell.
func (c *controls) note(host string, addresses []netip.Addr) {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.listed.host(host)
	if z := c.listed.of(ZoneOf(host)); z != nil && (len(addresses) > 0 || h.good) {
		if h.good = len(addresses) > 0; h.good {
			h.only6 = !slices.ContainsFunc(addresses, netip.Addr.Is4)
		}
		z.take(h)
	}
}
