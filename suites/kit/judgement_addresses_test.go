package kit

import (
	"net/netip"
	"strings"
	"testing"

	"prober/catalog"
	"prober/probe"
	"prober/probe/dns"
	"prober/probe/hello"
	"prober/probe/reason"
	"prober/report"
)

// silentOverHTTP is a second address that takes connections over plain HTTP and does not answer,
// and over HTTPS shows something.
func silentOverHTTP(https reason.Reason) *Survey {
	s := twoAddresses(found(reason.Request, reason.RequestTimeout))
	s.HTTPS.Addresses[1].Outcome, s.HTTPS.Addresses[1].Reason = https.Outcome(), https
	return s
}

// twoAddresses is a survey of a healthy endpoint with two addresses, the second changed.
func twoAddresses(change func(a *probe.AddressResult)) *Survey {
	o := observation(nil)
	second := observation(nil).Addresses[0]
	second.Address = netip.MustParseAddr("127.0.0.2")
	change(&second)
	o.Addresses = append(o.Addresses, second)
	o.DNS.Addresses = []netip.Addr{o.Addresses[0].Address, second.Address}
	over := o
	over.Scheme = catalog.HTTP
	over.Addresses = append([]probe.AddressResult{}, o.Addresses...)
	return &Survey{HTTPS: o, HTTP: over}
}

// unchanged changes nothing at an address.
func unchanged(*probe.AddressResult) {}

