package kit

import (
	"cmp"
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
	return matcher(Address.host, fmt.Sprintf("have %s %s", v, want), func(a Address, s *seen) error {
		r, err := a.version(v)
		s.Reason, s.Reproduce = otherwise, a.versionCommand(r)
		s.addf("%s  %s  %s", a.Address, r.Verdict, r.Evidence)
		s.show(s.Reproduce)
		s.fits = r.Verdict == want
		return err
	})
}

func (a Address) host() string { return a.Of.Endpoint.Host }

// version returns the verdict on a protocol version; an error where there is none.
func (a Address) version(v catalog.TLSVersion) (hello.Result, error) {
	if a.TLS == nil || a.TLS.Versions == nil {
		return hello.Result{}, cannotTell("%s was not asked about: %s", v, a.Reason)
	}
	for _, r := range a.TLS.Versions {
		if r.Version.String() == string(v) && r.Verdict != hello.Inconclusive {
			return r, nil
		} else if r.Version.String() == string(v) {
			return r, cannotTell("%s: %s", v, r.Evidence)
		}
	}
	return hello.Result{}, cannotTell("this program does not know %s", v)
}

// versionCommand shows the verdict on a version.
func (a Address) versionCommand(r hello.Result) string {
	if a.TLS == nil || int(r.Version) >= len(a.TLS.Commands) {
		return ""
	}
	return a.TLS.Commands[r.Version]
}

// verdicts is what each address says to a version, in one line; those that say nothing are left
// out. Where all are, the judging ends.
func (c *Case) verdicts(o probe.Observation, v catalog.TLSVersion) string {
	text := verdicts(o, v)
	if text == "" {
		c.Skip(silentAddress(o, v))
	}
	return text
}

func verdicts(o probe.Observation, v catalog.TLSVersion) string {
	var words []string
	for _, a := range o.Addresses {
		if r, err := (Address{a, o}).version(v); err == nil {
			words = append(words, fmt.Sprintf("%s %s", a.Address, r.Verdict))
		}
	}
	return strings.Join(words, ", ")
}

// ProtocolVersion demands of a protocol version what the catalogue expects of it at an endpoint, at
// the date of the run. Where it expects nothing, otherwise may, and else what is seen is written down.
func ProtocolVersion(v catalog.TLSVersion, otherwise catalog.Expectation) Judgement {
	return Depending(catalog.HTTPS, func(c *Case) Judgement {
		switch expect, rule := c.expectation(v, otherwise); expect {
		case catalog.Required:
			return EachAddress(catalog.HTTPS, AcceptTLS(v))
		case catalog.Refused:
			if rule.ID == "" {
				return EachAddress(catalog.HTTPS, RefuseTLS(v))
			}
			return EachAddress(catalog.HTTPS, Saying("the rule "+rule.ID+" holds", RefuseTLS(v)))
		case catalog.Allowed:
			return Whole(catalog.HTTPS, func(c *Case, o probe.Observation) {
				c.Notef("%s", c.verdicts(o, v))
				c.Expect(o, Saying("all addresses must agree", AgreeOnVersions(v)))
			})
		}
		return Whole(catalog.HTTPS, func(c *Case, o probe.Observation) {
			c.Skip(NotApplicable(fmt.Sprintf("no document speaks of %s here: %s", v, c.verdicts(o, v))))
		})
	})
}

// ProtocolVersionText is the text of the spec of [ProtocolVersion].
func ProtocolVersionText(v catalog.TLSVersion, otherwise catalog.Expectation) func(c *Case) string {
	says := map[catalog.Expectation]string{catalog.Required: "accepts ", catalog.Refused: "refuses ", catalog.Allowed: "may accept or refuse "}
	return func(c *Case) string {
		expect, _ := c.expectation(v, otherwise)
		return cmp.Or(says[expect], "is seen to accept or refuse ") + string(v)
	}
}

// AgreeOnVersions succeeds for an observation whose addresses accept the same ones of some
// protocol versions. It cannot tell where an address says nothing to any of them.
func AgreeOnVersions(versions ...catalog.TLSVersion) types.GomegaMatcher {
	addresses := func(o probe.Observation) string { return "the addresses of " + o.Endpoint.Host }
	return matcher(addresses, "accept the same protocol versions", func(o probe.Observation, s *seen) error {
		for _, v := range versions {
			commands := map[hello.Verdict]string{}
			for _, a := range o.Addresses {
				if r, err := (Address{a, o}).version(v); err == nil {
					commands[r.Verdict] = Address{a, o}.versionCommand(r)
				}
			}
			if len(commands) == 2 {
				both := commands[hello.Accepted] + " ; " + commands[hello.Rejected]
				s.Reproduce = cmp.Or(s.Reproduce, both)
				s.addf("%s: %s", v, verdicts(o, v))
				s.show(both)
			}
		}
		if s.fits = len(s.lines) == 0; s.fits {
			return silentAddress(o, versions...)
		}
		return nil
	})
}

// silentAddress says which address of an observation says nothing to any of some versions.
func silentAddress(o probe.Observation, versions ...catalog.TLSVersion) error {
	for _, a := range o.Addresses {
		var why error
		for _, v := range versions {
			if _, why = (Address{a, o}).version(v); why == nil {
				break
			}
		}
		if why != nil {
			return cannotTell("%s: %s", a.Address, why)
		}
	}
	return unprobed(o)
}
