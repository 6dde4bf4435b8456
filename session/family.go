package session

import (
	"net/netip"

	"prober/probe"
)

// FitsFamily says which of the targets --family leaves something of unprobed that is written down: an address of the other family. Where
// the list says itself which family it is, that goes over the flag. An error is of type [*UsageError].
func (o *Options) FitsFamily(targets []probe.Target) error {
	if o.Family == "" || o.Sandbox {
		return nil // the addresses of the sandbox are its own
	}
	for _, t := range targets {
		var addresses []netip.Addr
		if a, err := netip.ParseAddr(t.Endpoint.Host); err == nil {
			addresses = append(addresses, a)
		}
		if t.Own != nil && t.Own.Families != nil {
			continue
		}
		if t.Own != nil && len(t.Own.Addresses) > 0 {
			addresses = t.Own.Addresses
		}
		for _, a := range addresses {
			if a.Unmap().Is4() != (o.Family == "4") {
				return Usagef("--family %s: %s is probed at %s, which is of the other family; leave out the flag, or the endpoint", o.Family, t.Endpoint.ID, a)
			}
		}
	}
	return nil
}