// What one address shows to be broken is broken, whatever another one cannot tell; and a
// requirement is kept only where every address tells.
func TestAddressesAreJudgedApart(t *testing.T) {
	given := func(o reason.Outcome, reached reason.Phase, r reason.Reason) func(a *probe.AddressResult) {
		return func(a *probe.AddressResult) {
			found(reached, r)(a)
			a.Outcome = o
		}
	}
	atFirst := func(s *Survey, change func(a *probe.AddressResult)) *Survey {
		for _, o := range []*probe.Observation{&s.HTTPS, &s.HTTP} {
			o.Addresses[0].Findings = nil
			change(&o.Addresses[0])
		}
		return s
	}
	acceptsSSLv3 := withVersion(catalog.SSLv3, hello.Accepted)
	refusesSSLv3 := EachAddress(catalog.HTTPS, RefuseTLS(catalog.SSLv3))
	goodCertificate := EachAddress(catalog.HTTPS, HaveGoodCertificate())
	connects := EachAddress(catalog.HTTPS, ShakeHands())
	unserved := EachAddress(catalog.HTTP, NotServePlainHTTP())
	few := twoAddresses(unchanged)
	few.HTTPS.DNS.Addresses = append(few.HTTPS.DNS.Addresses, netip.MustParseAddr("127.0.0.3"))
	changed := func(change func(o *probe.Observation)) *Survey { return &Survey{HTTPS: observation(change)} }
	nowhere := func(o *probe.Observation) {
		o.Outcome, o.Reason, o.Addresses, o.DNS.Addresses = reason.Fail, reason.ResolveNXDomain, nil, nil
	}
	oneFamily := func(o *probe.Observation) {
		nowhere(o)
		o.Reason, o.DNS.Reason, o.DNS.Families = reason.ResolveNoData, reason.ResolveNoData, []dns.FamilyVerdict{{Type: dns.AAAA, Reason: reason.ResolveNoData}}
	}
	unobserved := func(r reason.Reason) *Survey {
		return changed(func(o *probe.Observation) { o.Outcome, o.Reason, o.Addresses = reason.Unknown, r, nil })
	}
	for name, test := range map[string]struct {
		survey *Survey
		judge  Judgement
		want   report.Outcome
	}{
		"all well":                              {twoAddresses(unchanged), Health(), report.Pass},
		"a page at one":                         {twoAddresses(found(reason.Verify, reason.VerifyNotAPI)), Health(), report.Fail},
		"no answer at one":                      {twoAddresses(found(reason.Request, reason.RequestTimeout)), Health(), report.Fail},
		"a refusal at one":                      {twoAddresses(found(reason.Connect, reason.ConnectRefused)), Health(), report.Pass},
		"an old version at one":                 {twoAddresses(found(reason.Body, reason.TLSVersionAccepted)), Health(), report.Pass},
		"an old version and a page":             {atFirst(twoAddresses(found(reason.Body, reason.TLSVersionAccepted)), found(reason.Verify, reason.VerifyNotAPI)), Health(), report.Fail},
		"refusals at both":                      {atFirst(twoAddresses(found(reason.Connect, reason.ConnectRefused)), found(reason.Connect, reason.ConnectRefused)), Health(), report.Fail},
		"no route to one":                       {twoAddresses(noRoute), Health(), report.Inconclusive},
		"no route to one, a page at the other":  {atFirst(twoAddresses(noRoute), found(reason.Verify, reason.VerifyNotAPI)), Health(), report.Fail},
		"no route to one, a refusal":            {atFirst(twoAddresses(noRoute), found(reason.Connect, reason.ConnectRefused)), Health(), report.Inconclusive},
		"SSLv3 at one, no route to other":       {atFirst(twoAddresses(noRoute), acceptsSSLv3), refusesSSLv3, report.Fail},
		"no SSLv3 at one, no route":             {twoAddresses(noRoute), refusesSSLv3, report.Inconclusive},
		"no SSLv3 at both":                      {twoAddresses(unchanged), refusesSSLv3, report.Pass},
		"expired at one, no route":              {atFirst(twoAddresses(noRoute), found(reason.TLS, reason.TLSCertExpired)), goodCertificate, report.Fail},
		"never dialled":                         {twoAddresses(found(reason.Resolve, reason.ResolveBogon)), connects, report.Inconclusive},
		"reset at one, no route to other":       {atFirst(twoAddresses(noRoute), found(reason.TLS, reason.TLSReset)), connects, report.Fail},
		"such a key at both":                    {atFirst(twoAddresses(given(reason.Fail, reason.TLS, reason.TLSWeakKey)), given(reason.Fail, reason.TLS, reason.TLSWeakKey)), Health(), report.Fail},
		"such a key, for handshakes":            {twoAddresses(given(reason.Fail, reason.TLS, reason.TLSWeakKey)), connects, report.Inconclusive},
		"expired at one, no route, for answers": {atFirst(twoAddresses(noRoute), found(reason.TLS, reason.TLSCertExpired)), Health(), report.Inconclusive},
		"plain HTTP: refused at one":            {twoAddresses(found(reason.Connect, reason.ConnectRefused)), HealthOrHTTPS(), report.Pass},
		"plain HTTP: refused at both":           {atFirst(twoAddresses(found(reason.Connect, reason.ConnectRefused)), found(reason.Connect, reason.ConnectRefused)), HealthOrHTTPS(), report.Fail},
		"plain HTTP: silent where HTTPS is too": {silentOverHTTP(reason.TLSTimeout), HealthOrHTTPS(), report.Pass},
		"plain HTTP: silent where HTTPS is not": {silentOverHTTP(reason.None), HealthOrHTTPS(), report.Fail},
		"plain HTTP: not dialled":               {twoAddresses(found(reason.Resolve, reason.ResolveBogon)), HealthOrHTTPS(), report.Inconclusive},
		"plain HTTP: a page of somebody's":      {twoAddresses(found(reason.Verify, reason.VerifyNotAPI)), unserved, report.Inconclusive},
		"plain HTTP: served at one":             {twoAddresses(found(reason.Verify, reason.VerifyPlainHTTPServed)), unserved, report.Fail},
		"an address that was not probed":        {few, connects, report.Inconclusive},
		"no addresses":                          {changed(nowhere), connects, report.Inconclusive},
		"no addresses, for answers":             {changed(nowhere), Health(), report.Fail},
		"one family, which it has not":          {changed(oneFamily), connects, report.NotApplicable},
		"one family, for answers":               {changed(oneFamily), Health(), report.NotApplicable},
		"unobserved":                            {unobserved(reason.ProberResolverUnavailable), connects, report.Inconclusive},
		"unobserved, for answers":               {unobserved(reason.ProberResolverUnavailable), Health(), report.Inconclusive},
		"in a private network":                  {unobserved(reason.ProberPrivateNetwork), connects, report.Skip},
		"in a private network, for answers":     {unobserved(reason.ProberPrivateNetwork), Health(), report.Skip},
		"never looked at":                       {&Survey{}, unserved, report.Inconclusive},
	} {
		t.Run(name, func(t *testing.T) {
			if v := judged(test.judge, test.survey); v.Outcome != test.want {
				t.Errorf("%s, want %s: %s", v.Outcome, test.want, v.Message)
			}
		})
	}
}

