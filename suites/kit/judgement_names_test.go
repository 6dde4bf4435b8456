package kit

import (
	"net/netip"
	"testing"

	"prober/probe"
	"prober/probe/dns"
	"prober/probe/reason"
	"prober/report"
)

// A resolver that denies what another one leads to leaves open which of them is right.
func TestContradictingResolvers(t *testing.T) {
	denied := func(r reason.Reason, other reason.Outcome) *Survey {
		return &Survey{HTTPS: observation(func(o *probe.Observation) {
			o.Outcome, o.Reason, o.Addresses = reason.Fail, r, nil
			o.DNS = &dns.Lookup{Outcome: reason.Fail, Reason: r}
			o.Findings = []reason.Finding{{Reason: r}}
			o.Resolvers = []probe.ResolverVerdict{{Outcome: other, Addresses: []netip.Addr{loopback}}}
		})}
	}
	for name, test := range map[string]struct {
		survey *Survey
		judge  Judgement
		want   report.Outcome
	}{
		"resolved":              {denied(reason.ResolveNXDomain, reason.OK), Name(BeResolved()), report.Inconclusive},
		"healthy":               {denied(reason.ResolveNXDomain, reason.OK), Health(), report.Inconclusive},
		"aliases":               {denied(reason.ResolveCNAMELoop, reason.OK), Name(HaveSaneAliases()), report.Inconclusive},
		"alike":                 {denied(reason.ResolveNXDomain, reason.OK), Name(ResolveAlike()), report.Fail},
		"all deny it":           {denied(reason.ResolveNXDomain, reason.Fail), Name(BeResolved()), report.Fail},
		"all deny it, healthy":  {denied(reason.ResolveNXDomain, reason.Fail), Health(), report.Fail},
		"all deny it, aliases":  {denied(reason.ResolveCNAMELoop, reason.Fail), Name(HaveSaneAliases()), report.Fail},
		"all deny it, as alike": {denied(reason.ResolveNXDomain, reason.Fail), Name(ResolveAlike()), report.Pass},
	} {
		if v := judged(test.judge, test.survey); v.Outcome != test.want {
			t.Errorf("%s: %s, want %s: %s", name, v.Outcome, test.want, v.Message)
		}
	}
}

// What could not be told keeps no requirement about names.
func TestUntoldNames(t *testing.T) {
	families, beside, alike := Name(ResolveInBothFamilies()), Name(NotResolveBeside()), Name(ResolveAlike())
	silent := probe.ResolverVerdict{Outcome: reason.Unknown, Reason: reason.ProberResolverUnavailable}
	for name, test := range map[string]struct {
		judge  Judgement
		change func(o *probe.Observation)
		want   report.Outcome
	}{
		"both families":          {families, nil, report.Pass},
		"one failed":             {families, func(o *probe.Observation) { o.DNS.Families[1].Reason = reason.ResolveServFail }, report.Fail},
		"one could not be asked": {families, func(o *probe.Observation) { o.DNS.Families[1].Reason = reason.ProberResolverUnavailable }, report.Inconclusive},
		"one was not asked":      {families, func(o *probe.Observation) { o.DNS.Families = o.DNS.Families[:1] }, report.NotApplicable},
		"families of no address": {families, func(o *probe.Observation) { o.DNS.Addresses = nil }, report.Inconclusive},
		"denied":                 {beside, nil, report.Pass},
		"hijacked": {beside, func(o *probe.Observation) {
			o.DNS.Canary.Reason, o.DNS.Canary.Addresses = reason.None, []netip.Addr{loopback}
		}, report.Fail},
		"a wildcard": {beside, func(o *probe.Observation) {
			o.DNS.Canary.Reason, o.DNS.Canary.Addresses = reason.None, []netip.Addr{loopback}
			o.DNS.Elsewhere = &dns.Answer{Reason: reason.ResolveNXDomain}
		}, report.NotApplicable},
		"no such record":          {beside, func(o *probe.Observation) { o.DNS.Canary.Reason = reason.ResolveNoData }, report.Pass},
		"silent about the canary": {beside, func(o *probe.Observation) { o.DNS.Canary.Reason = reason.ResolveTimeout }, report.Inconclusive},
		"no canary":               {beside, func(o *probe.Observation) { o.DNS.Canary = nil }, report.Inconclusive},
		"no addresses":            {beside, func(o *probe.Observation) { o.DNS.Addresses = nil }, report.Inconclusive},
		"no lookup":               {beside, func(o *probe.Observation) { o.DNS = nil }, report.Inconclusive},
		"all others told":         {alike, func(o *probe.Observation) { o.Resolvers = o.Resolvers[1:] }, report.Pass},
		"another resolver told":   {alike, nil, report.Inconclusive}, // and the one beside it is silent
		"another denies it": {alike, func(o *probe.Observation) {
			o.Resolvers[1].Outcome, o.Resolvers[1].Reason = reason.Fail, reason.ResolveNXDomain
		}, report.Fail},
		"one resolver":        {alike, func(o *probe.Observation) { o.Resolvers = nil }, report.NotApplicable},
		"the other is silent": {alike, func(o *probe.Observation) { o.Resolvers = o.Resolvers[:1] }, report.Inconclusive},
		"the first is silent": {alike, func(o *probe.Observation) { o.DNS.Outcome = reason.Unknown }, report.Inconclusive},
	} {
		survey := &Survey{HTTPS: observation(func(o *probe.Observation) {
			o.DNS.Families = []dns.FamilyVerdict{{Type: dns.A}, {Type: dns.AAAA, Reason: reason.ResolveNoData}}
			o.DNS.Canary = &dns.Answer{Name: "kms-1.example.test", Reason: reason.ResolveNXDomain}
			o.Resolvers = []probe.ResolverVerdict{silent, {Outcome: reason.OK}}
			if test.change != nil {
				test.change(o)
			}
		})}
		if v := judged(test.judge, survey); v.Outcome != test.want {
			t.Errorf("%s: %s, want %s: %s", name, v.Outcome, test.want, v.Message)
		}
	}
}
