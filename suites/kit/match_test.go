package kit

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"net/netip"
	"path/filepath"
	"slices"
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
	"prober/report"
)

// Each matcher: something that it takes, something that it does not, something that it cannot
// tell, and something of another type, which is an error rather than a mismatch.
func TestMatchers(t *testing.T) {
	text := func(r reason.Reason) Answer {
		return replied(func(a *Answer) { a.Exchange.Text = []reason.Finding{{Reason: r, Detail: "here"}} })
	}
	page := replied(func(a *Answer) { a.Exchange.API, a.Exchange.APIProblem = nil, "found HTML" })
	ok := replied(func(a *Answer) {
		a.Exchange.API.IsError, a.Exchange.Class, a.Exchange.Status = false, cloudapi.Success, 200
	})
	xml := func(charset string) Answer {
		return replied(func(a *Answer) { a.Exchange.API.Format, a.Exchange.API.Charset = cloudapi.XML, charset })
	}
	hungUp := replied(func(a *Answer) {
		a.Exchange = probe.Exchange{Outcome: reason.Fail, Reason: reason.RequestReset}
	})
	silent := replied(func(a *Answer) {
		a.Exchange = probe.Exchange{Outcome: reason.Fail, Reason: reason.RequestTimeout}
	})
	throttled := replied(func(a *Answer) { a.Exchange.Class = cloudapi.Throttled })
	unasked := Answer{Name: "unknown-action", Unasked: new(undecided(Skip(report.NoCredentials, "no key")))}
	echo := func(s string) Answer {
		return replied(func(a *Answer) {
			a.Kept = "GET&%2F&TextChinese%3D%25E4"
			a.Exchange.API.Message = "Specified signature is not matched with our calculation. server string to sign is:" + s
		})
	}
	never := func(a Answer) Answer {
		a.Never, a.Twice = "asked twice", true
		return a
	}
	misshapen := replied(func(a *Answer) { a.Exchange.API, a.Exchange.Misshapen = nil, true })
	reset := replied(func(a *Answer) {
		a.Exchange = probe.Exchange{Outcome: reason.Fail, Status: 200, Reason: reason.BodyReset, Findings: []reason.Finding{{Reason: reason.BodyReset}}}
	})
	framed := func(r reason.Reason) Answer {
		return replied(func(a *Answer) { a.Exchange.Findings = []reason.Finding{{Reason: r, Detail: "line 1"}} })
	}
	undialled := address(noRoute)
	nowhere := lookup(func(o *probe.Observation) { o.Addresses, o.DNS.Addresses = nil, nil })
	unlooked := lookup(func(o *probe.Observation) { o.DNS.Outcome, o.Reason = reason.Unknown, reason.ProberResolverUnavailable })
	other := func(v probe.ResolverVerdict) Lookup {
		return lookup(func(o *probe.Observation) { o.Resolvers = []probe.ResolverVerdict{v} })
	}
	families := func(aaaa reason.Reason) Lookup {
		return lookup(func(o *probe.Observation) {
			o.DNS.Families = []dns.FamilyVerdict{{Type: dns.A}, {Type: dns.AAAA, Reason: aaaa}}
		})
	}
	finding := func(r reason.Reason) Lookup {
		return lookup(func(o *probe.Observation) { o.Findings = []reason.Finding{{Reason: r, Detail: "so it is"}} })
	}
	rule := unknownActionRule()
	tested := map[string]bool{}
	for name, test := range map[string]struct {
		matcher    types.GomegaMatcher
		pass, fail any
		untold     any    // nil where something can always be told
		says       string // in the message of the failure
	}{
		"AcceptTLS": {
			AcceptTLS(catalog.TLS12), address(nil), address(withVersion(catalog.TLS12, hello.Rejected)),
			address(withVersion(catalog.TLS12, hello.Inconclusive)), "to have TLS1.2 accepted\n  127.0.0.1  rejected  seen to be rejected",
		},
		"AcceptTLS, no handshake": {
			AcceptTLS(catalog.TLS12), address(nil), address(withVersion(catalog.TLS12, hello.Rejected)), undialled, "to have TLS1.2 accepted",
		},
		"RefuseTLS": {
			RefuseTLS(catalog.SSLv3), address(nil), address(withVersion(catalog.SSLv3, hello.Accepted)),
			address(withVersion(catalog.SSLv3, hello.Inconclusive)), "to have SSLv3 rejected",
		},
		"NotShow": {
			NotShow("odd", reason.VerifyBOM), address(found(reason.Body, reason.VerifyCharset)), address(found(reason.Verify, reason.VerifyBOM)), undialled,
			"kms.example.test over https to show nothing odd\n  127.0.0.1 verify/bom: so it is\n  $ show it",
		},
		"HaveGoodCertificate": {
			HaveGoodCertificate(), address(found(reason.Body, reason.TLSWeakKey)), address(found(reason.TLS, reason.TLSCertExpired)), undialled,
			"to show nothing wrong with the certificate\n  127.0.0.1 tls/cert_expired: so it is",
		},
		"HaveGoodCertificate, unreadable": {HaveGoodCertificate(), address(nil), address(func(a *probe.AddressResult) {
			found(reason.TLS, reason.TLSCertMalformed)(a)
			a.TLS.Certificates = nil
		}), address(func(a *probe.AddressResult) { a.TLS.Certificates = nil }), "tls/cert_malformed"},
		"HaveGoodCertificate, not verified": {
			HaveGoodCertificate(), address(nil), address(found(reason.TLS, reason.TLSCertKeyUsage)), address(found(reason.TLS, reason.ProberCertUnsupported)), "tls/cert_key_usage",
		},
		"HaveGoodCertificate, not verified, with a reply": {
			HaveGoodCertificate(), address(nil), address(found(reason.Body, reason.TLSCertKeyUsage)), address(found(reason.Body, reason.ProberCertUnsupported)), "tls/cert_key_usage",
		},
		"HaveGoodCertificate, for long enough": {HaveGoodCertificate(), address(found(reason.Body, reason.TLSCertEndsSoon)), address(found(reason.TLS, reason.TLSCertExpired)), undialled, "tls/cert_expired"},
		"KeepLimit": {
			KeepLimit("a limit", reason.VerifySlow), address(found(reason.Body, reason.TLSCertEndsSoon)), address(found(reason.Body, reason.TLSCertEndsSoon, reason.VerifySlow)), undialled,
			"to show nothing beyond a limit\n  127.0.0.1 verify/slow: so it is",
		},
		"KeepLimit, of what does not work": {KeepLimit("a limit", reason.VerifySlow), address(nil), address(found(reason.Body, reason.VerifySlow)), address(found(reason.Verify, reason.VerifyBadStatus)), "verify/slow"},
		"AcceptNothingBelow": {
			AcceptNothingBelow(catalog.TLS12), address(nil), address(found(reason.Body, reason.TLSVersionLow)), undialled, "to show nothing accepted below TLS1.2\n  127.0.0.1 tls/version_low: so it is",
		},
		"AcceptNothingBelow, inconclusive": {
			AcceptNothingBelow(catalog.TLS12), address(withVersion(catalog.TLS13, hello.Inconclusive)), address(found(reason.Body, reason.TLSVersionLow)), address(withVersion(catalog.TLS11, hello.Inconclusive)), "tls/version_low",
		},
		"HaveStrongKeys": {HaveStrongKeys(), address(found(reason.TLS, reason.TLSCertExpired)), address(found(reason.Body, reason.TLSWeakSignature)), undialled, "to show nothing weak"},
		"HaveTimeLeft": {HaveTimeLeft(), address(nil), address(func(a *probe.AddressResult) {
			a.TLS.Certificates[0].NotAfter = a.TLS.Certificates[0].NotBefore.AddDate(0, 0, 35)
		}), undialled, "in 5 days"},
		"HaveTimeLeft, none": {HaveTimeLeft(), address(nil), address(func(a *probe.AddressResult) {
			a.TLS.Certificates[0].NotAfter = a.TLS.Certificates[0].NotBefore.AddDate(0, 0, 25)
		}), undialled, "ended 2025-12-27"},
		"HaveTimeLeft, of the path": {HaveTimeLeft(), address(func(a *probe.AddressResult) {
			a.TLS.Path = []probe.Certificate{a.TLS.Certificates[0], {Subject: "root"}} // a root is the client's own
			a.TLS.Certificates = append(slices.Clone(a.TLS.Certificates), probe.Certificate{Subject: "cross-signed, ended"})
		}), address(func(a *probe.AddressResult) {
			ending := a.TLS.Certificates[0]
			ending.NotAfter = ending.NotBefore.AddDate(0, 0, 35)
			a.TLS.Path = []probe.Certificate{a.TLS.Certificates[0], ending, {Subject: "root"}}
		}), undialled, "in 5 days"},
		"BeFramedAsHTTP": {BeFramedAsHTTP(), address(nil), address(found(reason.Headers, reason.HeadersBareLF)), undialled, "to show nothing wrong in the framing"},
		"BeFramedAsHTTP, no HTTP": {BeFramedAsHTTP(), address(found(reason.Verify, reason.VerifyNotAPI)), address(func(a *probe.AddressResult) {
			found(reason.Headers, reason.HeadersMalformed)(a)
			a.HTTP = nil
		}), undialled, "headers/malformed"},
		"NotServePlainHTTP": {
			NotServePlainHTTP(), address(nil), address(found(reason.Verify, reason.VerifyPlainHTTPServed)), address(found(reason.Verify, reason.VerifyNotAPI)),
			"to show nothing served over plain HTTP",
		},
		"ShakeHands":            {ShakeHands(), address(found(reason.TLS, reason.TLSCertExpired)), address(found(reason.TLS, reason.TLSReset)), undialled, "keeps clients from a handshake"},
		"ShakeHands, undialled": {ShakeHands(), address(nil), address(found(reason.Connect, reason.ConnectRefused)), address(found(reason.Resolve, reason.ResolveBogon)), "connect/refused"},
		"ShakeHands, given up": {ShakeHands(), address(nil), address(found(reason.Connect, reason.ConnectTimeout)), address(func(a *probe.AddressResult) {
			found(reason.TLS, reason.TLSWeakKey)(a)
			a.Outcome = reason.Fail
		}), "connect/timeout"},
		"AgreeOnVersions": {AgreeOnVersions(catalog.TLSVersions()...), observation(nil), disagreement(), nil, "accept the same protocol versions\n  TLS1.2: 127.0.0.1 accepted, 127.0.0.2 rejected"},
		"BeResolved":      {BeResolved(), lookup(nil), nowhere, unlooked, "to be resolved"},
		"BeResolved, one family": {BeResolved(), lookup(nil), nowhere, lookup(func(o *probe.Observation) {
			o.DNS.Addresses, o.DNS.Reason, o.DNS.Families = nil, reason.ResolveNoData, []dns.FamilyVerdict{{Type: dns.AAAA}}
		}), "to be resolved"},
		"ResolveInBothFamilies": {
			ResolveInBothFamilies(), families(reason.ResolveNoData), families(reason.ResolveServFail), families(reason.ProberResolverUnavailable),
			"both address families\n  AAAA: resolve/servfail",
		},
		"ResolveInBothFamilies, one": {ResolveInBothFamilies(), families(reason.None), families(reason.ResolveServFail), lookup(nil), "both address families"},
		"NotResolveBeside":           {NotResolveBeside(), beside(), beside(loopback), lookup(nil), "deny kms-1.example.test, which does not exist"},
		"ResolveAlike": {
			ResolveAlike(), other(probe.ResolverVerdict{Outcome: reason.OK}),
			other(probe.ResolverVerdict{Outcome: reason.Fail, Reason: reason.ResolveNXDomain, Detail: "NXDOMAIN from the second"}),
			other(probe.ResolverVerdict{Outcome: reason.Unknown, Reason: reason.ProberResolverUnavailable}), "NXDOMAIN from the second",
		},
		"HaveTTLBetween": {
			HaveTTLBetween(time.Second, time.Hour), lookup(nil), lookup(func(o *probe.Observation) { o.DNS.MinTTL = 0 }), nowhere, "to have a TTL from 1s to 1h0m0s",
		},
		"HaveTTLBetween, most": {
			HaveTTLBetween(time.Second, time.Hour), lookup(nil), lookup(func(o *probe.Observation) { o.DNS.MaxTTL = reason.Seconds(2 * time.Hour) }), nowhere, "from 1m0s to 2h0m0s",
		},
		"LeadToNothing": {LeadToNothing("odd", reason.ResolveBogon), finding(reason.ResolveCNAMELoop), finding(reason.ResolveBogon), nowhere, "to show nothing odd\n  kms.example.test resolve/bogon"},
		"LeadToNothing, address": {
			LeadToNothing("odd", reason.ResolveBogon), lookup(nil), lookup(func(o *probe.Observation) { found(reason.Resolve, reason.ResolveBogon)(&o.Addresses[0]) }), nowhere, "127.0.0.1 resolve/bogon",
		},
		"HaveSaneAliases": {HaveSaneAliases(), lookup(nil), finding(reason.ResolveCNAMELoop), nowhere, "wrong with the aliases"},
		"HaveSaneAliases, a circle": {HaveSaneAliases(), lookup(nil), lookup(func(o *probe.Observation) {
			o.Addresses, o.DNS.Addresses, o.DNS.Outcome, o.DNS.Reason = nil, nil, reason.Fail, reason.ResolveCNAMELoop
			o.Findings = []reason.Finding{{Reason: reason.ResolveCNAMELoop}}
		}), unlooked, "resolve/cname_loop"},
		"BeAPIError": {BeAPIError(rule), replied(nil), replied(func(a *Answer) { a.Exchange.API.Code = "Odd" }), throttled, "to be answered with InvalidAction.NotFound"},
		"BeAPIError, status": {
			BeAPIError(rule), replied(nil), replied(func(a *Answer) { a.Exchange.Status = 500 }), unasked, "status 500",
		},
		"BeAPIError, page":     {BeAPIError(rule), replied(nil), ok, page, "to be answered with"},
		"BeAPIError, success":  {BeAPIError(rule), replied(nil), ok, silent, "to be answered with"},
		"BeRefused":            {BeRefused(rule), page, replied(func(a *Answer) { a.Exchange.API = nil; a.Exchange.Status = 200 }), hungUp, "to be refused"},
		"BeRefused, API":       {BeRefused(rule), replied(nil), ok, throttled, "to be refused"},
		"BeRefused, oddly":     {BeRefused(rule), page, ok, replied(func(a *Answer) { a.Exchange.API, a.Exchange.Status = nil, 502 }), "to be refused"},
		"BeAnswered":           {BeAnswered(), replied(nil), never(silent), silent, "asked twice"},
		"BeAnsweredOrHungUpOn": {BeAnsweredOrHungUpOn(), replied(nil), never(silent), never(hungUp), "asked twice"},
		"BeAnswered, unasked":  {BeAnswered(), page, never(unasked), throttled, "asked twice"},
		"ComeFromAPI":          {ComeFromAPI(), replied(nil), page, misshapen, "found HTML"},
		"BeTooLarge":           {BeTooLarge(rule), hungUp, ok, silent, "for its size"},
		"BeTooLarge, unasked":  {BeTooLarge(rule), page, ok, unasked, "for its size"},
		"BeAPIReply":           {BeAPIReply(), replied(nil), page, unasked, "found HTML"},
		"BeAPIReply, no code":  {BeAPIReply(), ok, replied(func(a *Answer) { a.Exchange.API.IsError, a.Exchange.API.Code = false, "" }), silent, "without a code"},
		"Succeed":              {Succeed(), ok, replied(nil), unasked, "to be carried out"},
		"BeServerFailure":      {BeServerFailure(rule), replied(func(a *Answer) { a.Exchange.Class = cloudapi.ServerError }), ok, hungUp, "failure of the service"},
		"BeFramed":             {BeFramed(), replied(nil), framed(reason.HeadersBareLF), silent, "to be answered as HTTP/1.1 demands"},
		"BeFramed, reset":      {BeFramed(), replied(nil), never(reset), reset, "body/reset"},
		"BeFramed, unread": {BeFramed(), framed(reason.VerifyCharset), replied(func(a *Answer) {
			a.Exchange = probe.Exchange{Outcome: reason.Fail, Status: 200, Findings: []reason.Finding{{Reason: reason.HeadersBadLength}}}
		}), unasked, "headers/bad_length"},
		"GetAsFarAsKey":         {GetAsFarAsKey(), replied(func(a *Answer) { a.Exchange.Class = cloudapi.Credentials }), replied(nil), throttled, "to get as far as its key"},
		"BeReadAsSigned":        {BeReadAsSigned(rule), ok, replied(nil), unasked, "to be read as it was signed"},
		"AnswerLike":            {AnswerLike(replied(nil)), replied(nil), ok, throttled, "like the question without it"},
		"HaveOneRequestID":      {HaveOneRequestID(), replied(nil), replied(func(a *Answer) { a.Exchange.Header = nil }), unasked, "X-Acs-Request-Id"},
		"HaveOneRequestID, two": {HaveOneRequestID(), replied(nil), replied(func(a *Answer) { a.Exchange.Header.Add("X-Acs-Request-Id", "another") }), page, "X-Acs-Request-Id"},
		"BeServerFailure, odd":  {BeServerFailure(rule), replied(func(a *Answer) { a.Exchange.API, a.Exchange.Status = nil, 502 }), page, misshapen, "failure of the service"},
		"AnswerLike, page":      {AnswerLike(replied(nil)), replied(nil), page, misshapen, "like the question without it"},
		"HaveTheirOwnRequestIDs": {
			HaveTheirOwnRequestIDs(),
			[]Answer{replied(nil), replied(func(a *Answer) { a.Exchange.API.RequestID = "another" })},
			[]Answer{page, replied(nil), replied(func(a *Answer) { a.Name, a.Exchange.API.RequestID = "other", strings.ToUpper(a.Exchange.API.RequestID) })},
			[]Answer{replied(nil), silent},
			`the question "other" at 127.0.0.1 both got 4C467B38`,
		},
		"HaveHostID":           {HaveHostID("kms.example.test"), replied(nil), replied(func(a *Answer) { a.Exchange.API.HostID = "other" }), unasked, `its HostId is "other"`},
		"BeUTF8":               {BeUTF8(), replied(nil), text(reason.VerifyInvalidUTF8), unasked, "to be answered in valid UTF-8"},
		"BeUTF8, raw":          {BeUTF8(), replied(nil), replied(func(a *Answer) { a.Exchange.Body = []byte("\xff") }), silent, "to be answered in valid UTF-8"},
		"BeLabelledUTF8":       {BeLabelledUTF8(), replied(nil), text(reason.VerifyCharset), unasked, "to be answered in text labelled"},
		"BeLabelledUTF8, mark": {BeLabelledUTF8(), replied(nil), text(reason.VerifyBOM), unasked, "without a byte order mark"},
		"BeXMLInUTF8":          {BeXMLInUTF8(), xml("utf-8"), xml("GBK"), throttled, "to be answered in XML that is UTF-8"},
		"BeIn":                 {BeIn(cloudapi.XML), xml("utf-8"), replied(nil), page, "it is in JSON"},
		"BeXMLInUTF8, JSON":    {BeXMLInUTF8(), xml(""), replied(nil), unasked, "to be answered in XML that is UTF-8"},
		"EchoWhatWasSigned": {
			EchoWhatWasSigned(), echo("GET&%2F&TextChinese%3D%25E4"), echo("GET&%2F&TextChinese%3D%253F"), unasked, "in the text Chinese",
		},
		"EchoWhatWasSigned, no refusal": {EchoWhatWasSigned(), echo("GET&%2F&TextChinese%3D%25E4"), echo("GET&%2F&x"), replied(nil), "in no text"},
		"EchoWhatWasSigned, no echo": {EchoWhatWasSigned(), echo("GET&%2F&TextChinese%3D%25E4"), echo("GET&%2F&x"), replied(func(a *Answer) {
			a.Exchange.Class, a.Exchange.API.Code, a.Exchange.API.Message = cloudapi.SignatureMismatch, "SignatureDoesNotMatch", "no"
		}), "in no text"},
		"EchoWhatWasSigned, not UTF-8": {EchoWhatWasSigned(), echo("GET&%2F&TextChinese%3D%25E4"), echo("POST&"), replied(func(a *Answer) {
			a.Exchange.API.Message, a.Exchange.Body = echo("GET&%2F&x").Exchange.API.Message, []byte("\xff")
		}), "in no text"},
		"NotBeServed":          {NotBeServed(), silent, replied(nil), unasked, "not be served over plain HTTP"},
		"NotBeServed, page":    {NotBeServed(), replied(func(a *Answer) { a.Exchange.API, a.Exchange.Status = nil, 200 }), replied(nil), throttled, "not be served"},
		"NotBeServed, refused": {NotBeServed(), replied(func(a *Answer) { a.Exchange.Class = cloudapi.NeedSSL }), replied(nil), throttled, "not be served"},
		"HaveResult": {
			HaveResult("Regions"), replied(func(a *Answer) { a.Exchange.Body = []byte(`{"Regions":{"Region":[]}}`) }),
			replied(func(a *Answer) { a.Exchange.Body = []byte(`{"Regions":null}`) }), page, "the result Regions",
		},
		"HaveResult, inside": {
			HaveResult("Set"), replied(func(a *Answer) { a.Exchange.Body = []byte(`{"Response":{"Set":[]}}`) }),
			replied(func(a *Answer) { a.Exchange.Body = []byte(`{"Response":{},"Set":[]}`) }), unasked, "the result Set",
		},
		"HaveResult, XML": {
			HaveResult("Regions"), replied(func(a *Answer) { a.Exchange.Body = []byte(`<?xml version="1.1"?><R><Regions/></R>`) }),
			replied(func(a *Answer) { a.Exchange.Body = []byte(`<R><Region/></R>`) }), throttled, "the result Regions",
		},
		"HaveMembersIn, a bracket lost": {
			HaveMembersIn(Chinese("zh-CN"), "LocalName"), replied(func(a *Answer) { a.Exchange.Body = []byte(`{"LocalName":"华北1（青岛)"}`) }),
			replied(func(a *Answer) { a.Exchange.Body = []byte(`{"LocalName":"华北1（青岛"}`) }), unasked, "names in zh-CN",
		},
		"HaveMembersIn, turned round": {
			HaveMembersIn(Chinese("zh-CN"), "LocalName"), replied(func(a *Answer) { a.Exchange.Body = []byte(`{"LocalName":"「京」"}`) }),
			replied(func(a *Answer) { a.Exchange.Body = []byte(`{"LocalName":"）岛青（1北华"}`) }), unasked, "names in zh-CN",
		},
		"HaveMembersIn, GB 18030": {
			HaveMembersIn(Chinese("zh-CN"), "LocalName"), replied(func(a *Answer) { a.Exchange.Body = []byte(`{"LocalName":"华北1（青岛）"}`) }),
			replied(func(a *Answer) { a.Exchange.Body = []byte(`{"LocalName":"鍗庡寳1锛堥潚宀涳級"}`) }), unasked, "names in zh-CN",
		},
		"HaveMembersIn, XML 1.1": {
			HaveMembersIn(Chinese("zh-CN"), "LocalName"), replied(func(a *Answer) {
				a.Exchange.Body = []byte(`<?xml version="1.1" encoding="UTF-8"?><R><LocalName>青岛</LocalName></R>`)
			}),
			replied(func(a *Answer) {
				a.Exchange.Body = []byte(`<?xml version="1.1" encoding="UTF-8"?><R><LocalName>??</LocalName></R>`)
			}), unasked, "1 names",
		},
		"HaveMembersIn, none": {
			HaveMembersIn(Chinese("zh-CN"), "LocalName"), replied(nil),
			replied(func(a *Answer) { a.Exchange.Body = []byte(`{"Regions":[]}`) }), unasked, "0 names",
		},
		"HaveMembersIn": {
			HaveMembersIn(Chinese("zh-CN"), "LocalName"), replied(nil),
			replied(func(a *Answer) { a.Exchange.Body = []byte(`{"LocalName":"???"}`) }), unasked, "names in zh-CN",
		},
		"HaveMembersIn, lost": {
			HaveMembersIn(Chinese("zh-CN"), "LocalName"), replied(nil),
			replied(func(a *Answer) { a.Exchange.Body = []byte("{\"LocalName\":\"青\ufffd\"}") }), throttled, "names in zh-CN",
		},
		"HaveMembersIn, one of many": {
			HaveMembersIn(Japanese("ja"), "LocalName"), replied(func(a *Answer) {
				a.Exchange.Body = []byte("\ufeff[{\"LocalName\":\"青岛\"},{\"LocalName\":\"Qingdao 1\"},{\"LocalName\":\"東京\"}]")
			}),
			replied(func(a *Answer) {
				a.Exchange.Body = []byte(`[{"LocalName":"青岛"},{"LocalName":"東京"},{"LocalName":"??1????"}]`)
			}), page, `among them ["??1????"]`,
		},
		"HaveMembersIn, another member": {
			HaveMembersIn(Chinese("zh-CN"), "LocalName", "AreaName"), replied(nil),
			replied(func(a *Answer) { a.Exchange.Body = []byte(`{"LocalName":"青岛","AreaName":"??"}`) }), page, "LocalName and AreaName",
		},
		"HaveMembersIn, mojibake": {
			HaveMembersIn(Chinese("zh-CN"), "LocalName"), replied(nil),
			replied(func(a *Answer) {
				a.Exchange.Body = []byte(`[{"LocalName":"青岛"},{"LocalName":"北京"},{"LocalName":"é\u009d\u0092å²›"}]`)
			}), page, "3 names",
		},
		"HaveMembersIn, English": {
			HaveMembersIn(English("en-US"), "LocalName"), replied(func(a *Answer) {
				a.Exchange.Body = []byte(`[{"LocalName":"São Paulo"},{"LocalName":"Qingdao"},{"LocalName":"青岛"}]`)
			}),
			replied(nil), page, "names in en-US",
		},
		"HaveSameNames": {
			HaveSameNames("LocalName"),
			[]Answer{replied(nil), replied(func(a *Answer) {
				a.Exchange.Body = []byte(`<R><LocalName>青岛</LocalName></R>`)
			})},
			[]Answer{replied(nil), replied(func(a *Answer) { a.Exchange.Body = []byte(`{"LocalName":"青"}`) })},
			[]Answer{replied(nil), page},
			`has "青岛", and that to the question "unknown-action" from 127.0.0.1 has "青" instead`,
		},
		"HaveSameNames, another list": {
			HaveSameNames("LocalName"),
			[]Answer{replied(nil), replied(nil)},
			[]Answer{replied(nil), page, replied(func(a *Answer) { a.Exchange.Body = []byte(`{"LocalName":"x"}`) })},
			[]Answer{replied(nil), replied(func(a *Answer) { a.Exchange.Body = []byte(`[{"LocalName":"青岛"},{"LocalName":"北京"}]`) })},
			" instead",
		},
		"HaveMember": {HaveMember("LocalName", "青岛"), replied(nil), replied(func(a *Answer) { a.Exchange.Body = nil }), unasked, "to be answered with the member"},
		"WriteText": {
			WriteText("odd", false, reason.VerifyInvalidUTF8), address(wrote()), address(wrote(reason.VerifyInvalidUTF8)), address(wrote(reason.ProberLimit)),
			"to show nothing odd\n  127.0.0.1 verify/invalid_utf8: so it is\n  $ show it",
		},
		"WriteText, another label": {
			WriteText("odd", true, reason.VerifyBOM), address(nil), address(wrote(reason.VerifyBOM)), address(found(reason.Connect, reason.ConnectRefused)), "verify/bom",
		},
		"TakeMethod":           {TakeMethod(), status(404), status(405), status(403), "to have its method served\n  127.0.0.1: status 405"},
		"TakeMethod, unknown":  {TakeMethod(), status(200), status(501), status(500), "status 501"},
		"RefuseMethod":         {RefuseMethod(), status(405), status(204), status(401), "to have its method refused"},
		"RefuseMethod, page":   {RefuseMethod(), status(400), status(302), status(503), "status 302"},
		"TakeSize":             {TakeSize(), status(200), status(413), status(401), "to be served whatever its size"},
		"TakeSize, of targets": {TakeSize(), status(404), status(414), unasked, "status 414"},
		"Not":                  {Not(Succeed()), replied(nil), ok, unasked, "not to be carried out"},
		"Not, twice":           {Not(Not(Succeed())), ok, replied(nil), throttled, "to be carried out"},
	} {
		constructor, _, _ := strings.Cut(name, ",")
		tested[constructor] = true
		t.Run(name, func(t *testing.T) {
			gomega.RegisterTestingT(t)
			if failures := gomega.InterceptGomegaFailures(func() { gomega.Expect(test.pass).To(test.matcher) }); len(failures) > 0 {
				t.Errorf("does not pass: %v", failures)
			}
			failures := gomega.InterceptGomegaFailures(func() { gomega.Expect(test.fail).To(test.matcher) })
			if len(failures) != 1 || !strings.Contains(failures[0], test.says) || !strings.HasPrefix(failures[0], "expected ") {
				t.Fatalf("failures %q, want %q in one", failures, test.says)
			}
			against := gomega.InterceptGomegaFailures(func() { gomega.Expect(test.pass).NotTo(test.matcher) })
			if len(against) != 1 || strings.Contains(against[0], " not to ") == strings.Contains(failures[0], " not to ") {
				t.Errorf("negated: %q, want one that says the opposite of %q", against, failures[0])
			}
			headline, _, _ := strings.Cut(failures[0], "\n")
			m := judgedBy(test.matcher, test.fail, true).Mismatch
			if "expected "+m.Expected != headline || m.Got == "" || strings.Contains(m.Got, "\n") || strings.Contains(m.Got, "$ ") {
				t.Errorf("mismatch %+v of %q", m, failures[0])
			}
			var why Verdict
			if _, err := test.matcher.Match(test.untold); test.untold != nil && (!errors.As(err, &why) || why.Message == "" || why.Outcome == "") {
				t.Errorf("of what it cannot tell: %v", err)
			}
			if _, err := test.matcher.Match(7); err == nil {
				t.Error("takes a number without an error")
			}
		})
	}
	tested["Saying"] = true // TestExpectationText
	for _, name := range constructors(t) {
		if !tested[name] {
			t.Errorf("%s is not in the table", name)
		}
	}
}

