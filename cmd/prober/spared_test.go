package main

import (
	"net/netip"
	"testing"

	"prober/probe"
	"prober/probe/reason"
)

// A flag is named where it would change something, and an address that stands for no host stays one that nobody dials.
func TestSpared(t *testing.T) {
	for address, want := range map[string]bool{
		"10.0.0.1": true, "127.0.0.1": true, "fd00::1": true, "2001:db8::1": true,
		"169.254.169.254": false, "0.0.0.0": false, "fe80::1": false, "ff02::1": false, "255.255.255.255": false,
	} {
		for _, why := range []reason.Reason{reason.ResolveBogon, reason.ProberAddressRefused} {
			o := probe.Observation{Addresses: []probe.AddressResult{{Address: netip.MustParseAddr(address), Reason: why}}}
			if got := spared([]probe.Observation{{}, o}); got != want {
				t.Errorf("%s %s: %t, want %t", address, why, got, want)
			}
		}
	}
}
