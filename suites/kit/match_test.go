package kit

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe"
	"prober/probe/dns"
	"prober/probe/hello"
	"prober/probe/reason"
)

var loopback = netip.MustParseAddr("127.0.0.1")

// observed makes an observation with one change.
func observation(change func(o *probe.Observation)) probe.Observation {
	var table hello.Table
	for i, v := range hello.Versions() {
		table[i] = hello.Result{Version: v, Verdict: hello.Rejected, Evidence: "alert 70"}
	}
	table[hello.TLS12].Verdict = hello.Accepted
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	o := probe.Observation{
		Endpoint: catalog.Endpoint{ID: "kms/here/public", Host: "kms.example.test"}, Scheme: catalog.HTTPS,
		Outcome: reason.OK, Started: now,
		DNS: &dns.Lookup{Outcome: reason.OK, Addresses: []netip.Addr{loopback}, MinTTL: reason.Seconds(time.Minute)},
		Addresses: []probe.AddressResult{{Address: loopback, Outcome: reason.OK, TLS: &probe.TLSFacts{
			Versions: &table,
			Certificates: []probe.Certificate{{
				Subject: "CN=kms.example.test", NotBefore: now.AddDate(0, 0, -30), NotAfter: now.AddDate(0, 0, 60),
			}},
		}}},
	}
	if change != nil {
		change(&o)
	}
	return o
}

// answer makes an answer with one change.
func answer(change func(a *Answer)) Answer {
	a := Answer{Name: "unknown-action", Reproduce: "curl 'https://kms.example.test/'", Exchange: probe.Exchange{
		Address: loopback, Outcome: reason.OK, Status: 404, Class: cloudapi.OrdinaryError,
		Header: http.Header{"X-Acs-Request-Id": {"4C467B38-3910-447D-87BC-AC049166F216"}},
		Body:   []byte(`{"Code":"InvalidAction.NotFound","LocalName":"青岛"}`),
		API: &cloudapi.Reply{
			IsError: true, Code: "InvalidAction.NotFound", Message: "no such action",
			RequestID: "4c467b38-3910-447d-87bc-ac049166f216", HostID: "kms.example.test",
		},
	}}
	if change != nil {
		change(&a)
	}
	return a
}

func unknownActionRule() catalog.ErrorRule {
	return catalog.ErrorRule{Situation: catalog.UnknownAction, Codes: []string{"InvalidAction.NotFound"}, Statuses: []int{404}}
}

