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
func TestMismatches(t *testing.T) {
	resolver := netip.MustParseAddrPort("192.0.2.53:53")
	many := observation(func(o *probe.Observation) {
		o.Outcome, o.Reason, o.Reproduce = reason.Fail, reason.TLSCertExpired, "show the expired certificate"
		o.DNS.Resolver, o.DNS.RCode = resolver, "NOERROR"
		o.DNS.Families = []dns.FamilyVerdict{{Type: dns.A, Resolver: resolver}, {Type: dns.AAAA, Reason: reason.ResolveServFail, Detail: "SERVFAIL", Resolver: resolver}}
		o.DNS.Canary = &dns.Answer{Resolver: resolver, Name: "kms-1.example.test", Type: dns.A, Addresses: []netip.Addr{loopback}}
		o.DNS.MinTTL = 0
		o.Resolvers = []probe.ResolverVerdict{{Resolver: netip.MustParseAddrPort("192.0.2.54:53"), Outcome: reason.Fail, Reason: reason.ResolveNXDomain, Detail: "NXDOMAIN"}}
		o.Findings = []reason.Finding{{Reason: reason.ResolveCNAMELoop, Detail: "so it is", Reproduce: "show the loop"}}
		a := &o.Addresses[0]
		a.Findings = []reason.Finding{
			{Reason: reason.TLSCertExpired, Detail: "so it is", Reproduce: "show the expired certificate"},
			{Reason: reason.TLSWeakKey, Detail: "so it is", Reproduce: "show the weak key"},
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
	page := replied(func(a *Answer) { a.Exchange.API, a.Exchange.APIProblem = nil, "found HTML" })
	garbled := replied(func(a *Answer) {
		a.Exchange.Text, a.Dated = []reason.Finding{{Reason: reason.VerifyCharset, Detail: "it says GBK"}}, true
	})
	unframed := replied(func(a *Answer) {
		a.Exchange.Findings = []reason.Finding{{Reason: reason.HeadersBareLF, Detail: "line 1"}}
	})
	first, second, name := Address{many.Addresses[0], many}, Address{many.Addresses[1], many}, Lookup{many}
	const curl = "curl 'https://kms.example.test/'"
	on := func(actual any, m types.GomegaMatcher) Judgement {
		return NameBy(func(c *Case, _ Lookup) {
			c.Expect(7, gomega.Equal(7))
			c.Expect(actual, m)
		})
	}
	for name, test := range map[string]struct {
		judge Judgement
		want  Mismatch
	}{
		"certificate": {on(first, HaveGoodCertificate()), Mismatch{
			Expected: "kms.example.test over https to show nothing wrong with the certificate",
			Got:      "127.0.0.1 tls/cert_expired: so it is",
			Reason:   reason.TLSCertExpired, Reproduce: "show the expired certificate",
		}},
		"key": {on(first, HaveStrongKeys()), Mismatch{
			Expected: "kms.example.test over https to show nothing weak",
			Got:      "127.0.0.1 tls/weak_key: so it is",
			Reason:   reason.TLSWeakKey, Reproduce: "show the weak key",
		}},
		"aliases": {on(name, HaveSaneAliases()), Mismatch{
			Expected: "kms.example.test over https to show nothing wrong with the aliases",
			Got:      "kms.example.test resolve/cname_loop: so it is",
			Reason:   reason.ResolveCNAMELoop, Reproduce: "show the loop",
		}},
		"accepted": {on(first, RefuseTLS(catalog.SSLv3)), Mismatch{
			Expected: "kms.example.test to have SSLv3 rejected",
			Got:      "127.0.0.1  accepted  alert 70",
			Reason:   reason.TLSVersionAccepted, Reproduce: "show SSLv3",
		}},
		"rejected": {on(second, AcceptTLS(catalog.TLS12)), Mismatch{
			Expected: "kms.example.test to have TLS1.2 accepted",
			Got:      "127.0.0.1  rejected  alert 70",
			Reason:   reason.TLSVersionMissing, Reproduce: "show it there",
		}},
		"disagreement": {on(many, AgreeOnVersions(catalog.TLSVersions()...)), Mismatch{
			Expected:  "the addresses of kms.example.test to accept the same protocol versions",
			Got:       "TLS1.2: 127.0.0.1 accepted, 127.0.0.1 rejected",
			Reproduce: "show TLS1.2 ; show it there",
		}},
		"health": {Health(), Mismatch{
			Expected: "kms.example.test over https to be healthy",
			Got:      "127.0.0.1 tls/cert_expired: so it is",
			Reason:   reason.TLSCertExpired, Reproduce: "show the expired certificate",
		}},
		"families": {on(name, ResolveInBothFamilies()), Mismatch{
			Expected: "kms.example.test to be answered for both address families",
			Got:      "AAAA: resolve/servfail: SERVFAIL",
			Reason:   reason.ResolveServFail, Reproduce: "dig @192.0.2.53 kms.example.test. AAAA +tries=1 +time=5",
		}},
		"resolvers": {on(name, ResolveAlike()), Mismatch{
			Expected: "kms.example.test to be answered alike by every resolver",
			Got:      "192.0.2.53:53 says NOERROR [127.0.0.1]; 192.0.2.54:53 says resolve/nxdomain: NXDOMAIN",
			Reason:   reason.ResolveNXDomain, Reproduce: "dig @192.0.2.53 kms.example.test. A +tries=1 +time=5 ; dig @192.0.2.54 kms.example.test. A +tries=1 +time=5",
		}},
		"beside": {on(name, NotResolveBeside()), Mismatch{
			Expected: "the name servers to deny kms-1.example.test, which does not exist",
			Got:      "192.0.2.53:53 gave [127.0.0.1]",
			Reason:   reason.ResolveHijacked, Reproduce: "dig @192.0.2.53 kms-1.example.test. A +tries=1 +time=5",
		}},
		"lifetime": {on(name, HaveTTLBetween(time.Second, time.Hour)), Mismatch{
			Expected:  "the records of kms.example.test to have a TTL from 1s to 1h0m0s",
			Got:       "they have from 0s to 0s",
			Reproduce: "dig @192.0.2.53 kms.example.test. A +tries=1 +time=5",
		}},
		"page": {on(page, BeAPIReply()), Mismatch{
			Expected: `the question "unknown-action" to be answered in the documented shape`,
			Got:      "127.0.0.1: status 404, found HTML",
			Reason:   reason.VerifyNotAPI, Reproduce: curl,
		}},
		"code": {on(replied(nil), BeAPIError(catalog.ErrorRule{Codes: []string{"Odd"}})), Mismatch{
			Expected:  `the question "unknown-action" to be answered with Odd`,
			Got:       "127.0.0.1: status 404, InvalidAction.NotFound: no such action, request 4c467b38-3910-447d-87bc-ac049166f216",
			Reproduce: curl,
		}},
		"label": {on(garbled, BeLabelledUTF8()), Mismatch{
			Expected: `the question "unknown-action" to be answered in text labelled as UTF-8, without a byte order mark`,
			Got:      "127.0.0.1: status 404, InvalidAction.NotFound: no such action, request 4c467b38-3910-447d-87bc-ac049166f216; verify/charset: it says GBK",
			Reason:   reason.VerifyCharset, Reproduce: curl, Dated: true,
		}},
		"frame": {on(unframed, BeFramed()), Mismatch{
			Expected: `the question "unknown-action" to be answered as HTTP/1.1 demands`,
			Got:      "127.0.0.1 headers/bare_lf: line 1",
			Reason:   reason.HeadersBareLF, Reproduce: curl,
		}},
		"negation": {on(page, Not(Not(BeAPIReply()))), Mismatch{
			Expected: `the question "unknown-action" to be answered in the documented shape`,
			Got:      "127.0.0.1: status 404, found HTML",
			Reason:   reason.VerifyNotAPI, Reproduce: curl,
		}},
		"no cause": {on(1, gomega.Equal(2)), Mismatch{}},
	} {
		t.Run(name, func(t *testing.T) {
			v := judged(test.judge, &Survey{HTTPS: many})
			if v.Outcome != report.Fail || v.Mismatch != test.want {
				t.Errorf("%s, %+v, want %+v\n%s", v.Outcome, v.Mismatch, test.want, v.Message)
			}
		})
	}
	if c := many.Addresses[0].TLS.Certificates; len(c) != 1 {
		t.Fatal("the observation was changed")
	}
	if v := judged(on(first, HaveTimeLeft()), &Survey{HTTPS: many}); !strings.Contains(v.Reproduce, "Not After") {
		t.Error("no command shows when a certificate ends")
	}
}

// Texts of an expectation stand before its message, and are no part of what was expected.
func TestExpectationText(t *testing.T) {
	page := replied(func(a *Answer) { a.Exchange.API, a.Exchange.APIProblem = nil, "found HTML" })
	v := judged(NameBy(func(c *Case, _ Lookup) { c.Expect(page, Saying("first", Saying("second", BeAPIReply()))) }), resolved())
	if !strings.HasPrefix(v.Message, "first\nsecond\nexpected the question ") || strings.HasPrefix(v.Expected, "first") || !strings.Contains(v.Got, "found HTML") {
		t.Errorf("%+v", v)
	}
}
