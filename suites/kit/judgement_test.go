package kit

import (
	"strings"
	"testing"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe"
	"prober/probe/dns"
	"prober/probe/hello"
	"prober/probe/reason"
	"prober/report"
)

// One throttled question does not hide what another one shows.
func TestAnswersAreJudgedApart(t *testing.T) {
	good := Answer{Exchange: probe.Exchange{Outcome: reason.OK, Status: 400, API: &cloudapi.Reply{IsError: true, Code: "Missing"}}}
	page := Answer{Exchange: probe.Exchange{Outcome: reason.OK, Status: 200, APIProblem: "HTML"}}
	throttled := Answer{Exchange: probe.Exchange{Outcome: reason.OK, Status: 429, APIProblem: "HTML"}}
	unread := Answer{Exchange: probe.Exchange{Outcome: reason.Fail, Reason: reason.HeadersBareLF, Status: 200, Findings: []reason.Finding{{Reason: reason.HeadersBareLF}}}}
	silent := Answer{Exchange: probe.Exchange{Outcome: reason.Unknown, Reason: reason.ProberRateLimited}}
	both := []*Question{{Name: "first"}, {Name: "second"}}
	shaped, framed := EachReply(both, BeAPIReply()), All(EachAddress(catalog.HTTPS, BeFramedAsHTTP()), EachReply(both, BeFramed()))
	for name, test := range map[string]struct {
		first, second Answer
		judge         Judgement
		want          report.Outcome
	}{
		"both good":              {good, good, shaped, report.Pass},
		"one page":               {good, page, shaped, report.Fail},
		"a page and throttling":  {throttled, page, shaped, report.Fail},
		"one throttled":          {throttled, good, shaped, report.Inconclusive},
		"all throttled":          {throttled, throttled, shaped, report.Inconclusive},
		"one unreadable":         {unread, good, shaped, report.Inconclusive},
		"one not sent":           {good, silent, shaped, report.Inconclusive},
		"none asked for":         {good, good, EachReply(nil, BeAPIReply()), report.NotApplicable},
		"unreadable, for frames": {unread, good, framed, report.Fail},
		"framed":                 {good, good, framed, report.Pass},
		"framed, one throttled":  {good, throttled, framed, report.Inconclusive},
		"a bad frame, throttled": {throttled, unread, framed, report.Fail},
	} {
		survey := twoAddresses(unchanged)
		survey.Answers = map[string]Answer{"first": test.first, "second": test.second}
		if v := judged(test.judge, survey); v.Outcome != test.want {
			t.Errorf("%s: %s, want %s: %s", name, v.Outcome, test.want, v.Message)
		}
	}
}

// A redirect to HTTPS at the same host is tolerated where plain HTTP should be answered, and
// one to anywhere else is not.
func TestLeadingToHTTPS(t *testing.T) {
	for where, want := range map[string]report.Outcome{
		"https://kms.example.test/": report.Pass, "https://KMS.example.test:443/x": report.Pass,
		"https://login.example.test/": report.Fail, "http://kms.example.test/": report.Fail, "": report.Fail,
	} {
		o := observation(func(o *probe.Observation) {
			o.Scheme, o.Outcome = catalog.HTTP, reason.Fail
			found(reason.Verify, reason.VerifyRedirect)(&o.Addresses[0])
			o.Addresses[0].HTTP = &probe.HTTPFacts{Status: 301, Location: where}
		})
		v := judged(HealthOrHTTPS(), &Survey{HTTP: o})
		if v.Outcome != want || (v.Message == "127.0.0.1 leads to HTTPS instead of answering") != (want == report.Pass) {
			t.Errorf("%q: %s, want %s: %s", where, v.Outcome, want, v.Message)
		}
	}
}

