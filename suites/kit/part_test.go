package kit

import (
	"net/netip"
	"testing"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe"
	"prober/probe/dns"
	"prober/probe/hello"
	"prober/probe/reason"
	"prober/report"
)

// twoAddresses is a survey of a healthy endpoint with two addresses, the second changed.
func twoAddresses(change func(a *probe.AddressResult)) *Survey {
	o := observation(nil)
	o.Addresses[0].HTTP, o.Addresses[0].Phases.Reached = &probe.HTTPFacts{Status: 400}, reason.Body
	second := observation(nil).Addresses[0]
	second.Address = netip.MustParseAddr("127.0.0.2")
	second.HTTP, second.Phases.Reached = &probe.HTTPFacts{Status: 400}, reason.Body
	change(&second)
	o.Addresses = append(o.Addresses, second)
	o.DNS.Addresses = []netip.Addr{o.Addresses[0].Address, second.Address}
	over := o
	over.Scheme = catalog.HTTP
	over.Addresses = append([]probe.AddressResult{}, o.Addresses...)
	return &Survey{HTTPS: o, HTTP: over}
}

// What one address shows to be broken is broken, whatever another one cannot tell; and a
// requirement is kept only where every address tells.
func TestAddressesAreJudgedApart(t *testing.T) {
	found := func(reached reason.Phase, reasons ...reason.Reason) func(a *probe.AddressResult) {
		return func(a *probe.AddressResult) {
			a.Phases.Reached, a.Outcome, a.Reason = reached, reasons[0].Outcome(), reasons[0]
			for _, r := range reasons {
				a.Findings = append(a.Findings, reason.Finding{Reason: r, Detail: "so it is"})
			}
			if reached < reason.Headers {
				a.HTTP = nil
			}
		}
	}
	given := func(o reason.Outcome, reached reason.Phase, r reason.Reason) func(a *probe.AddressResult) {
		return func(a *probe.AddressResult) {
			found(reached, r)(a)
			a.Outcome = o
		}
	}
	noRoute := func(a *probe.AddressResult) {
		found(reason.Connect, reason.ProberVantageNoIPv6)(a)
		a.TLS = nil
	}
	atFirst := func(s *Survey, change func(a *probe.AddressResult)) *Survey {
		for _, o := range []*probe.Observation{&s.HTTPS, &s.HTTP} {
			o.Addresses[0].Findings = nil
			change(&o.Addresses[0])
		}
		return s
	}
	acceptsSSLv3 := func(a *probe.AddressResult) { a.TLS.Versions[hello.SSLv3].Verdict = hello.Accepted }
	healthyHTTPS := func(c *Case) { c.Expect(c.HTTPS).To(BeHealthy()) }
	healthyHTTP := func(c *Case) { c.Expect(c.HTTP).To(AnswerOrLeadToHTTPS()) }
	refusesSSLv3 := func(c *Case) { c.Expect(c.HTTPS).To(RefuseTLS(catalog.SSLv3)) }
	goodCertificate := func(c *Case) { c.Expect(c.HTTPS).To(NotShow("wrong", CertificateFaults()...)) }
	connects := func(c *Case) { c.Expect(c.HTTPS).To(NotShow("wrong", ConnectionFaults()...)) }
	unserved := func(c *Case) { c.Expect(c.HTTP).To(NotShow("served", reason.VerifyPlainHTTPServed)) }
	for name, test := range map[string]struct {
		survey *Survey
		basis  Basis
		check  func(*Case)
		want   report.Outcome
	}{
		"a page at one":                         {twoAddresses(found(reason.Verify, reason.VerifyNotAPI)), Decided(), healthyHTTPS, report.Fail},
		"no answer at one":                      {twoAddresses(found(reason.Request, reason.RequestTimeout)), Decided(), healthyHTTPS, report.Fail},
		"a refusal at one":                      {twoAddresses(found(reason.Connect, reason.ConnectRefused)), Decided(), healthyHTTPS, report.Pass},
		"an old version at one":                 {twoAddresses(found(reason.Body, reason.TLSVersionAccepted)), Decided(), healthyHTTPS, report.Pass},
		"an old version and a page":             {atFirst(twoAddresses(found(reason.Body, reason.TLSVersionAccepted)), found(reason.Verify, reason.VerifyNotAPI)), Decided(), healthyHTTPS, report.Fail},
		"refusals at both":                      {atFirst(twoAddresses(found(reason.Connect, reason.ConnectRefused)), found(reason.Connect, reason.ConnectRefused)), Decided(), healthyHTTPS, report.Fail},
		"no route to one":                       {twoAddresses(noRoute), Decided(), healthyHTTPS, report.Inconclusive},
		"SSLv3 at one, no route to other":       {atFirst(twoAddresses(noRoute), acceptsSSLv3), VersionDecided(catalog.SSLv3), refusesSSLv3, report.Fail},
		"no SSLv3 at one, no route":             {twoAddresses(noRoute), VersionDecided(catalog.SSLv3), refusesSSLv3, report.Inconclusive},
		"expired at one, no route":              {atFirst(twoAddresses(noRoute), found(reason.TLS, reason.TLSCertExpired)), ShownCertificate(), goodCertificate, report.Fail},
		"never dialled":                         {twoAddresses(found(reason.Resolve, reason.ResolveBogon)), Connected(), connects, report.Inconclusive},
		"reset at one, no route to other":       {atFirst(twoAddresses(noRoute), found(reason.TLS, reason.TLSReset)), Connected(), connects, report.Fail},
		"such a key at both":                    {atFirst(twoAddresses(given(reason.Fail, reason.TLS, reason.TLSWeakKey)), given(reason.Fail, reason.TLS, reason.TLSWeakKey)), Decided(), healthyHTTPS, report.Fail},
		"such a key, for handshakes":            {twoAddresses(given(reason.Fail, reason.TLS, reason.TLSWeakKey)), Connected(), connects, report.Inconclusive},
		"expired at one, no route, for answers": {atFirst(twoAddresses(noRoute), found(reason.TLS, reason.TLSCertExpired)), Decided(), healthyHTTPS, report.Inconclusive},
		"plain HTTP: refused at one":            {twoAddresses(found(reason.Connect, reason.ConnectRefused)), DecidedHTTP(), healthyHTTP, report.Fail},
		"plain HTTP: a page of somebody's":      {twoAddresses(found(reason.Verify, reason.VerifyNotAPI)), RefusedOrServed(), unserved, report.Inconclusive},
		"plain HTTP: served at one":             {twoAddresses(found(reason.Verify, reason.VerifyPlainHTTPServed)), RefusedOrServed(), unserved, report.Fail},
	} {
		t.Run(name, func(t *testing.T) {
			s := Spec{Endpoint: catalog.Endpoint{Lifecycle: catalog.Active}, Requirement: stated("KMS-DNS-01"), Basis: test.basis, Check: test.check}
			if v := s.Judge(test.survey); v.Outcome != test.want {
				t.Errorf("%s, want %s: %s", v.Outcome, test.want, v.Message)
			}
		})
	}
	few := twoAddresses(func(*probe.AddressResult) {})
	few.HTTPS.DNS.Addresses = append(few.HTTPS.DNS.Addresses, netip.MustParseAddr("127.0.0.3"))
	s := Spec{Endpoint: catalog.Endpoint{Lifecycle: catalog.Active}, Requirement: stated("KMS-DNS-01"), Basis: Connected(), Check: connects}
	if v := s.Judge(few); v.Outcome != report.Inconclusive {
		t.Errorf("an address that was not probed: %s: %s", v.Outcome, v.Message)
	}
}

