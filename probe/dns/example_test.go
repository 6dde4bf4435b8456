package dns

import (
	"context"
	"fmt"
	"net/netip"
	"testing"
)

// One question to one resolver: here one that knows the name through an alias.
func ExampleClient_Query() {
	client, resolver := exampleResolver("ecs.example.com 600 CNAME lb.example.net\n lb.example.net 60 A 192.0.2.9")

	a := client.Query(context.Background(), resolver, "ecs.example.com", A)
	fmt.Println(a.RCode, a.CNAMEs[0].Target, a.Addresses, a.MinTTL)

	a = client.Query(context.Background(), resolver, "nobody.example.com", A)
	fmt.Println(a.RCode, a.Reason)
	fmt.Println(a.Detail)
	// Output:
	// NOERROR lb.example.net [192.0.2.9] 1m0s
	// NXDOMAIN resolve/nxdomain
	// 192.0.2.1:53 answered NXDOMAIN for nobody.example.com A
}

// All addresses of a host, with a canary that must not resolve.
func ExampleClient_Lookup() {
	client, resolver := exampleResolver("ecs.example.com 60 A 192.0.2.9\n ecs.example.com 60 AAAA 2001:db8::9")

	l := client.Lookup(context.Background(), []netip.AddrPort{resolver}, "ecs.example.com", Options{Canary: "x7f3.example.com"})
	fmt.Println(l.Outcome, l.Addresses)
	for _, q := range l.Queries {
		fmt.Println(q.Name, q.Type, q.RCode)
	}
	// Output:
	// ok [192.0.2.9 2001:db8::9]
	// ecs.example.com A NOERROR
	// ecs.example.com AAAA NOERROR
	// x7f3.example.com A NXDOMAIN
}

// exampleResolver stands for a real client and a real resolver.
func exampleResolver(records string) (*Client, netip.AddrPort) {
	_, client := newNetwork(new(testing.T), zone(records))
	return client, resolver1
}