// Where all rests on one answer, others do not make up for it.
func TestGiven(t *testing.T) {
	good := Answer{Exchange: probe.Exchange{Outcome: reason.OK, Status: 200, API: &cloudapi.Reply{}}}
	page := Answer{Exchange: probe.Exchange{Outcome: reason.OK, Status: 200, APIProblem: "HTML"}}
	throttled := Answer{Exchange: probe.Exchange{Outcome: reason.OK, Status: 400, Class: cloudapi.Throttled}}
	call, within := &Question{Name: "call"}, &Question{Name: "within"}
	j := Given(call, func(c *Case, a Answer) {
		if a.Kept == "bad key" {
			c.Skip(Skip(report.NoCredentials, "the key is not accepted"))
		}
		c.Expect(a, Saying("the call", BeAPIReply()))
	}, Reply(within, BeAPIReply()))
	badKey := good
	badKey.Kept = "bad key"
	for name, test := range map[string]struct {
		call, within Answer
		want         report.Outcome
	}{
		"both good":                {good, good, report.Pass},
		"the call throttled":       {throttled, good, report.Inconclusive},
		"throttled, and a page":    {throttled, page, report.Inconclusive},
		"a bad key":                {badKey, good, report.Skip},
		"a bad key, and a page":    {badKey, page, report.Skip},
		"the call is a page":       {page, throttled, report.Fail},
		"a page after a good call": {good, page, report.Fail},
		"throttled after a call":   {good, throttled, report.Inconclusive},
		"the call was never asked": {unasked(CannotTell("no address")), page, report.Inconclusive},
	} {
		v := judged(j, &Survey{Answers: map[string]Answer{"call": test.call, "within": test.within}})
		if v.Outcome != test.want || (name == "the call is a page") != strings.HasPrefix(v.Message, "the call\nexpected ") {
			t.Errorf("%s: %s, want %s: %s", name, v.Outcome, test.want, v.Message)
		}
	}
}

// Noting demands nothing, whatever the answer, and whatever becomes of the note.
func TestNoting(t *testing.T) {
	q := &Question{Name: "first"}
	note := Noting(q, func(c *Case, a Answer) {
		c.Notef("seen %t", a.Unasked == nil)
		c.Expect(a, BeAPIReply())
		c.Notef("and a reply")
	})
	page := Answer{Exchange: probe.Exchange{Outcome: reason.OK, Status: 200, APIProblem: "HTML"}}
	reply := Answer{Exchange: probe.Exchange{Outcome: reason.OK, Status: 200, API: &cloudapi.Reply{}}}
	for name, test := range map[string]struct {
		answers map[string]Answer
		judge   Judgement
		want    report.Outcome
		message string
	}{
		"a reply":           {map[string]Answer{"first": reply}, note, report.Pass, "seen true\nand a reply"},
		"a page":            {map[string]Answer{"first": page}, note, report.Pass, "seen true"},
		"never asked":       {nil, note, report.Pass, "seen false"},
		"beside a demand":   {map[string]Answer{"first": page, "second": reply}, All(Reply(&Question{Name: "second"}, BeAPIReply()), note), report.Pass, "seen true"},
		"beside no verdict": {map[string]Answer{"first": reply}, All(Reply(&Question{Name: "second"}, BeAPIReply()), note), report.Inconclusive, "seen true\nand a reply\nthe question \"second\" was not asked"},
	} {
		if v := judged(test.judge, &Survey{Answers: test.answers}); v.Outcome != test.want || v.Message != test.message {
			t.Errorf("%s: %s, want %s: %q", name, v.Outcome, test.want, v.Message)
		}
	}
}

// A judgement that depends on the case is chosen where it is judged.
func TestDepending(t *testing.T) {
	j := Depending(catalog.HTTPS, func(c *Case) Judgement {
		if len(c.Survey.HTTPS.Addresses) > 1 {
			return EachAddress(catalog.HTTPS, RefuseTLS(catalog.TLS12))
		}
		return EachAddress(catalog.HTTPS, AcceptTLS(catalog.TLS12))
	})
	for want, s := range map[report.Outcome]*Survey{report.Fail: twoAddresses(unchanged), report.Pass: {HTTPS: observation(nil)}} {
		if v := judged(j, s); v.Outcome != want {
			t.Errorf("%s, want %s: %s", v.Outcome, want, v.Message)
		}
	}
}

