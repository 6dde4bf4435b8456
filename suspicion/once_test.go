package suspicion_test

import (
	"fmt"
	"testing"

	"prober/catalog"
	"prober/probe"
	"prober/probe/certs"
	"prober/probe/reason"
	"prober/suspicion"
)

// seen is what was found at endpoints, a letter each, which is its provider; a capital letter is one
// that is closed.
func seen(providers string, found ...reason.Reason) []probe.Observation {
	all := make([]probe.Observation, len(providers))
	for i, p := range providers {
		all[i] = probe.Observation{
			Endpoint: catalog.Endpoint{ID: fmt.Sprint(i), Host: fmt.Sprintf("api.%c%d.test", p, i), Lifecycle: catalog.Active, Region: fmt.Sprint(i)},
			Scheme:   catalog.HTTPS, Reason: found[i], Outcome: found[i].Outcome(),
			Addresses: []probe.AddressResult{{Outcome: found[i].Outcome(), Reason: found[i], TLS: &probe.TLSFacts{Certificates: []certs.Certificate{{Issuer: fmt.Sprint(i)}}}}},
		}
		if p < 'a' {
			all[i].Endpoint.Lifecycle = catalog.Closed
		}
	}
	return all
}

// What a look at everything shows: trouble of the prober's own, an outage, or what nothing tells apart.
func TestOnce(t *testing.T) {
	const (
		none, silent, reset, denied = reason.None, reason.ConnectTimeout, reason.TLSReset, reason.ResolveNXDomain
		selfmade, alert, private    = reason.TLSCertSelfSigned, reason.TLSAlertHandshakeFailure, reason.ProberPrivateNetwork
	)
	for name, tt := range map[string]struct {
		providers string
		found     []reason.Reason
		cause     suspicion.Cause
		doubt     suspicion.Doubt
	}{
		"resets for all":                     {"aab", []reason.Reason{reset, reason.ConnectReset, reset}, suspicion.Resets, suspicion.NoDoubt},
		"silence":                            {"ab", []reason.Reason{silent, silent}, suspicion.Silence, suspicion.NoDoubt},
		"large packets are lost":             {"aab", []reason.Reason{reason.TLSTimeout, reason.TLSTimeout, reason.BodyTimeout}, suspicion.Silence, suspicion.NoDoubt},
		"and from one alone they come":       {"aab", []reason.Reason{reason.TLSTimeout, reason.TLSTimeout, none}, suspicion.None, suspicion.NoDoubt},
		"a certificate of its own for each":  {"ab", []reason.Reason{selfmade, selfmade}, suspicion.Portal, suspicion.NoDoubt},
		"one with a name, one without":       {"ab", []reason.Reason{reason.TLSCertUntrusted, selfmade}, suspicion.Portal, suspicion.NoDoubt},
		"one alert from everyone":            {"ab", []reason.Reason{alert, alert}, suspicion.Portal, suspicion.NoDoubt},
		"no certificate is good now":         {"ab", []reason.Reason{reason.TLSCertExpired, reason.TLSCertNotYetValid}, suspicion.Clock, suspicion.NoDoubt},
		"no resolver, of one provider":       {"aa", []reason.Reason{reason.ProberResolverUnavailable, silent}, suspicion.Mixed, suspicion.NoDoubt},
		"some cannot tell":                   {"abab", []reason.Reason{silent, silent, private, denied}, suspicion.Silence, suspicion.NoDoubt},
		"a closed one is well":               {"abB", []reason.Reason{silent, silent, none}, suspicion.Silence, suspicion.NoDoubt},
		"two alerts":                         {"ab", []reason.Reason{alert, reason.TLSAlertInternalError}, suspicion.None, suspicion.NoDoubt},
		"certificates that differ":           {"ab", []reason.Reason{reason.TLSCertHostname, reason.TLSCertHostname}, suspicion.None, suspicion.NoDoubt},
		"one is well":                        {"aab", []reason.Reason{silent, silent, none}, suspicion.None, suspicion.NoDoubt},
		"one speaks":                         {"aab", []reason.Reason{silent, silent, reason.VerifyServerError}, suspicion.None, suspicion.NoDoubt},
		"one provider":                       {"aa", []reason.Reason{silent, reset}, suspicion.None, suspicion.NoControl},
		"all are denied, by a sane resolver": {"ab", []reason.Reason{denied, denied}, suspicion.None, suspicion.NoDoubt},
		"nothing":                            {"", nil, suspicion.None, suspicion.NoDoubt},
	} {
		var once suspicion.Once
		all := seen(tt.providers, tt.found...)
		for i := range all {
			once.See(tt.providers[i:i+1], &all[i])
		}
		if once.Cause() != tt.cause || once.Doubt() != tt.doubt {
			t.Errorf("%s: cause %q, doubt %d, want %q, %d", name, once.Cause(), once.Doubt(), tt.cause, tt.doubt)
		}
	}
	for _, tt := range []struct {
		providers string
		status    [3]int
		cause     suspicion.Cause
		doubt     suspicion.Doubt
	}{ // what a server says by its status comes from beyond this network, but for the status of a portal
		{"aab", [3]int{511, 511, 511}, suspicion.Portal, suspicion.NoDoubt},
		{"aaa", [3]int{511, 511, 511}, suspicion.Portal, suspicion.NoDoubt},
		{"aab", [3]int{511, 511, 503}, suspicion.None, suspicion.NoDoubt},
		{"aab", [3]int{503, 503, 503}, suspicion.None, suspicion.NoDoubt},
		{"aab", [3]int{403, 403, 403}, suspicion.None, suspicion.NoDoubt},
	} {
		var once suspicion.Once
		const failed = reason.VerifyServerError
		for i, o := range seen(tt.providers, failed, failed, failed) {
			o.Addresses[0].HTTP = &probe.HTTPFacts{Status: tt.status[i]}
			once.See(tt.providers[i:i+1], &o)
		}
		if once.Cause() != tt.cause || once.Doubt() != tt.doubt {
			t.Errorf("%v: cause %q, doubt %d", tt.status, once.Cause(), once.Doubt())
		}
	}
	var astray suspicion.Once
	for _, o := range seen("aa", reason.ResolveBogon, reason.ResolveBogon) {
		o.Outcome = reason.Unknown // as where all names lead there
		astray.See("a", &o)
	}
	if astray.Cause() != suspicion.Lookups {
		t.Errorf("no host at the end of any name: cause %q", astray.Cause())
	}
	var vouched suspicion.Once
	for _, o := range seen("ab", silent, silent) {
		o.Vouched = true
		vouched.See("", &o)
	}
	if !vouched.Reached() || vouched.Cause() != suspicion.None {
		t.Error("a control that vouches for the network does not count")
	}
}

