package kit

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"prober/catalog"
	"prober/probe"
	"prober/probe/dns"
	"prober/probe/hello"
	"prober/probe/reason"
	"prober/report"
)

// A failure names the finding that its own requirement is about, and the command that shows
// it, whatever else is wrong with the endpoint.
func TestCauses(t *testing.T) {
	resolver := netip.MustParseAddrPort("192.0.2.53:53")
	many := observation(func(o *probe.Observation) {
		o.Outcome, o.Reason, o.Reproduce = reason.Fail, reason.TLSCertExpired, "show the expired certificate"
		o.DNS.Resolver = resolver
		o.DNS.Families = []dns.FamilyVerdict{{Type: dns.A, Resolver: resolver}, {Type: dns.AAAA, Reason: reason.ResolveServFail, Resolver: resolver}}
		o.DNS.Canary = &dns.Answer{Resolver: resolver, Name: "kms-1.example.test", Type: dns.A, Addresses: []netip.Addr{loopback}}
		o.DNS.MinTTL = 0
		o.Resolvers = []probe.ResolverVerdict{{Resolver: netip.MustParseAddrPort("192.0.2.54:53"), Outcome: reason.Fail, Reason: reason.ResolveNXDomain}}
		o.Findings = []reason.Finding{{Reason: reason.ResolveCNAMELoop, Reproduce: "show the loop"}}
		a := &o.Addresses[0]
		a.Findings = []reason.Finding{
			{Reason: reason.TLSCertExpired, Reproduce: "show the expired certificate"},
			{Reason: reason.TLSWeakKey, Reproduce: "show the weak key"},
		}
		a.TLS.Commands = []string{"show SSLv2", "show SSLv3", "show TLS1.0", "show TLS1.1", "show TLS1.2", "show TLS1.3"}
		a.TLS.Versions[hello.SSLv3].Verdict = hello.Accepted
		a.TLS.Certificates[0].NotAfter = o.Started.Add(time.Hour)
		other := *a
		table := *a.TLS.Versions
		facts := *a.TLS
		table[hello.TLS12].Verdict = hello.Rejected
		facts.Versions, facts.Commands = &table, []string{"", "", "", "", "show it there", ""}
		other.TLS = &facts
		o.Addresses = append(o.Addresses, other)
	})
	page := answer(func(a *Answer) { a.Exchange.API = nil })
	garbled := answer(func(a *Answer) {
		a.Exchange.Text, a.Dated = []reason.Finding{{Reason: reason.VerifyCharset}}, true
	})
	for name, test := range map[string]struct {
		matcher types.GomegaMatcher
		actual  any
		want    Cause
	}{
		"certificate":  {NotShow("wrong", CertificateFaults()...), many, Cause{Reason: reason.TLSCertExpired, Reproduce: "show the expired certificate"}},
		"key":          {NotShow("weak", reason.TLSWeakKey), many, Cause{Reason: reason.TLSWeakKey, Reproduce: "show the weak key"}},
		"aliases":      {NotShow("wrong", reason.ResolveCNAMELoop), many, Cause{Reason: reason.ResolveCNAMELoop, Reproduce: "show the loop"}},
		"accepted":     {RefuseTLS(catalog.SSLv3), many, Cause{Reason: reason.TLSVersionAccepted, Reproduce: "show SSLv3"}},
		"rejected":     {AcceptTLS(catalog.TLS12), many, Cause{Reason: reason.TLSVersionMissing, Reproduce: "show it there"}},
		"disagreement": {AgreeOnVersions(), many, Cause{Reproduce: "show TLS1.2 ; show it there"}},
		"health":       {BeHealthy(), many, Cause{Reason: reason.TLSCertExpired, Reproduce: "show the expired certificate", unlessAnother: true}},
		"families":     {ResolveInBothFamilies(), many, Cause{Reason: reason.ResolveServFail, Reproduce: "dig @192.0.2.53 kms.example.test. AAAA +tries=1 +time=5"}},
		"resolvers": {ResolveAlike(), many, Cause{
			Reason: reason.ResolveNXDomain, Reproduce: "dig @192.0.2.53 kms.example.test. A +tries=1 +time=5 ; dig @192.0.2.54 kms.example.test. A +tries=1 +time=5",
		}},
		"beside":   {NotResolveBeside(), many, Cause{Reason: reason.ResolveHijacked, Reproduce: "dig @192.0.2.53 kms-1.example.test. A +tries=1 +time=5"}},
		"lifetime": {HaveTTLBetween(time.Second, time.Hour), many, Cause{Reproduce: "dig @192.0.2.53 kms.example.test. A +tries=1 +time=5"}},
		"page":     {BeAPIReply(), page, Cause{Reason: reason.VerifyNotAPI, Reproduce: "curl 'https://kms.example.test/'"}},
		"code":     {BeAPIError(), answer(nil), Cause{Reproduce: "curl 'https://kms.example.test/'"}},
		"label":    {BeLabelledUTF8(), garbled, Cause{Reason: reason.VerifyCharset, Reproduce: "curl 'https://kms.example.test/'", Dated: true}},
		"no cause": {gomega.Equal(2), 1, Cause{}},
	} {
		t.Run(name, func(t *testing.T) {
			s := Spec{
				Basis: Basis{tells: func(*Survey) (SkipReason, string) { return "", "" }}, Requirement: stated("KMS-DNS-01"),
				Check: func(c *Case) {
					c.Expect(7).To(gomega.Equal(7))
					c.Expect(test.actual).To(test.matcher)
				}, Endpoint: catalog.Endpoint{Lifecycle: catalog.Active},
			}
			if v := s.Judge(&Survey{}); v.Outcome != report.Fail || v.Cause != test.want {
				t.Errorf("%s, %+v, want %+v\n%s", v.Outcome, v.Cause, test.want, v.Message)
			}
		})
	}
	if c := many.Addresses[0].TLS.Certificates; len(c) != 1 {
		t.Fatal("the observation was changed")
	}
	m, ok := HaveTimeLeft().(causing)
	if !ok || !strings.Contains(m.cause(many).Reproduce, "Not After") {
		t.Error("no command shows when a certificate ends")
	}
}

