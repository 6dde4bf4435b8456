package probe

import (
	"net/netip"
	"testing"

	"prober/catalog"
	"prober/probe/reason"
)

func TestClassify(t *testing.T) {
	for _, tt := range []struct {
		want  addressClass
		addrs []string
	}{
		{classPublic, []string{
			"8.8.8.8", "47.97.242.1", "1.0.0.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
			"169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "191.255.255.255", "192.0.1.0", "192.0.3.0", "192.167.255.255",
			"192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255",
			"2400:3200::1", "2001:4860:4860::8888", "2001:200::1", "2606:4700::1", "3ffe::1",
			"::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
		}},
		{classPrivate, []string{
			"10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255", "100.64.0.0", "100.100.36.108", "100.127.255.255",
			"fc00::1", "fdff:ffff::1", "::ffff:10.1.2.3", "64:ff9b::a01:203", "2002:a01:203::1",
		}},
		{classSpecial, []string{
			"0.0.0.0", "0.255.255.255", "127.0.0.1", "127.255.255.255", "169.254.0.1", "169.254.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1",
			"198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
			"::", "::1", "::8.8.8.8", "::ffff:0:808:808", "100::1", "100:0:0:1::1", "2001::1", "2001:2::1", "2001:20::1", "2001:db8::1", "3fff::1", "5f00::1",
			"fe80::1", "fe80::1%lo", "fec0::1", "ff02::1", "4000::1", "8000::1", "64:ff9b:1::808:808",
			"::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1",
		}},
		{classMetadata, []string{
			"169.254.169.254", "100.100.100.200", "169.254.0.23", "169.254.170.2", "168.63.129.16", "192.0.0.192", "fd00:ec2::254",
			"::ffff:169.254.169.254", "::ffff:100.100.100.200", "64:ff9b::a9fe:a9fe", "2002:6464:64c8::1",
		}},
	} {
		for _, s := range tt.addrs {
			if got := classify(netip.MustParseAddr(s)); got != tt.want {
				t.Errorf("classify(%s) = %d, want %d", s, got, tt.want)
			}
		}
	}
	if got := classify(netip.Addr{}); got != classSpecial {
		t.Errorf("classify of no address = %d, want %d", got, classSpecial)
	}
}

