package report_test

import (
	"net/netip"
	"strings"
	"testing"

	"prober/catalog"
	"prober/probe"
	"prober/probe/dns"
	"prober/probe/reason"
	"prober/report"
	"prober/suspicion"
)

func TestHeadline(t *testing.T) {
	c := &catalog.Catalog{Products: []catalog.Product{{ID: "kms", Provider: "alibaba"}, {ID: "gaap", Provider: "tencent"}}}
	at := func(product, host string, why reason.Reason) probe.Observation {
		return probe.Observation{
			Endpoint: catalog.Endpoint{ID: product + "/" + host, Product: product, Host: host}, Outcome: why.Outcome(), Reason: why,
			DNS: &dns.Lookup{Queries: []dns.Answer{{Resolver: netip.MustParseAddrPort("192.0.2.53:53")}}},
		}
	}
	closed := at("kms", "old.example.com", reason.ResolveNXDomain)
	closed.Endpoint.Lifecycle = catalog.Closed
	astray := at("kms", "a.example.com", reason.ResolveBogon)
	astray.Outcome = reason.Unknown
	heard := at("gaap", "b.example.net", reason.ResolveNXDomain)
	heard.DNS.Resolver = netip.MustParseAddrPort("192.0.2.53:53")
	led := heard // to where others are led, which shows nothing
	led.Outcome, led.Reason = reason.Unknown, reason.ResolveBogon
	unasked := at("kms", "a.example.com", reason.ProberResolverUnavailable)
	unasked.DNS = nil
	vouched, alike := at("kms", "a.example.com", reason.ConnectTimeout), at("kms", "a.example.com", reason.ConnectTimeout)
	vouched.Vouched = true
	beyond := at("kms", "a.example.com", reason.TLSReset)
	beyond.BeyondControl = true
	suspicion.TakeBack(&alike)
	const lost, timeout = reason.ProberResolverUnavailable, reason.ConnectTimeout
	for name, tt := range map[string]struct {
		observations []probe.Observation
		want         string
	}{
		"nothing":                   {nil, ""},
		"all is well":               {[]probe.Observation{at("kms", "a.example.com", reason.None), at("gaap", "b.example.net", reason.None)}, ""},
		"no resolver, for one":      {[]probe.Observation{at("kms", "a.example.com", lost), at("gaap", "b.example.net", reason.None)}, "no resolver can be used (192.0.2.53:53): 1 of 2 endpoints could not be looked up, which says nothing about them"},
		"led to no host, for one":   {[]probe.Observation{astray, at("gaap", "b.example.net", reason.None)}, "no resolver can be used (192.0.2.53:53): 1 of 2 endpoints could not be looked up, which says nothing about them"},
		"one resolver, for one":     {[]probe.Observation{at("kms", "a.example.com", lost), heard}, "resolvers answer about some names and not about others (192.0.2.53:53): 1 of 2 endpoints could not be looked up, which says nothing about them"},
		"of one with a bad address": {[]probe.Observation{at("kms", "a.example.com", lost), led}, "no resolver can be used (192.0.2.53:53): 2 of 2"},
		"no way, for two":           {[]probe.Observation{at("kms", "a.example.com", reason.ProberVantageOffline), at("gaap", "b.example.net", reason.ProberVantageOffline)}, "no control takes a connection, and no endpoint either: 2 of 2 endpoints could not be reached, which says nothing about them"},
		"by both schemes":           {[]probe.Observation{at("kms", "a.example.com", lost), at("kms", "a.example.com", lost)}, "no resolver can be used (192.0.2.53:53): 1 of 1 endpoint could"},
		"none configured":           {[]probe.Observation{unasked}, "no resolver is configured: 1 of 1 endpoint could"},
		"one reason, two providers": {[]probe.Observation{at("kms", "a.example.com", timeout), at("gaap", "b.example.net", timeout), closed}, "all 2 endpoints, of 2 providers (alibaba, tencent), fail with connect/timeout: nothing"},
		"one reason, unlisted":      {[]probe.Observation{at("", "a.example.com", timeout), at("", "b.example.net", timeout)}, "of 2 providers (example.com, example.net)"},
		"one reason, one provider":  {[]probe.Observation{at("kms", "a.example.com", timeout), at("kms", "b.example.com", timeout)}, "all 2 endpoints, of 1 provider (alibaba), fail with connect/timeout: nothing"},
		"one endpoint":              {[]probe.Observation{at("kms", "a.example.com", timeout)}, "the only endpoint fails with connect/timeout: nothing that was probed tells this from trouble of this machine or its network"},
		"one endpoint that speaks":  {[]probe.Observation{at("kms", "a.example.com", reason.VerifyServerError)}, ""},
		"beyond the control":        {[]probe.Observation{beyond}, "the only endpoint fails with tls/reset: nothing that was probed tells this from trouble of this machine or its network; no control could, for it lies beyond the connection"},
		"two reasons, one provider": {[]probe.Observation{at("kms", "a.example.com", timeout), at("kms", "b.example.com", reason.ConnectRefused)}, "fail with connect/refused, connect/timeout: nothing"},
		"a control is well":         {[]probe.Observation{vouched, at("kms", "b.example.com", timeout)}, ""},
		"one provider's servers":    {[]probe.Observation{at("kms", "a.example.com", reason.VerifyServerError), at("kms", "b.example.com", reason.VerifyServerError)}, ""},
		"all alike":                 {[]probe.Observation{alike, at("gaap", "b.example.net", reason.ResolveNXDomain)}, "everything that can tell fails at once, at 2 providers (alibaba, tencent): this machine's own network or clock is suspected, so that nothing can be told about 1 of 2 endpoints"},
		"two reasons":               {[]probe.Observation{at("kms", "a.example.com", timeout), at("gaap", "b.example.net", reason.ConnectRefused)}, ""},
		"one is well":               {[]probe.Observation{at("kms", "a.example.com", timeout), at("gaap", "b.example.net", reason.None)}, ""},
		"one is undecided":          {[]probe.Observation{at("kms", "a.example.com", timeout), at("gaap", "b.example.net", reason.ProberInternal)}, ""},
	} {
		if got := report.Headline(c, tt.observations); !strings.Contains(got, tt.want) || tt.want == "" && got != "" {
			t.Errorf("%s: %q, want %q in it", name, got, tt.want)
		}
	}
}