// An observation is judged as a whole, once, unless it cannot tell anything.
func TestWhole(t *testing.T) {
	unknown := func(r reason.Reason, replies bool) func(o *probe.Observation) {
		return func(o *probe.Observation) {
			o.Outcome, o.Reason = reason.Unknown, r
			for i := range o.Addresses {
				o.Addresses[i].Outcome, o.Addresses[i].Reason = o.Outcome, o.Reason
				if !replies {
					o.Addresses[i].HTTP = nil
				}
			}
		}
	}
	for name, test := range map[string]struct {
		change func(o *probe.Observation)
		want   report.Outcome
		judged int
	}{
		"agreeing":        {nil, report.Pass, 1},
		"disagreeing":     {func(o *probe.Observation) { *o = disagreement() }, report.Fail, 1},
		"nowhere":         {func(o *probe.Observation) { o.Addresses, o.DNS.Addresses = nil, nil }, report.Inconclusive, 1},
		"unobserved":      {unknown(reason.ProberResolverUnavailable, false), report.Inconclusive, 0},
		"private network": {unknown(reason.ProberPrivateNetwork, false), report.Skip, 0},
		"throttled":       {unknown(reason.ProberRateLimited, true), report.Pass, 1},
		"one family": {func(o *probe.Observation) {
			o.DNS.Reason, o.DNS.Families = reason.ResolveNoData, []dns.FamilyVerdict{{Type: dns.AAAA}}
		}, report.NotApplicable, 0},
	} {
		n := 0
		j := Whole(catalog.HTTPS, func(c *Case, o probe.Observation) {
			n++
			c.Expect(o, AgreeOnVersions(catalog.TLSVersions()...))
		})
		if v := judged(j, &Survey{HTTPS: observation(test.change)}); v.Outcome != test.want || n != test.judged {
			t.Errorf("%s: %s, want %s, judged %d times: %s", name, v.Outcome, test.want, n, v.Message)
		}
	}
}

// A protocol version is judged by what the catalogue expects of it.
func TestProtocolVersion(t *testing.T) {
	both := func(first, second hello.Verdict) *Survey {
		s := twoAddresses(withVersion(catalog.TLS12, second))
		withVersion(catalog.TLS12, first)(&s.HTTPS.Addresses[0])
		return s
	}
	const yes, no, open = hello.Accepted, hello.Rejected, hello.Inconclusive
	for name, test := range map[string]struct {
		expect  catalog.Expectation
		survey  *Survey
		want    report.Outcome
		text    string
		message string
	}{
		"required, accepted":       {catalog.Required, both(yes, yes), report.Pass, "accepts TLS1.2", ""},
		"required, rejected":       {catalog.Required, both(yes, no), report.Fail, "accepts TLS1.2", "127.0.0.2  rejected"},
		"required, open":           {catalog.Required, both(yes, open), report.Inconclusive, "accepts TLS1.2", "127.0.0.2: TLS1.2"},
		"refused, rejected":        {catalog.Refused, both(no, no), report.Pass, "refuses TLS1.2", ""},
		"refused, accepted":        {catalog.Refused, both(open, yes), report.Fail, "refuses TLS1.2", "the rule kms/tls holds\nexpected "},
		"refused, open":            {catalog.Refused, both(open, no), report.Inconclusive, "refuses TLS1.2", "127.0.0.1: TLS1.2"},
		"allowed, accepted":        {catalog.Allowed, both(yes, yes), report.Pass, "may accept or refuse TLS1.2", "127.0.0.1 accepted, 127.0.0.2 accepted"},
		"allowed, in one place":    {catalog.Allowed, both(yes, no), report.Fail, "may accept or refuse TLS1.2", "all addresses must agree\nexpected "},
		"allowed, open":            {catalog.Allowed, both(yes, open), report.Inconclusive, "may accept or refuse TLS1.2", "127.0.0.2: TLS1.2"},
		"allowed, all open":        {catalog.Allowed, both(open, open), report.Inconclusive, "may accept or refuse TLS1.2", "127.0.0.1: TLS1.2"},
		"no expectation":           {catalog.Reported, both(yes, no), report.NotApplicable, "is seen to accept or refuse TLS1.2", "no document speaks of TLS1.2 here: 127.0.0.1 accepted, 127.0.0.2 rejected"},
		"no expectation, one open": {catalog.Reported, both(open, no), report.NotApplicable, "is seen to accept or refuse TLS1.2", "no document speaks of TLS1.2 here: 127.0.0.2 rejected"},
		"no expectation, open":     {catalog.Reported, both(open, open), report.Inconclusive, "is seen to accept or refuse TLS1.2", "127.0.0.1: TLS1.2"},
	} {
		t.Run(name, func(t *testing.T) {
			q := stated("KMS-TLS-05")
			q.Judge, q.ItAt = ProtocolVersion(catalog.TLS12, ""), ProtocolVersionText(catalog.TLS12, "")
			p := catalog.Product{Rules: catalog.Rules{TLS: []catalog.TLSRule{{Rule: catalog.Rule{ID: "kms/tls"}, Version: catalog.TLS12, Expect: test.expect}}}}
			s := Spec{Endpoint: &catalog.Endpoint{Lifecycle: catalog.Active}, Requirement: &q, product: &p, plan: &Plan{At: day("2026-12-02")}}
			v := s.Judge(test.survey)
			if v.Outcome != test.want || !strings.Contains(v.Message, test.message) || test.message == "" && v.Message != "" {
				t.Errorf("%s, want %s: %q, want %q", v.Outcome, test.want, v.Message, test.message)
			}
			if text := q.ItAt(s.at(nil)); text != test.text {
				t.Errorf("%q, want %q", text, test.text)
			}
		})
	}
}