// One throttled question does not hide what another one shows.
func TestAnswersAreJudgedApart(t *testing.T) {
	good := Answer{Exchange: probe.Exchange{Outcome: reason.OK, Status: 400, API: &cloudapi.Reply{IsError: true, Code: "Missing"}}}
	page := Answer{Exchange: probe.Exchange{Outcome: reason.OK, Status: 200, APIProblem: "HTML"}}
	throttled := Answer{Exchange: probe.Exchange{Outcome: reason.OK, Status: 429, APIProblem: "HTML"}}
	unread := Answer{Exchange: probe.Exchange{Outcome: reason.Fail, Reason: reason.HeadersBareLF, Status: 200, Findings: []reason.Finding{{Reason: reason.HeadersBareLF}}}}
	shaped := func(c *Case) {
		c.Each([]string{"first", "second"}, func(a Answer) { c.Expect(a).To(BeAPIReply()) })
	}
	framed := func(c *Case) {
		c.Each([]string{"first", "second"}, func(a Answer) { c.Expect(a).To(BeFramed()) })
	}
	for name, test := range map[string]struct {
		first, second Answer
		basis         Basis
		check         func(*Case)
		want          report.Outcome
	}{
		"both good":              {good, good, AskedEach("first", "second"), shaped, report.Pass},
		"one page":               {good, page, AskedEach("first", "second"), shaped, report.Fail},
		"a page and throttling":  {throttled, page, AskedEach("first", "second"), shaped, report.Fail},
		"one throttled":          {throttled, good, AskedEach("first", "second"), shaped, report.Inconclusive},
		"all throttled":          {throttled, throttled, AskedEach("first", "second"), shaped, report.Inconclusive},
		"one unreadable":         {unread, good, AskedEach("first", "second"), shaped, report.Inconclusive},
		"none asked for":         {good, good, AskedEach(), shaped, report.NotApplicable},
		"unreadable, for frames": {unread, good, Framed().AndFramed("first", "second"), framed, report.Fail},
		"framed":                 {good, good, Framed().AndFramed("first", "second"), framed, report.Pass},
	} {
		survey := twoAddresses(func(*probe.AddressResult) {})
		survey.Answers = map[string]Answer{"first": test.first, "second": test.second}
		s := Spec{Endpoint: catalog.Endpoint{Lifecycle: catalog.Active}, Requirement: stated("KMS-DNS-01"), Basis: test.basis, Check: test.check}
		if v := s.Judge(survey); v.Outcome != test.want {
			t.Errorf("%s: %s, want %s: %s", name, v.Outcome, test.want, v.Message)
		}
	}
}

