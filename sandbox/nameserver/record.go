package nameserver

import (
	"net/netip"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

// Times to live in seconds: of addresses and aliases, and of the news that something
// is not there.
const (
	positiveTTL = 60
	negativeTTL = 30
)

// record is one resource record of owner, which is given without the final dot.
func record(owner string, ttl uint32, body dnsmessage.ResourceBody) dnsmessage.Resource {
	return dnsmessage.Resource{
		Header: dnsmessage.ResourceHeader{Name: dnsName(owner), Class: dnsmessage.ClassINET, TTL: ttl},
		Body:   body,
	}
}

// address is an A or AAAA record.
func address(owner string, a netip.Addr) dnsmessage.Resource {
	if a.Is4() {
		return record(owner, positiveTTL, &dnsmessage.AResource{A: a.As4()})
	}
	return record(owner, positiveTTL, &dnsmessage.AAAAResource{AAAA: a.As16()})
}

// alias is a CNAME record.
func alias(owner, target string) dnsmessage.Resource {
	return record(owner, positiveTTL, &dnsmessage.CNAMEResource{CNAME: dnsName(target)})
}

// ns names a name server of a zone.
func ns(zone, server string) dnsmessage.Resource {
	return record(zone, positiveTTL, &dnsmessage.NSResource{NS: dnsName(server)})
}

// soa is the start of authority of a zone.
func soa(zone string, ttl uint32) dnsmessage.Resource {
	return record(zone, ttl, &dnsmessage.SOAResource{
		NS: dnsName("ns1." + zone), MBox: dnsName("hostmaster." + zone),
		Serial: 1, Refresh: 3600, Retry: 600, Expire: 86400, MinTTL: negativeTTL,
	})
}

// dnsName adds the final dot. Of what is too long for a name it makes the zero Name, which
// cannot be packed.
func dnsName(s string) dnsmessage.Name {
	name, _ := dnsmessage.NewName(strings.TrimSuffix(s, ".") + ".")
	return name
}