// A verdict says which address could not tell, and what the others that break the requirement
// show.
func TestAddressesAreNamed(t *testing.T) {
	refuses := EachAddress(catalog.HTTPS, RefuseTLS(catalog.SSLv3))
	v := judged(refuses, twoAddresses(withVersion(catalog.SSLv3, hello.Inconclusive)))
	if want := "127.0.0.2: SSLv3: seen to be inconclusive"; v.Message != want {
		t.Errorf("%q, want %q", v.Message, want)
	}
	accepts := withVersion(catalog.SSLv3, hello.Accepted)
	s := twoAddresses(accepts)
	accepts(&s.HTTPS.Addresses[0])
	v = judged(refuses, s)
	if want := "127.0.0.1  accepted  seen to be accepted; 127.0.0.2  accepted  seen to be accepted"; v.Got != want || strings.Count(v.Message, "\n") != 2 {
		t.Errorf("%q in %q, want %q", v.Got, v.Message, want)
	}
}

// One address is enough, and none is not; what is not known may be the one.
func TestSomeAddress(t *testing.T) {
	accepted, open := withVersion(catalog.SSLv3, hello.Accepted), withVersion(catalog.SSLv3, hello.Inconclusive)
	for name, test := range map[string]struct {
		first, second func(a *probe.AddressResult)
		want          report.Outcome
	}{
		"both":                {accepted, accepted, report.Pass},
		"one":                 {unchanged, accepted, report.Pass},
		"one, the other open": {accepted, open, report.Pass},
		"one not, one open":   {unchanged, open, report.Inconclusive},
		"none":                {unchanged, unchanged, report.Fail},
	} {
		s := twoAddresses(test.second)
		test.first(&s.HTTPS.Addresses[0])
		if v := judged(SomeAddress(catalog.HTTPS, AcceptTLS(catalog.SSLv3)), s); v.Outcome != test.want {
			t.Errorf("%s: %s, want %s: %s", name, v.Outcome, test.want, v.Message)
		}
	}
}

// Several demands of one address: the first that is not met, or cannot be told, ends them.
func TestDemandsOfOneAddress(t *testing.T) {
	for name, test := range map[string]struct {
		change func(a *probe.AddressResult)
		want   report.Outcome
	}{
		"both met":          {unchanged, report.Pass},
		"the first broken":  {withVersion(catalog.TLS12, hello.Rejected), report.Fail},
		"the second broken": {withVersion(catalog.SSLv3, hello.Accepted), report.Fail},
		"the first untold":  {withVersion(catalog.TLS12, hello.Inconclusive), report.Inconclusive},
		"untold before broken": {func(a *probe.AddressResult) {
			withVersion(catalog.TLS12, hello.Inconclusive)(a)
			withVersion(catalog.SSLv3, hello.Accepted)(a)
		}, report.Fail},
	} {
		if v := judged(EachAddress(catalog.HTTPS, AcceptTLS(catalog.TLS12), RefuseTLS(catalog.SSLv3)), twoAddresses(test.change)); v.Outcome != test.want {
			t.Errorf("%s: %s, want %s", name, v.Outcome, test.want)
		}
	}
}