// Each matcher: something that it takes, something that it does not, and something of
// another type, which is an error rather than a mismatch.
func TestMatchers(t *testing.T) {
	withFinding := func(r reason.Reason) probe.Observation {
		return observation(func(o *probe.Observation) {
			o.Outcome, o.Reason = r.Outcome(), r
			o.Addresses[0].Reason, o.Addresses[0].Detail = r, "so it is"
			o.Addresses[0].Findings = []reason.Finding{{Reason: r, Detail: "so it is", Reproduce: "show it"}}
		})
	}
	text := func(r reason.Reason) Answer {
		return answer(func(a *Answer) { a.Exchange.Text = []reason.Finding{{Reason: r, Detail: "here"}} })
	}
	page := answer(func(a *Answer) { a.Exchange.API, a.Exchange.APIProblem = nil, "found HTML" })
	ok := answer(func(a *Answer) {
		a.Exchange.API.IsError, a.Exchange.Class, a.Exchange.Status = false, cloudapi.Success, 200
	})
	xml := func(charset string) Answer {
		return answer(func(a *Answer) { a.Exchange.API.Format, a.Exchange.API.Charset = cloudapi.XML, charset })
	}
	hungUp := answer(func(a *Answer) {
		a.Exchange = probe.Exchange{Outcome: reason.Fail, Reason: reason.RequestReset}
	})
	echo := func(s string) Answer {
		return answer(func(a *Answer) {
			a.Kept = "GET&%2F&TextChinese%3D%25E4"
			a.Exchange.API.Message = "Specified signature is not matched with our calculation. server string to sign is:" + s
		})
	}
	rule := unknownActionRule()
	for name, test := range map[string]struct {
		matcher    types.GomegaMatcher
		pass, fail any
		says       string // in the message of the failure
	}{
		"AcceptTLS":       {AcceptTLS(catalog.TLS12), observation(nil), withVersion(catalog.TLS12, hello.Rejected), "to have TLS1.2 accepted"},
		"AcceptTLS, open": {AcceptTLS(catalog.TLS12), observation(nil), withVersion(catalog.TLS12, hello.Inconclusive), "inconclusive"},
		"RefuseTLS":       {RefuseTLS(catalog.SSLv3), observation(nil), withVersion(catalog.SSLv3, hello.Accepted), "to have SSLv3 rejected"},
		"NotShow":         {NotShow("odd", reason.VerifyBOM), withFinding(reason.ConnectRefused), withFinding(reason.VerifyBOM), "to show nothing odd"},
		"BeHealthy":       {BeHealthy(), withFinding(reason.TLSVersionAccepted), withFinding(reason.TLSCertExpired), "to be healthy"},
		"BeResolved":      {BeResolved(), observation(nil), observation(func(o *probe.Observation) { o.DNS.Addresses = nil }), "to be resolved"},
		"ResolveInBothFamilies": {
			ResolveInBothFamilies(), observation(nil),
			observation(func(o *probe.Observation) {
				o.DNS.Families = []dns.FamilyVerdict{{Type: dns.A}, {Type: dns.AAAA, Reason: reason.ResolveServFail}}
			}), "both address families",
		},
		"NotResolveBeside": {
			NotResolveBeside(), beside(), beside(loopback), "deny kms-1.example.test, which does not exist",
		},
		"ResolveAlike": {
			ResolveAlike(), observation(nil),
			observation(func(o *probe.Observation) {
				o.Resolvers = []probe.ResolverVerdict{{Outcome: reason.Fail, Reason: reason.ResolveNXDomain, Detail: "NXDOMAIN from the second"}}
			}), "NXDOMAIN from the second",
		},
		"HaveTTLBetween": {
			HaveTTLBetween(time.Second, time.Hour), observation(nil),
			observation(func(o *probe.Observation) { o.DNS.MinTTL = 0 }), "to have a TTL from 1s to 1h0m0s",
		},
		"HaveTimeLeft": {
			HaveTimeLeft(), observation(nil),
			observation(func(o *probe.Observation) {
				o.Addresses[0].TLS.Certificates[0].NotAfter = o.Started.AddDate(0, 0, 5)
			}), "in 5 days",
		},
		"AgreeOnVersions": {AgreeOnVersions(), observation(nil), disagreement(), "accept the same protocol versions"},
		"BeAPIError":      {BeAPIError(rule), answer(nil), answer(func(a *Answer) { a.Exchange.API.Code = "Odd" }), "to be answered with InvalidAction.NotFound"},
		"BeAPIError, status": {
			BeAPIError(rule), answer(nil), answer(func(a *Answer) { a.Exchange.Status = 500 }), "status 500",
		},
		"BeAPIError, success": {BeAPIError(rule), answer(nil), ok, "to be answered with"},
		"BeRefused":           {BeRefused(rule), page, answer(func(a *Answer) { a.Exchange.API = nil; a.Exchange.Status = 200 }), "to be refused"},
		"BeRefused, API":      {BeRefused(rule), answer(nil), ok, "to be refused"},
		"BeTooLarge":          {BeTooLarge(rule), hungUp, ok, "for its size"},
		"BeAPIReply":          {BeAPIReply(), answer(nil), page, "found HTML"},
		"Succeed":             {Succeed(), ok, answer(nil), "to be carried out"},
		"BeServerFailure":     {BeServerFailure(rule), answer(func(a *Answer) { a.Exchange.Class = cloudapi.ServerError }), ok, "failure of the service"},
		"BeFramed": {BeFramed(), answer(nil), answer(func(a *Answer) {
			a.Exchange.Findings = []reason.Finding{{Reason: reason.HeadersBareLF, Detail: "line 1"}}
		}), "to be answered as HTTP/1.1 demands"},
		"GetAsFarAsKey": {GetAsFarAsKey(), answer(func(a *Answer) { a.Exchange.Class = cloudapi.Credentials }), answer(nil), "to get as far as its key"},
		"HaveEcho":      {HaveEcho(), echo("GET&%2F&x"), answer(nil), "to quote a string"},
		"HaveEcho, not UTF-8": {HaveEcho(), echo("GET&%2F&x"), answer(func(a *Answer) {
			a.Exchange.API.Message, a.Exchange.Body = echo("GET&%2F&x").Exchange.API.Message, []byte("\xff")
		}), "to quote a string"},
		"AnswerOrLeadToHTTPS": {AnswerOrLeadToHTTPS(), observation(nil), withFinding(reason.VerifyNotAPI), "to be healthy, or lead to HTTPS"},
		"BeReadAsSigned":      {BeReadAsSigned(rule), ok, answer(nil), "to be read as it was signed"},
		"HaveCode":            {HaveCode(rule), answer(nil), ok, "to have a code of"},
		"AnswerLike":          {AnswerLike(answer(nil)), answer(nil), ok, "like the question without it"},
		"HaveOneRequestID":    {HaveOneRequestID(), answer(nil), answer(func(a *Answer) { a.Exchange.Header = nil }), "X-Acs-Request-Id"},
		"HaveHostID":          {HaveHostID("kms.example.test"), answer(nil), answer(func(a *Answer) { a.Exchange.API.HostID = "other" }), "to have the HostId"},
		"BeUTF8":              {BeUTF8(), answer(nil), text(reason.VerifyInvalidUTF8), "to be valid UTF-8"},
		"BeUTF8, raw":         {BeUTF8(), answer(nil), answer(func(a *Answer) { a.Exchange.Body = []byte("\xff") }), "to be valid UTF-8"},
		"BeLabelledUTF8":      {BeLabelledUTF8(), answer(nil), text(reason.VerifyCharset), "to be labelled"},
		"BeXMLInUTF8":         {BeXMLInUTF8(), xml("utf-8"), xml("GBK"), "to be XML in UTF-8"},
		"BeXMLInUTF8, JSON":   {BeXMLInUTF8(), xml(""), answer(nil), "to be XML in UTF-8"},
		"EchoWhatWasSigned": {
			EchoWhatWasSigned(), echo("GET&%2F&TextChinese%3D%25E4"), echo("GET&%2F&TextChinese%3D%253F"), "in the text Chinese",
		},
		"HaveMembersIn": {
			HaveMembersIn("LocalName", Chinese("zh-CN")), answer(nil),
			answer(func(a *Answer) { a.Exchange.Body = []byte(`{"LocalName":"???"}`) }), "names in zh-CN",
		},
		"HaveMembersIn, lost": {
			HaveMembersIn("LocalName", Chinese("zh-CN")), answer(nil),
			answer(func(a *Answer) { a.Exchange.Body = []byte("{\"LocalName\":\"青\ufffd\"}") }), "names in zh-CN",
		},
		"HaveMember": {HaveMember("LocalName", "青岛"), answer(nil), answer(func(a *Answer) { a.Exchange.Body = nil }), "to have the member"},
		"BeSo":       {BeSo("right"), true, false, "the reply to be right"},
	} {
		t.Run(name, func(t *testing.T) {
			gomega.RegisterTestingT(t)
			if failures := gomega.InterceptGomegaFailures(func() { gomega.Expect(test.pass).To(test.matcher) }); len(failures) > 0 {
				t.Errorf("does not pass: %v", failures)
			}
			failures := gomega.InterceptGomegaFailures(func() { gomega.Expect(test.fail).To(test.matcher) })
			if len(failures) != 1 || !strings.Contains(failures[0], test.says) || !strings.HasPrefix(failures[0], "expected ") {
				t.Errorf("failures %q, want %q in one", failures, test.says)
			}
			failures = gomega.InterceptGomegaFailures(func() { gomega.Expect(test.pass).NotTo(test.matcher) })
			if len(failures) != 1 || !strings.Contains(failures[0], "not to") {
				t.Errorf("negated: %q, want one that says \"not to\"", failures)
			}
			if _, err := test.matcher.Match(7); err == nil {
				t.Error("takes a number without an error")
			}
		})
	}
}

