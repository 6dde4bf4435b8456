package kit

import (
	"net/url"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"

	"prober/catalog"
	"prober/probe"
	"prober/probe/reason"
)

// Health is what it takes to be healthy over HTTPS: that requests are answered by some address
// at all, and by no address with something that no other requirement judges. One address of
// several that takes no connection, or shows a bad certificate, is such another matter; a name
// without addresses answers nothing.
func Health() Judgement { return HealthOver(catalog.HTTPS) }

// HealthOver is [Health] over a scheme.
func HealthOver(over catalog.Scheme) Judgement {
	const wants = "be healthy"
	return All(NameOver(over, Matching[Lookup](leadSomewhere())), EachAddress(over, answerHealthily(wants)), SomeAddress(over, takeRequests(wants)))
}

// HealthOrHTTPS is health over plain HTTP, where an address may also lead on to HTTPS at the
// same host.
func HealthOrHTTPS() Judgement {
	const wants = "be healthy, or lead to HTTPS"
	return All(SomeAddress(catalog.HTTP, takeRequests(wants)), EachAddressBy(catalog.HTTP, func(c *Case, a Address) {
		if !a.deadBesideOthers(c.Survey.HTTPS) {
			c.Expect(a, answerHealthily(wants))
		}
		switch {
		case a.leadsToHTTPS():
			c.Notef("%s leads to HTTPS instead of answering", a.Address)
		case a.Outcome == reason.Fail && (a.Reason.Kind() == reason.Connection || a.deadBesideOthers(c.Survey.HTTPS)):
			c.Notef("%s: %s: %s", a.Address, a.Reason, a.Detail)
		}
	}))
}

// deadBesideOthers reports whether it is another requirement's matter that an address gives no
// reply over plain HTTP, while others do: over HTTPS it takes no connection either.
func (a Address) deadBesideOthers(https probe.Observation) bool {
	return a.HTTP == nil && slices.ContainsFunc(a.Of.Addresses, hasReply) && slices.ContainsFunc(https.Addresses, func(other probe.AddressResult) bool {
		return other.Address == a.Address && other.Outcome == reason.Fail && other.Reason.Kind() == reason.Connection
	})
}

// leadSomewhere succeeds for a name that led to addresses, which are judged then.
func leadSomewhere() types.GomegaMatcher {
	return matcher(Lookup.subject, "be healthy", func(l Lookup, s *seen) error {
		s.found(located{l.host(), reason.Finding{Reason: l.Reason, Detail: l.Detail, Reproduce: l.Reproduce}})
		if s.fits = len(l.Addresses) > 0; s.fits {
			return nil
		}
		if l.Outcome == reason.Unknown {
			return unobserved(l.Observation)
		}
		return l.contested()
	})
}

// answerHealthily succeeds for an address that answers nothing that breaks health by itself.
func answerHealthily(wants string) types.GomegaMatcher {
	return matcher(Address.subject, wants, func(a Address, s *seen) error {
		s.fits = true
		for _, f := range a.found() {
			if s.fits && f.Reason.Outcome() == reason.Fail && !ofVersions(f.Reason) && !judgedElsewhere(f.Reason) && !a.leadsToHTTPS() {
				s.found(f)
				s.fits = false
			}
		}
		return a.decided()
	})
}

// takeRequests succeeds for an address where requests can be answered.
func takeRequests(wants string) types.GomegaMatcher {
	return matcher(Address.subject, wants, func(a Address, s *seen) error {
		onlyVersions, elsewhere := true, false
		for _, f := range a.Findings {
			onlyVersions = onlyVersions && ofVersions(f.Reason)
			elsewhere = elsewhere || f.Reason.Outcome() == reason.Fail && judgedElsewhere(f.Reason)
		}
		stuck := elsewhere || a.Outcome == reason.Fail && a.Phases.Reached < reason.Request && !onlyVersions
		if all := a.found(); len(all) > 0 {
			s.found(all[0])
		}
		s.fits = !stuck || a.leadsToHTTPS()
		return a.decided()
	})
}

// decided says why an address came to no verdict. Over plain HTTP one that was not dialled
// came to none: where it leads is judged over HTTPS.
func (a Address) decided() error {
	if a.Outcome == reason.Unknown || a.Of.Scheme == catalog.HTTP && a.Phases.Reached < reason.Connect {
		return cannotTell("%s: %s", a.Reason, a.Detail)
	}
	return nil
}

// leadsToHTTPS reports whether an address answers plain HTTP with a redirect to HTTPS at the
// host that was asked.
func (a Address) leadsToHTTPS() bool {
	if a.Of.Scheme != catalog.HTTP || a.Reason != reason.VerifyRedirect || a.HTTP == nil {
		return false
	}
	u, err := url.Parse(a.HTTP.Location)
	return err == nil && u.Scheme == "https" && strings.EqualFold(u.Hostname(), a.Of.Endpoint.Host)
}

// ofVersions reports whether a finding is about protocol versions alone.
func ofVersions(r reason.Reason) bool {
	return r == reason.TLSVersionAccepted || r == reason.TLSVersionMissing
}

// judgedElsewhere reports whether a requirement of its own is about a finding at one address of
// several, over HTTPS or where it is served over plain HTTP.
func judgedElsewhere(r reason.Reason) bool {
	switch r {
	case reason.ResolveBogon, reason.ResolveNotPrivate, reason.VerifyInvalidUTF8:
		return true
	}
	return slices.Contains([]reason.Kind{reason.Connection, reason.Certificate, reason.Framing}, r.Kind())
}
