package probe_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"

	"prober/catalog"
	"prober/probe"
)

func Example() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "try again later", http.StatusServiceUnavailable)
	}))
	defer server.Close()
	addr := netip.MustParseAddrPort(server.Listener.Addr().String())

	p := probe.New(probe.Config{Guard: probe.Guard{AllowPrivate: true}})
	o := p.Probe(context.Background(), probe.Target{
		Endpoint: catalog.Endpoint{Host: "shop.test", Ports: &catalog.Ports{HTTP: addr.Port()}},
		Scheme:   catalog.HTTP,
		Address:  addr.Addr(), // without it DNS would be asked for shop.test
	})
	fmt.Println(o.Outcome, o.Reason)
	fmt.Println(o.Detail)
	fmt.Println(o.Addresses[0].Phases.Reached, o.Addresses[0].HTTP.Status)
	// Output:
	// fail verify/server_error
	// status 503 Service Unavailable
	// body 503
}

// The dialer never gets to see an address that a public name must not lead to.
func ExampleGuard() {
	var guard probe.Guard
	for _, a := range []string{"8.8.8.8", "10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1"} {
		fmt.Printf("%s %q\n", a, guard.Answer(netip.MustParseAddr(a), catalog.Public))
	}
	// Output:
	// 8.8.8.8 ""
	// 10.0.0.1 "resolve/bogon"
	// 169.254.169.254 "resolve/bogon"
	// ::ffff:127.0.0.1 "resolve/bogon"
}
