package kit_test

import (
	"fmt"
	"net/netip"

	"prober/catalog"
	"prober/probe"
	"prober/probe/dns"
	"prober/probe/reason"
	"prober/report"
	"prober/suites/kit"
)

// A requirement is one value: what a document says, what is looked at, and what is demanded
// of that. It can be judged over a survey that was made, or made up, anywhere.
func ExampleRequirement() {
	requirement := kit.Requirement{
		ID: "KMS-TLS-13", Line: func(here func()) { here() }, Level: report.Must, In: kit.RFC("9325", "4.5", "2022-11"),
		Text:  "The certificates have keys and signatures that are not weak.",
		It:    "uses keys and signatures that are strong enough",
		Judge: kit.EachAddress(catalog.HTTPS, kit.HaveStrongKeys()),
	}
	spec := kit.Spec{Endpoint: catalog.Endpoint{ID: "kms/cn-beijing/public", Lifecycle: catalog.Active}, Requirement: requirement}

	certificate := &probe.TLSFacts{Certificates: []probe.Certificate{{Subject: "CN=kms.cn-beijing.aliyuncs.com"}}}
	weak := []reason.Finding{{Reason: reason.TLSWeakKey, Detail: "RSA of 1024 bits"}}
	first, second := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	survey := &kit.Survey{HTTPS: probe.Observation{
		Endpoint: catalog.Endpoint{Host: "kms.cn-beijing.aliyuncs.com"}, Scheme: catalog.HTTPS, Outcome: reason.Degraded,
		DNS: &dns.Lookup{Outcome: reason.OK, Addresses: []netip.Addr{first, second}},
		Addresses: []probe.AddressResult{
			{Address: first, Reason: reason.ConnectTimeout, Outcome: reason.Fail},
			{Address: second, TLS: certificate, Findings: weak},
		},
	}}
	show := func() {
		v := spec.Judge(survey)
		fmt.Println(v.Outcome)
		fmt.Println(v.Message)
	}
	show() // one address shows it, whatever the other cannot tell
	survey.HTTPS.Addresses[1].Findings = nil
	show()
	survey.HTTPS.Addresses[0].TLS = certificate
	show()
	// Output:
	// fail
	// expected kms.cn-beijing.aliyuncs.com over https to show nothing weak
	//   192.0.2.2 tls/weak_key: RSA of 1024 bits
	// inconclusive
	// 192.0.2.1: no certificate could be read: connect/timeout
	// pass
}
