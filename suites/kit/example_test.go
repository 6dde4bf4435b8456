package kit_test

import (
	"fmt"
	"net/netip"

	"prober/catalog"
	"prober/probe"
	"prober/probe/dns"
	"prober/probe/reason"
	"prober/suites/kit"
)

// A spec is data: it can be judged over a survey that was made, or made up, anywhere.
func ExampleSpec_Judge() {
	spec := kit.Spec{
		Endpoint:    catalog.Endpoint{ID: "kms/cn-beijing/public", Lifecycle: catalog.Active},
		Requirement: kit.Requirement{ID: "KMS-DNS-01", Level: kit.Must},
		Basis:       kit.Looked(),
		Check:       func(c *kit.Case) { c.Expect(c.HTTPS).To(kit.BeResolved()) },
	}
	survey := &kit.Survey{HTTPS: probe.Observation{
		Endpoint: catalog.Endpoint{Host: "kms.cn-beijing.aliyuncs.com"}, Scheme: catalog.HTTPS,
		Outcome: reason.Fail, Reason: reason.ResolveNXDomain, Detail: "NXDOMAIN",
		DNS: &dns.Lookup{Outcome: reason.Fail},
	}}
	v := spec.Judge(survey)
	fmt.Println(v.Outcome)
	fmt.Println(v.Message)

	survey.HTTPS.DNS.Addresses = []netip.Addr{netip.MustParseAddr("192.0.2.1")}
	fmt.Println(spec.Judge(survey).Outcome)
	// Output:
	// fail
	// expected kms.cn-beijing.aliyuncs.com to be resolved
	//   fail resolve/nxdomain: NXDOMAIN
	// pass
}