// A failure of the network that was gone at the second look is flaky, also where a broken rule
// keeps the first look in its place.
func TestFlakyBesideABrokenRule(t *testing.T) {
	s := twoAddresses(func(a *probe.AddressResult) {
		a.Outcome, a.Reason, a.Phases.Reached, a.HTTP = reason.Fail, reason.ConnectRefused, reason.Connect, nil
		a.Findings = []reason.Finding{{Reason: reason.ConnectRefused}, {Reason: reason.TLSCertExpired}}
	})
	s.Flaky = map[string]string{"https": "at first connect/refused"}
	for name, test := range map[string]struct {
		judge Judgement
		want  report.Outcome
	}{
		"network": {EachAddress(catalog.HTTPS, ShakeHands()), report.Flaky},
		"rule":    {EachAddress(catalog.HTTPS, HaveGoodCertificate()), report.Fail},
	} {
		if v := judged(test.judge, s); v.Outcome != test.want {
			t.Errorf("%s: %s, want %s", name, v.Outcome, test.want)
		}
	}
}

// What a run does not ask takes nothing from what the rest shows, and what it asks counts.
func TestWherePossible(t *testing.T) {
	asked, other := &Question{Name: "asked"}, &Question{Name: "other"}
	j := All(Reply(asked, BeAPIReply()), WherePossible(Reply(other, BeAPIReply())), WherePossible(EachReply(nil, BeAPIReply())))
	good := Answer{Exchange: probe.Exchange{Outcome: reason.OK, Status: 400, API: &cloudapi.Reply{IsError: true, Code: "X"}}}
	page := Answer{Exchange: probe.Exchange{Outcome: reason.OK, Status: 400, APIProblem: "found HTML"}}
	for name, test := range map[string]struct {
		other Answer
		want  report.Outcome
	}{
		"kept":        {good, report.Pass},
		"broken":      {page, report.Fail},
		"without key": {unasked(Skip(report.NoCredentials, "no key")), report.Pass},
		"silent":      {unasked(CannotTell("silent")), report.Inconclusive},
	} {
		s := resolved()
		s.Answers = map[string]Answer{"asked": good, "other": test.other}
		if v := judged(j, s); v.Outcome != test.want {
			t.Errorf("%s: %s, want %s: %s", name, v.Outcome, test.want, v.Message)
		}
	}
}
