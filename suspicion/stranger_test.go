package suspicion_test

import (
	"testing"

	"prober/catalog"
	"prober/probe"
	"prober/probe/certs"
	"prober/probe/reason"
	"prober/suspicion"
)

// One provider's endpoints show a portal where the same stranger answers in place of all, in regions
// enough, who can be nobody of theirs.
func TestStrangers(t *testing.T) {
	const hostname, selfSigned, untrusted, redirect = reason.TLSCertHostname, reason.TLSCertSelfSigned, reason.TLSCertUntrusted, reason.VerifyRedirect
	shows := func(leaf, name string, why ...reason.Reason) probe.AddressResult {
		a := probe.AddressResult{Reason: why[0], TLS: &probe.TLSFacts{Certificates: []certs.Certificate{{SHA256: leaf, DNSNames: []string{name}, Issuer: "the same"}}}}
		for _, w := range why {
			a.Findings = append(a.Findings, w.Found("as it is"))
		}
		return a
	}
	leads := func(to string) probe.AddressResult {
		return probe.AddressResult{Reason: redirect, HTTP: &probe.HTTPFacts{Status: 302, ContentType: "text/html", Location: to}}
	}
	all := func(a probe.AddressResult) []probe.AddressResult { return []probe.AddressResult{a, a, a} }
	for name, tt := range map[string]struct {
		found []probe.AddressResult
		cause suspicion.Cause
	}{
		"one certificate of nobody trusted":         {all(shows("aa", "portal.hotel.test", selfSigned, hostname)), suspicion.Portal},
		"it is told by the name first":              {all(shows("aa", "portal.hotel.test", hostname, untrusted)), suspicion.Portal},
		"no name in it":                             {all(shows("aa", "", selfSigned)), suspicion.Portal},
		"in two regions":                            {all(shows("aa", "portal.hotel.test", selfSigned))[:2], suspicion.None},
		"one of them shows another":                 {append(all(shows("aa", "portal.hotel.test", selfSigned))[:2], shows("bb", "portal.hotel.test", selfSigned)), suspicion.None},
		"a trusted one of another's, as of a cache": {all(shows("aa", "cache.test", hostname)), suspicion.None},
		"of the zone":                               {all(shows("aa", "*.a.test", selfSigned, hostname)), suspicion.None},
		"out of its time":                           {all(shows("aa", "*.a.test", reason.TLSCertExpired)), suspicion.None},
		"all lead to one host":                      {all(leads("https://login.hotel.test/?from=here")), suspicion.Portal},
		"all lead to one of the zone":               {all(leads("https://www.a.test/")), suspicion.None},
		"all lead somewhere else there":             {all(leads("/login")), suspicion.None},
		"one leads elsewhere":                       {append(all(leads("https://login.hotel.test/"))[:2], leads("https://other.test/")), suspicion.None},
	} {
		var once suspicion.Once
		for i, a := range tt.found {
			a.Outcome = reason.Fail
			once.See("a", &probe.Observation{
				Endpoint: catalog.Endpoint{Host: "api.a.test", Lifecycle: catalog.Active, Region: string(rune('0' + i))},
				Scheme:   catalog.HTTPS, Outcome: reason.Fail, Reason: a.Reason, Addresses: []probe.AddressResult{a},
			})
		}
		want := suspicion.BeyondControls
		if tt.cause != suspicion.None {
			want = suspicion.NoDoubt
		}
		if once.Cause() != tt.cause || once.Doubt() != want {
			t.Errorf("%s: cause %q, doubt %d, want %q, %d", name, once.Cause(), once.Doubt(), tt.cause, want)
		}
	}
}
