package kit

import (
	"net/url"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"

	"prober/catalog"
	"prober/probe/reason"
)

// Health is what it takes to be healthy over a scheme: that requests are answered by some
// address at all, and by no address with something that no other requirement judges. One
// address of several that takes no connection, or shows a bad certificate, is such another
// matter.
func Health() Judgement { return All(NameBy(leadsSomewhere), healthOver(catalog.HTTPS, "be healthy")) }

// HealthOrHTTPS is health over plain HTTP, where an address may also lead on to HTTPS at the
// same host.
func HealthOrHTTPS() Judgement {
	return All(healthOver(catalog.HTTP, "be healthy, or lead to HTTPS"), EachAddressBy(catalog.HTTP, func(c *Case, a Address) {
		if a.LeadsToHTTPS() {
			c.Notef("%s leads to HTTPS instead of answering", a.Address)
		}
	}))
}

func healthOver(over catalog.Scheme, wants string) Judgement {
	return All(
		EachAddress(over, answerHealthily(wants)),
		SomeAddress(over, beOfUse(wants)),
	)
}

// leadsSomewhere breaks a requirement for a name without addresses, which answers nothing.
func leadsSomewhere(c *Case, l Lookup) {
	c.Expect(l).To(matcher[Lookup]{subject: Lookup.subject, wants: "be healthy", look: func(l Lookup) (s seen, ok bool, err error) {
		if len(l.Addresses) > 0 {
			return s, true, nil
		}
		err = first(l, func(l Lookup) error {
			if l.Outcome == reason.Unknown {
				return unobserved(l.Observation)
			}
			return nil
		}, Lookup.contradicted, func(l Lookup) error { return undemandedFamily(l.Observation) })
		s.found(locate(l.Endpoint.Host, findingsOf(l.Reason, l.Detail, l.Reproduce))[0])
		return s, false, err
	}})
}

// answerHealthily succeeds for an address that answers nothing that breaks health by itself.
func answerHealthily(wants string) types.GomegaMatcher {
	return matcher[Address]{subject: Address.subject, wants: wants, look: func(a Address) (s seen, ok bool, err error) {
		if err := a.decided(); err != nil {
			return s, false, err
		}
		for _, f := range a.found() {
			if f.Reason.Outcome() == reason.Fail && !ofVersions(f.Reason) && !a.judgedElsewhere(f.Reason) && !a.LeadsToHTTPS() {
				s.found(f)
				return s, false, nil
			}
		}
		return s, true, nil
	}}
}

// beOfUse succeeds for an address where requests can be answered.
func beOfUse(wants string) types.GomegaMatcher {
	return matcher[Address]{subject: Address.subject, wants: wants, look: func(a Address) (s seen, ok bool, err error) {
		if err := a.decided(); err != nil {
			return s, false, err
		}
		if a.LeadsToHTTPS() {
			return s, true, nil
		}
		onlyVersions, stuck := true, false
		for _, f := range a.Findings {
			onlyVersions = onlyVersions && ofVersions(f.Reason)
			stuck = stuck || f.Reason.Outcome() == reason.Fail && a.judgedElsewhere(f.Reason)
		}
		stuck = stuck || a.Outcome == reason.Fail && a.Phases.Reached < reason.Request && !onlyVersions
		for _, f := range append(a.found(), locate(a.Address.String(), findingsOf(a.Reason, a.Detail, a.Reproduce))...) {
			s.found(f)
			break
		}
		return s, !stuck, nil
	}}
}

// decided says why an address came to no verdict. Over plain HTTP one that was not dialled
// came to none: where it leads is judged over HTTPS.
func (a Address) decided() error {
	if a.Outcome == reason.Unknown || a.Of.Scheme == catalog.HTTP && a.Phases.Reached < reason.Connect {
		return cannotTell("%s: %s", a.Reason, a.Detail)
	}
	return nil
}

// LeadsToHTTPS reports whether an address answers plain HTTP with a redirect to HTTPS at the
// host that was asked.
func (a Address) LeadsToHTTPS() bool {
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

// judgedElsewhere reports whether a requirement of its own is about a finding at one address.
// Over plain HTTP only those about where the name leads are.
func (a Address) judgedElsewhere(r reason.Reason) bool {
	switch r {
	case reason.ResolveBogon, reason.ResolveNotPrivate:
		return true
	case reason.VerifyInvalidUTF8:
		return a.Of.Scheme != catalog.HTTP
	}
	kinds := []reason.Kind{reason.Connection, reason.Certificate, reason.Framing}
	return a.Of.Scheme != catalog.HTTP && slices.Contains(kinds, r.Kind())
}