// Who answers over one scheme is compared with who answers over that one, whatever came over the other in between.
func TestOnceOverTwoSchemes(t *testing.T) {
	var once suspicion.Once
	all := seen("aab", reason.TLSAlertHandshakeFailure, reason.VerifyNotAPI, reason.TLSAlertInternalError)
	all[1].Scheme = catalog.HTTP
	for i := range all {
		once.See("", &all[i])
	}
	if !once.Reached() || once.Cause() != suspicion.None {
		t.Errorf("two who answer over one scheme are taken for one: cause %q", once.Cause())
	}
}

// One page in place of all is of one kind for all.
func TestOneWhoAnswersForAllSendsOneKindOfPage(t *testing.T) {
	for second, want := range map[string]suspicion.Cause{"text/html": suspicion.Portal, "application/json": suspicion.None} {
		var once suspicion.Once
		for i, o := range seen("ab", reason.VerifyNotAPI, reason.VerifyNotAPI) {
			o.Addresses[0].HTTP = &probe.HTTPFacts{Status: 200, ContentType: []string{"text/html", second}[i]}
			once.See("ab"[i:i+1], &o)
		}
		if once.Cause() != want {
			t.Errorf("text/html and %s: cause %q, want %q", second, once.Cause(), want)
		}
	}
}

func TestExcuse(t *testing.T) {
	for found, want := range map[reason.Reason]reason.Reason{
		reason.TLSReset: reason.ProberVantageOffline, reason.TLSCertExpired: reason.ProberClock,
		reason.None: reason.None, reason.ResolveNXDomain: reason.ResolveNXDomain, reason.VerifyServerError: reason.VerifyServerError,
	} {
		o := seen("a", found)[0]
		suspicion.Excuse(&o)
		if o.Reason != want || o.Outcome != want.Outcome() || o.Alike != (want != found) || o.Addresses[0].Outcome != want.Outcome() {
			t.Errorf("%s becomes %s %s", found, o.Outcome, o.Reason)
		}
	}
}