// constructors are the exported functions of the package that return a matcher.
func constructors(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv != nil || !f.Name.IsExported() || f.Type.Results == nil {
				continue
			}
			if result, ok := f.Type.Results.List[0].Type.(*ast.SelectorExpr); ok && result.Sel.Name == "GomegaMatcher" {
				names = append(names, f.Name.Name)
			}
		}
	}
	if len(names) < 20 {
		t.Fatalf("found only %v", names)
	}
	return names
}

// beside is a lookup with an answer about a name that does not exist.
func beside(addresses ...netip.Addr) Lookup {
	return lookup(func(o *probe.Observation) {
		o.DNS.Canary = &dns.Answer{Name: "kms-1.example.test", Type: dns.A, Addresses: addresses}
	})
}

// disagreement is an observation whose two addresses differ.
func disagreement() probe.Observation {
	o := observation(nil)
	other := address(withVersion(catalog.TLS12, hello.Rejected)).AddressResult
	other.Address = netip.MustParseAddr("127.0.0.2")
	o.Addresses = append(o.Addresses, other)
	return o
}

// What could not be decided at one address disagrees with nothing.
func TestUndecidedVersionsAgree(t *testing.T) {
	o := disagreement()
	withVersion(catalog.TLS12, hello.Inconclusive)(&o.Addresses[1])
	if ok, err := AgreeOnVersions(catalog.TLSVersions()...).Match(o); !ok || err != nil {
		t.Errorf("%t, %v", ok, err)
	}
}

// A negation has three answers too: what cannot be told is neither so nor not so.
func TestNot(t *testing.T) {
	throttled := replied(func(a *Answer) { a.Exchange.Class = cloudapi.Throttled })
	for name, test := range map[string]struct {
		a    Answer
		want report.Outcome
	}{
		"not so":      {replied(nil), report.Fail},
		"so":          {replied(func(a *Answer) { a.Exchange.API = nil }), report.Pass},
		"cannot tell": {throttled, report.Inconclusive},
	} {
		for way, check := range map[string]func(c *Case){
			"Not":   func(c *Case) { c.Expect(test.a, Not(BeAPIReply())) },
			"NotTo": func(c *Case) { c.Expect(test.a, Not(BeAPIReply())) },
		} {
			v := judged(NameBy(func(c *Case, _ Lookup) { check(c) }), resolved())
			if v.Outcome != test.want {
				t.Errorf("%s, %s: %s, want %s", name, way, v.Outcome, test.want)
			}
			if want := `the question "unknown-action" not to be answered in the documented shape`; v.Outcome == report.Fail && v.Expected != want {
				t.Errorf("%s, %s: expected %q", name, way, v.Expected)
			}
		}
	}
}