func TestGuard(t *testing.T) {
	const (
		answered = false
		named    = true
	)
	var (
		zero    Guard
		private = Guard{AllowPrivate: true}
		closed  = Guard{Public: prefixes("127.1.0.0/16", "::1/128"), Private: prefixes("127.2.0.0/16")}
		both    = Guard{AllowPrivate: true, Public: closed.Public, Private: closed.Private}
	)
	const (
		ok         = reason.None
		bogon      = reason.ResolveBogon
		notPrivate = reason.ResolveNotPrivate
		refused    = reason.ProberAddressRefused
	)
	for _, tt := range []struct {
		guard   Guard
		named   bool
		network catalog.Network
		addr    string
		want    reason.Reason
	}{
		{zero, answered, catalog.Public, "8.8.8.8", ok},
		{zero, answered, catalog.Public, "10.0.0.1", bogon},
		{zero, answered, catalog.Public, "127.0.0.1", bogon},
		{zero, answered, catalog.Public, "fe80::1%lo", bogon},
		{zero, answered, catalog.Public, "169.254.169.254", bogon},
		{zero, answered, catalog.VPC, "8.8.8.8", notPrivate},
		{zero, answered, catalog.VPC, "100.100.36.108", ok},
		{zero, answered, catalog.VPC, "10.0.0.1", ok},
		{zero, answered, catalog.VPC, "127.0.0.1", bogon},
		{zero, answered, catalog.VPC, "100.100.100.200", bogon},
		{zero, answered, "", "8.8.8.8", ok}, // a URL has no network
		{zero, answered, "", "10.0.0.1", bogon},
		{zero, named, catalog.Public, "8.8.8.8", ok},
		{zero, named, catalog.Public, "10.0.0.1", refused},
		{zero, named, catalog.Public, "::1", refused},
		{zero, named, catalog.Public, "169.254.169.254", refused},
		{zero, named, catalog.VPC, "10.0.0.1", ok},
		{zero, named, catalog.VPC, "8.8.8.8", ok},
		{zero, named, catalog.VPC, "127.0.0.1", refused},

		{private, answered, catalog.Public, "10.0.0.1", ok},
		{private, answered, catalog.Public, "127.0.0.1", ok},
		{private, answered, catalog.Public, "fe80::1%lo", ok},
		{private, answered, catalog.Public, "fe80::1", bogon},
		{private, named, catalog.Public, "fe80::1", refused},
		{private, named, catalog.Public, "fe80::1%lo", ok},
		{private, answered, catalog.Public, "169.254.1.1", ok},
		{private, answered, catalog.Public, "::ffff:169.254.1.1", ok},
		{private, answered, catalog.Public, "169.254.169.254", bogon},
		{private, answered, catalog.Public, "0.0.0.0", bogon},
		{private, answered, catalog.Public, "0.0.0.1", bogon},
		{private, answered, catalog.Public, "::", bogon},
		{private, answered, catalog.Public, "::ffff:0.0.0.0", bogon},
		{private, answered, catalog.VPC, "0.0.0.0", bogon},
		{private, answered, catalog.Public, "255.255.255.255", bogon},
		{private, answered, catalog.Public, "224.0.0.1", bogon},
		{private, answered, catalog.Public, "ff02::1", bogon},
		{private, named, catalog.Public, "0.0.0.0", reason.ProberAddressRefused},
		{private, named, catalog.Public, "::", reason.ProberAddressRefused},
		{private, named, catalog.Public, "239.1.2.3", reason.ProberAddressRefused},
		{private, answered, catalog.Public, "::ffff:100.100.100.200", bogon},
		{private, answered, catalog.VPC, "127.0.0.1", ok},
		{private, answered, catalog.VPC, "8.8.8.8", notPrivate},
		{private, answered, catalog.VPC, "169.254.0.23", bogon},
		{private, named, catalog.Public, "127.0.0.1", ok},
		{private, named, catalog.Public, "64:ff9b::a9fe:a9fe", refused},

		{closed, answered, catalog.Public, "127.1.2.3", ok},
		{closed, answered, catalog.Public, "::1", ok},
		{closed, answered, catalog.Public, "127.2.2.3", bogon},
		{closed, answered, catalog.Public, "127.3.0.1", bogon},
		{closed, answered, catalog.Public, "8.8.8.8", bogon},
		{closed, answered, catalog.VPC, "127.2.2.3", ok},
		{closed, answered, catalog.VPC, "127.1.2.3", notPrivate},
		{closed, answered, catalog.VPC, "10.0.0.1", bogon},
		{closed, named, catalog.Public, "127.1.2.3", ok},
		{closed, named, catalog.Public, "127.2.2.3", ok},
		{closed, named, catalog.Public, "8.8.8.8", refused},
		{closed, named, catalog.Public, "127.3.0.1", refused},

		{both, answered, catalog.Public, "8.8.8.8", bogon},
		{both, answered, catalog.Public, "10.0.0.1", bogon},
		{both, named, catalog.Public, "8.8.8.8", refused},
		{both, named, catalog.VPC, "10.0.0.1", refused},
		{both, named, catalog.Public, "127.1.2.3", ok},
	} {
		judge, how := tt.guard.Answer, "Answer"
		if tt.named {
			judge, how = tt.guard.Named, "Named"
		}
		if got := judge(netip.MustParseAddr(tt.addr), tt.network); got != tt.want {
			t.Errorf("%+v.%s(%s, %q) = %q, want %q", tt.guard, how, tt.addr, tt.network, got, tt.want)
		}
	}
}
