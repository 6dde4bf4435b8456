package common_test

import (
	"net/netip"
	"slices"
	"testing"

	"prober/catalog"
	"prober/probe"
	"prober/probe/dns"
	"prober/probe/hello"
	"prober/probe/reason"
	"prober/report"
	"prober/suites/common"
	"prober/suites/kit"
)

// The advice against TLS 1.0 and 1.1 is followed only where both are known to be rejected.
func TestAdviceRestsOnBothVersions(t *testing.T) {
	all := common.TLS(common.Document{Product: catalog.Product{ID: "kms"}}, nil)
	i := slices.IndexFunc(all, func(q kit.Requirement) bool { return q.ID == "KMS-TLS-09" })
	if i < 0 {
		t.Fatal("there is no KMS-TLS-09")
	}
	spec := kit.Spec{Endpoint: &catalog.Endpoint{Lifecycle: catalog.Active}, Requirement: &all[i]}
	for name, test := range map[string]struct {
		tls10, tls11 hello.Verdict
		want         report.Outcome
	}{
		"both rejected":        {hello.Rejected, hello.Rejected, report.Pass},
		"1.0 open":             {hello.Inconclusive, hello.Rejected, report.Inconclusive},
		"1.1 open":             {hello.Rejected, hello.Inconclusive, report.Inconclusive},
		"1.0 served":           {hello.Accepted, hello.Rejected, report.NotApplicable}, // and written down
		"1.1 served":           {hello.Rejected, hello.Accepted, report.NotApplicable},
		"1.0 open, 1.1 served": {hello.Inconclusive, hello.Accepted, report.NotApplicable},
	} {
		var table hello.Table
		for i, v := range hello.Versions() {
			table[i] = hello.Result{Version: v, Verdict: hello.Accepted}
		}
		table[hello.TLS10].Verdict, table[hello.TLS11].Verdict = test.tls10, test.tls11
		at := netip.MustParseAddr("192.0.2.1")
		v := spec.Judge(&kit.Survey{HTTPS: probe.Observation{
			Scheme: catalog.HTTPS, Outcome: reason.OK, DNS: &dns.Lookup{Outcome: reason.OK, Addresses: []netip.Addr{at}},
			Addresses: []probe.AddressResult{{Address: at, Outcome: reason.OK, TLS: &probe.TLSFacts{Versions: &table}}},
		}})
		if v.Outcome != test.want {
			t.Errorf("%s: %s, want %s: %s", name, v.Outcome, test.want, v.Message)
		}
	}
}
