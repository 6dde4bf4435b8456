package kit

import (
	"fmt"
	"strings"

	"github.com/onsi/gomega/types"

	"prober/catalog"
	"prober/probe"
	"prober/probe/hello"
	"prober/probe/reason"
)

// AcceptTLS succeeds for an address that accepts protocol version v. Where the version could
// not be decided it cannot tell.
func AcceptTLS(v catalog.TLSVersion) types.GomegaMatcher {
	return versionMatcher(v, hello.Accepted, reason.TLSVersionMissing)
}

// RefuseTLS succeeds for an address that rejects protocol version v.
func RefuseTLS(v catalog.TLSVersion) types.GomegaMatcher {
	return versionMatcher(v, hello.Rejected, reason.TLSVersionAccepted)
}

func versionMatcher(v catalog.TLSVersion, want hello.Verdict, otherwise reason.Reason) types.GomegaMatcher {
	return matcher[Address]{
		subject: func(a Address) string { return a.Of.Endpoint.Host },
		wants:   fmt.Sprintf("have %s %s", v, want),
		look: func(a Address) (s seen, ok bool, err error) {
			r, err := a.version(v)
			if err != nil {
				return s, false, err
			}
			s.Reason, s.Reproduce = otherwise, a.versionCommand(r)
			s.addf("%s  %s  %s", a.Address, r.Verdict, r.Evidence)
			s.show(s.Reproduce)
			return s, r.Verdict == want, nil
		},
	}
}

// version returns the verdict on a protocol version; an error where there is none.
func (a Address) version(v catalog.TLSVersion) (hello.Result, error) {
	if a.TLS != nil && a.TLS.Versions != nil {
		for _, r := range a.TLS.Versions {
			switch {
			case r.Version.String() != string(v):
			case r.Verdict == hello.Inconclusive:
				return r, cannotTell("%s: %s", v, r.Evidence)
			default:
				return r, nil
			}
		}
	}
	return hello.Result{}, cannotTell("%s was not asked about: %s", v, a.Reason)
}

// versionCommand shows the verdict on a version.
func (a Address) versionCommand(r hello.Result) string {
	if a.TLS == nil || int(r.Version) >= len(a.TLS.Commands) {
		return ""
	}
	return a.TLS.Commands[r.Version]
}

// ProtocolVersion demands of a protocol version what the catalogue expects of it at the
// endpoint, at the date of the run. Where nothing is expected, what is seen is written down.
func ProtocolVersion(v catalog.TLSVersion) Judgement {
	return Depending(catalog.HTTPS, func(c *Case) Judgement {
		expect, rule := c.Expectation(v)
		switch expect {
		case catalog.Required:
			return EachAddress(catalog.HTTPS, AcceptTLS(v))
		case catalog.Refused:
			return EachAddressBy(catalog.HTTPS, func(c *Case, a Address) { c.Expect(a).To(RefuseTLS(v), "the rule "+rule.ID+" holds") })
		case catalog.Allowed:
			return All(decidedVersion(v), Whole(catalog.HTTPS, func(c *Case, o probe.Observation) {
				c.Notef("%s", c.verdicts(o, v))
				c.Expect(o).To(agreeOn([]catalog.TLSVersion{v}), "all addresses must agree")
			}))
		}
		return Whole(catalog.HTTPS, func(c *Case, o probe.Observation) {
			c.end(NotApplicable(fmt.Sprintf("no document speaks of %s here: %s", v, c.verdicts(o, v))))
		})
	})
}

// ProtocolVersionText is the text of the spec of [ProtocolVersion].
func ProtocolVersionText(v catalog.TLSVersion) func(c *Case) string {
	return func(c *Case) string {
		words := map[catalog.Expectation]string{catalog.Required: "accepts ", catalog.Refused: "refuses ", catalog.Allowed: "may accept or refuse "}
		expect, _ := c.Expectation(v)
		if word, ok := words[expect]; ok {
			return word + string(v)
		}
		return "is seen to accept or refuse " + string(v)
	}
}

// decidedVersion demands that there is a verdict on a version at every address.
func decidedVersion(v catalog.TLSVersion) Judgement {
	return EachAddressBy(catalog.HTTPS, func(c *Case, a Address) {
		if _, err := a.version(v); err != nil {
			c.end(err)
		}
	})
}

// verdicts is what each address says to a version, in one line; those that say nothing are
// left out. Where all are, the judging ends.
func (c *Case) verdicts(o probe.Observation, v catalog.TLSVersion) string {
	text := verdictsOn(o, v)
	if text == "" {
		c.end(decidedVersion(v).pieces(c)[0].error())
	}
	return text
}

func verdictsOn(o probe.Observation, v catalog.TLSVersion) string {
	var words []string
	for _, a := range o.Addresses {
		if r, err := (Address{a, o}).version(v); err == nil {
			words = append(words, fmt.Sprintf("%s %s", a.Address, r.Verdict))
		}
	}
	return strings.Join(words, ", ")
}

// AgreeOnVersions succeeds for an observation whose addresses accept the same protocol
// versions. What could not be decided at one of them disagrees with nothing.
func AgreeOnVersions() types.GomegaMatcher { return agreeOn(catalog.TLSVersions()) }

func agreeOn(versions []catalog.TLSVersion) types.GomegaMatcher {
	return matcher[probe.Observation]{
		subject: func(o probe.Observation) string { return "the addresses of " + o.Endpoint.Host },
		wants:   "accept the same protocol versions",
		look: func(o probe.Observation) (s seen, ok bool, err error) {
			for _, v := range versions {
				commands := map[hello.Verdict]string{}
				for _, a := range o.Addresses {
					if r, err := (Address{a, o}).version(v); err == nil {
						commands[r.Verdict] = Address{a, o}.versionCommand(r)
					}
				}
				if len(commands) < 2 {
					continue
				}
				both := commands[hello.Accepted] + " ; " + commands[hello.Rejected]
				if s.Reproduce == "" {
					s.Reproduce = both
				}
				s.addf("%s: %s", v, verdictsOn(o, v))
				s.show(both)
			}
			return s, len(s.lines) == 0, nil
		},
	}
}

// SomeVersionDecided succeeds for an address with a verdict on some protocol version: there is
// something to compare it by.
func SomeVersionDecided(c *Case, a Address) {
	for _, v := range catalog.TLSVersions() {
		if _, err := a.version(v); err == nil {
			return
		}
	}
	c.end(cannotTell("no protocol version was decided: %s", a.Reason))
}