// beside is an observation with an answer about a name that does not exist.
func beside(addresses ...netip.Addr) probe.Observation {
	return observation(func(o *probe.Observation) {
		o.DNS.Canary = &dns.Answer{Name: "kms-1.example.test", Type: dns.A, Addresses: addresses}
	})
}

func withVersion(v catalog.TLSVersion, verdict hello.Verdict) probe.Observation {
	return observation(func(o *probe.Observation) {
		for i := range o.Addresses[0].TLS.Versions {
			if r := &o.Addresses[0].TLS.Versions[i]; r.Version.String() == string(v) {
				r.Verdict, r.Evidence = verdict, "inconclusive or not"
			}
		}
	})
}

// disagreement is an observation whose two addresses differ.
func disagreement() probe.Observation {
	o := observation(nil)
	other := withVersion(catalog.TLS12, hello.Rejected)
	other.Addresses[0].Address = netip.MustParseAddr("127.0.0.2")
	o.Addresses = append(o.Addresses, other.Addresses...)
	return o
}

// What cannot be told is an error, in either direction.
func TestMatchersOfNothing(t *testing.T) {
	nowhere := observation(func(o *probe.Observation) { o.Addresses, o.DNS.Addresses = nil, nil })
	for name, m := range map[string]types.GomegaMatcher{
		"AcceptTLS": AcceptTLS(catalog.TLS12), "HaveTimeLeft": HaveTimeLeft(), "AgreeOnVersions": AgreeOnVersions(),
		"HaveTTLBetween": HaveTTLBetween(0, time.Hour),
	} {
		if _, err := m.Match(nowhere); err == nil {
			t.Errorf("%s judges an endpoint without addresses", name)
		}
	}
	unasked := Answer{Skip: NoCredentials, Why: "no key"}
	for name, m := range map[string]types.GomegaMatcher{
		"BeAPIReply": BeAPIReply(), "EchoWhatWasSigned": EchoWhatWasSigned(), "BeTooLarge": Succeed(),
	} {
		if _, err := m.Match(unasked); err == nil {
			t.Errorf("%s judges a question that was not asked", name)
		}
	}
}
