package common_test

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"prober/catalog"
	"prober/probe"
	"prober/probe/dns"
	"prober/probe/reason"
	"prober/report"
	"prober/suites/common"
	"prober/suites/kit"
)

// A lifetime of nothing counts where it is the zone's, not where it is what a cache has left.
func TestLifetimeOfNothing(t *testing.T) {
	all := common.DNS(common.Document{Product: catalog.Product{ID: "kms"}})
	i := slices.IndexFunc(all, func(q kit.Requirement) bool { return q.ID == "KMS-DNS-06" })
	spec := kit.Spec{Endpoint: &catalog.Endpoint{Lifecycle: catalog.Active}, Requirement: &all[i]}
	minute := reason.Seconds(time.Minute)
	for name, test := range map[string]struct {
		lookup dns.Lookup
		want   report.Outcome
	}{
		"a minute":                      {dns.Lookup{MinTTL: minute, MaxTTL: minute}, report.Pass},
		"nothing, of a server's":        {dns.Lookup{Authoritative: true}, report.Fail},
		"nothing, of a cache's":         {dns.Lookup{}, report.Inconclusive},
		"nothing, of a cache's, always": {dns.Lookup{Uncached: true}, report.Fail},
	} {
		l := test.lookup
		l.Outcome, l.Addresses = reason.OK, []netip.Addr{netip.MustParseAddr("192.0.2.1")}
		if v := spec.Judge(&kit.Survey{HTTPS: probe.Observation{Scheme: catalog.HTTPS, Outcome: reason.OK, DNS: &l}}); v.Outcome != test.want {
			t.Errorf("%s: %s, want %s: %s", name, v.Outcome, test.want, v.Message)
		}
	}
}