// A redirect to HTTPS at the same host is tolerated where plain HTTP should be answered, and
// one to anywhere else is not.
func TestLeadingToHTTPS(t *testing.T) {
	for where, want := range map[string]bool{
		"https://kms.example.test/": true, "https://KMS.example.test:443/x": true, "https://login.example.test/": false, "http://kms.example.test/": false, "": false,
	} {
		o := observation(func(o *probe.Observation) {
			o.Scheme, o.Outcome = catalog.HTTP, reason.Fail
			a := &o.Addresses[0]
			a.Outcome, a.Reason, a.HTTP = reason.Fail, reason.VerifyRedirect, &probe.HTTPFacts{Status: 301, Location: where}
			a.Findings = []reason.Finding{{Reason: reason.VerifyRedirect}}
		})
		if got, _ := AnswerOrLeadToHTTPS().Match(o); got != want {
			t.Errorf("%q: %t, want %t", where, got, want)
		}
	}
}

// A resolver that denies what another one leads to leaves open which of them is right.
func TestContradictingResolvers(t *testing.T) {
	s := &Survey{HTTPS: observation(func(o *probe.Observation) {
		o.Outcome, o.Reason, o.Addresses = reason.Fail, reason.ResolveNXDomain, nil
		o.DNS = &dns.Lookup{Outcome: reason.Fail, Reason: reason.ResolveNXDomain}
		o.Resolvers = []probe.ResolverVerdict{{Outcome: reason.OK, Addresses: []netip.Addr{loopback}}}
	})}
	for name, basis := range map[string]Basis{"looked": Looked(), "decided": Decided()} {
		if why, _ := basis.tells(s); why != Inconclusive {
			t.Errorf("%s: %q", name, why)
		}
	}
	if why, _ := ResolversCompared().tells(s); why != "" {
		t.Errorf("compared: %q", why)
	}
	s.HTTPS.Resolvers[0].Outcome = reason.Fail
	if why, _ := Looked().tells(s); why != "" {
		t.Errorf("all deny it: %q", why)
	}
}

// Where all rests on one answer, others do not make up for it.
func TestPreconditions(t *testing.T) {
	good := Answer{Exchange: probe.Exchange{Outcome: reason.OK, Status: 200, API: &cloudapi.Reply{}}}
	throttled := Answer{Exchange: probe.Exchange{Outcome: reason.OK, Status: 400, Class: cloudapi.Throttled}}
	s := &Survey{Answers: map[string]Answer{"call": throttled, "within": good, "above": good}}
	for name, b := range map[string]Basis{"heavy": AskedHeavily("call", []string{"within"}, []string{"above"}), "and": Asked("call").And("within")} {
		if why, _ := b.tells(s); why != Inconclusive {
			t.Errorf("%s: %q", name, why)
		}
	}
}

// A failure of the network that was gone at the second look is flaky, also where a broken rule
// keeps the first look in its place.
func TestFlakyBesideABrokenRule(t *testing.T) {
	s := twoAddresses(func(a *probe.AddressResult) {
		a.Outcome, a.Reason, a.Phases.Reached, a.HTTP = reason.Fail, reason.ConnectRefused, reason.Connect, nil
		a.Findings = []reason.Finding{{Reason: reason.ConnectRefused}, {Reason: reason.TLSCertExpired}}
	})
	s.Flaky = map[string]string{OverHTTPS: "at first connect/refused"}
	for name, test := range map[string]struct {
		reasons []reason.Reason
		want    report.Outcome
	}{"network": {ConnectionFaults(), report.Flaky}, "rule": {CertificateFaults(), report.Fail}} {
		spec := Spec{Endpoint: catalog.Endpoint{Lifecycle: catalog.Active}, Requirement: stated("KMS-DNS-01"), Basis: Connected(), Check: func(c *Case) {
			c.Expect(c.HTTPS).To(NotShow("wrong", test.reasons...))
		}}
		if v := spec.Judge(s); v.Outcome != test.want {
			t.Errorf("%s: %s, want %s", name, v.Outcome, test.want)
		}
	}
}
