// Package nameserver is the DNS of the sandbox: servers on loopback that answer, over
// UDP and TCP on one port, for the host names of a catalogue, and that misbehave for
// single names on demand.
//
// A [Zone] knows the hosts and says what to answer; a [Server] moves messages. What a
// zone does about one host is a [Behaviour], which can be exchanged while servers run:
//
//	z := nameserver.NewZone([]nameserver.Host{{Name: "ecs.aliyuncs.com", V4: addrs}})
//	s, err := nameserver.Start(nameserver.Config{Answer: z.Answer})
//	...
//	z.Set("ecs.aliyuncs.com", nameserver.NXDomain()) // from now on it does not exist
//
// The servers answer as authoritative ones for the zones of the hosts (the last two
// labels of each name): NXDOMAIN or NODATA with an SOA record for names that are not
// there (RFC 2308), REFUSED outside. They claim to offer recursion, since clients use
// them as resolvers, and answer what a client asks to tell a resolver that is broken from a
// name that is: ". NS", the domains above the zones, made-up names below example.com and
// example.net, which do not exist. The wire format is that of RFC 1035 with EDNS(0), RFC 6891.
package nameserver