// What could not be told keeps no requirement about names.
func TestUntoldNames(t *testing.T) {
	told := func(change func(o *probe.Observation)) *Survey {
		return &Survey{HTTPS: observation(func(o *probe.Observation) {
			o.DNS.Families = []dns.FamilyVerdict{{Type: dns.A}, {Type: dns.AAAA, Reason: reason.ResolveNoData}}
			o.DNS.Canary = &dns.Answer{Name: "kms-1.example.test", Reason: reason.ResolveNXDomain}
			o.Resolvers = []probe.ResolverVerdict{{Outcome: reason.Unknown, Reason: reason.ProberResolverUnavailable}, {Outcome: reason.OK}}
			if change != nil {
				change(o)
			}
		})}
	}
	for name, test := range map[string]struct {
		basis  Basis
		survey *Survey
		want   SkipReason
	}{
		"both families":           {AskedBothFamilies(), told(nil), ""},
		"one failed":              {AskedBothFamilies(), told(func(o *probe.Observation) { o.DNS.Families[1].Reason = reason.ResolveServFail }), ""},
		"one could not be asked":  {AskedBothFamilies(), told(func(o *probe.Observation) { o.DNS.Families[1].Reason = reason.ProberResolverUnavailable }), Inconclusive},
		"one was not asked":       {AskedBothFamilies(), told(func(o *probe.Observation) { o.DNS.Families = o.DNS.Families[:1] }), NotApplicable},
		"denied":                  {AskedBeside(), told(nil), ""},
		"hijacked":                {AskedBeside(), told(func(o *probe.Observation) { o.DNS.Canary.Reason = reason.None }), ""},
		"no such record":          {AskedBeside(), told(func(o *probe.Observation) { o.DNS.Canary.Reason = reason.ResolveNoData }), ""},
		"silent about the canary": {AskedBeside(), told(func(o *probe.Observation) { o.DNS.Canary.Reason = reason.ResolveTimeout }), Inconclusive},
		"no canary":               {AskedBeside(), told(func(o *probe.Observation) { o.DNS.Canary = nil }), Inconclusive},
		"no addresses":            {AskedBeside(), told(func(o *probe.Observation) { o.DNS.Addresses = nil }), Inconclusive},
		"another resolver told":   {ResolversCompared(), told(nil), ""},
		"one resolver":            {ResolversCompared(), told(func(o *probe.Observation) { o.Resolvers = nil }), NotApplicable},
		"the other is silent":     {ResolversCompared(), told(func(o *probe.Observation) { o.Resolvers = o.Resolvers[:1] }), Inconclusive},
		"the first is silent":     {ResolversCompared(), told(func(o *probe.Observation) { o.DNS.Outcome = reason.Unknown }), Inconclusive},
	} {
		if why, text := test.basis.tells(test.survey); why != test.want {
			t.Errorf("%s: %q (%s), want %q", name, why, text, test.want)
		}
	}
}
