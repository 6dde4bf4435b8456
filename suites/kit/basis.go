package kit

import (
	"fmt"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe"
	"prober/probe/hello"
	"prober/probe/reason"
)

// Names of what a survey holds beside the answers to questions.
const (
	OverHTTPS = "https"
	OverHTTP  = "http"
)

// Basis is what a spec rests on: which parts of a survey, and whether they can tell.
type Basis struct {
	// On names OverHTTPS, OverHTTP and questions.
	On []string
	// Heavy: one of the questions is.
	Heavy bool

	tells func(s *Survey) (SkipReason, string)
}

// Looked rests on a lookup that came to a verdict.
func Looked() Basis {
	return Basis{On: []string{OverHTTPS}, tells: func(s *Survey) (SkipReason, string) {
		if l := s.HTTPS.DNS; l == nil || l.Outcome == reason.Unknown {
			return undecided(s.HTTPS)
		}
		return "", ""
	}}
}

// Resolved rests on a lookup that brought addresses.
func Resolved() Basis { return Basis{On: []string{OverHTTPS}, tells: hasAddresses} }

func hasAddresses(s *Survey) (SkipReason, string) {
	if l := s.HTTPS.DNS; l == nil || len(l.Addresses) == 0 {
		return Inconclusive, "the name has no address: " + s.HTTPS.Reason.String()
	}
	return "", ""
}

// Decided rests on a verdict over HTTPS.
func Decided() Basis { return Basis{On: []string{OverHTTPS}, tells: decided} }

// DecidedHTTP rests on a verdict over plain HTTP.
func DecidedHTTP() Basis {
	return Basis{On: []string{OverHTTP}, tells: func(s *Survey) (SkipReason, string) {
		if s.HTTP.Outcome == reason.Unknown || s.HTTP.Reason.Phase() == reason.Resolve {
			return undecided(s.HTTP)
		}
		return "", ""
	}}
}

// ShownCertificate rests on a certificate from every address.
func ShownCertificate() Basis {
	return eachAddress(func(a probe.AddressResult) string {
		if a.TLS == nil || len(a.TLS.Certificates) == 0 {
			if a.Reason.Phase() == reason.TLS && a.Reason != reason.None && isCertificateFault(a.Reason) {
				return ""
			}
			return fmt.Sprintf("%s showed no certificate: %s", a.Address, a.Reason)
		}
		return ""
	})
}

// Replied rests on an HTTP reply from every address.
func Replied() Basis {
	return eachAddress(func(a probe.AddressResult) string {
		if a.HTTP == nil {
			return fmt.Sprintf("%s sent no reply: %s", a.Address, a.Reason)
		}
		return ""
	})
}

// Framed rests on every address having been sent a whole request: whatever came back then,
// even bytes that are no HTTP, is a reply that can be judged.
func Framed() Basis {
	return eachAddress(func(a probe.AddressResult) string {
		switch a.Phases.Reached {
		case reason.Headers, reason.Body, reason.Verify:
			return ""
		}
		if a.HTTP == nil {
			return fmt.Sprintf("%s sent no reply: %s", a.Address, a.Reason)
		}
		return ""
	})
}

// VersionDecided rests on a verdict about a protocol version from every address.
func VersionDecided(v catalog.TLSVersion) Basis {
	return eachAddress(func(a probe.AddressResult) string {
		r, ok := versionAt(a, v)
		if !ok || r.Verdict == hello.Inconclusive {
			return fmt.Sprintf("%s at %s: %s", v, a.Address, r.Evidence)
		}
		return ""
	})
}

// Asked rests on the replies to questions, each from a server that was willing to answer.
func Asked(questions ...string) Basis {
	return Basis{On: questions, tells: func(s *Survey) (SkipReason, string) {
		if len(questions) == 0 {
			return NotApplicable, "the catalogue has no rule that a question could be made of"
		}
		for _, name := range questions {
			if why, text := s.Answer(name).missing(name); why != "" {
				return why, text
			}
		}
		return "", ""
	}}
}

// AskedHeavily rests on the replies to two large questions. A server may also answer the
// one above its limit by hanging up, so that there a broken connection is an answer.
func AskedHeavily(within, above string) Basis {
	return Basis{On: []string{within, above}, Heavy: true, tells: func(s *Survey) (SkipReason, string) {
		if why, text := s.Answer(within).missing(within); why != "" {
			return why, text
		}
		if a := s.Answer(above); !a.HungUp() {
			return a.missing(above)
		}
		return "", ""
	}}
}

// missing says why an answer cannot be judged; "" when it can.
func (a Answer) missing(name string) (SkipReason, string) {
	x := a.Exchange
	switch {
	case a.Skip != "":
		return a.Skip, a.Why
	case x.Outcome == reason.Unknown && x.Status == 0:
		return Inconclusive, fmt.Sprintf("the question %q got no answer: %s: %s", name, x.Reason, x.Detail)
	case x.Status == 0, ofTheNetwork(x.Reason):
		return Inconclusive, fmt.Sprintf("the question %q broke off: %s: %s", name, x.Reason, x.Detail)
	case x.Class == cloudapi.Throttled:
		return Inconclusive, fmt.Sprintf("the question %q was throttled", name)
	}
	return "", ""
}

// HungUp reports whether the server ended the connection instead of answering.
func (a Answer) HungUp() bool {
	switch a.Exchange.Reason {
	case reason.RequestReset, reason.RequestEOF, reason.HeadersReset, reason.HeadersEOF:
		return a.Skip == "" && a.Exchange.Status == 0
	}
	return false
}

// eachAddress rests on HTTPS, and tells when lacks finds nothing lacking at any address.
func eachAddress(lacks func(probe.AddressResult) string) Basis {
	return Basis{On: []string{OverHTTPS}, tells: func(s *Survey) (SkipReason, string) {
		if why, text := decided(s); why != "" {
			return why, text
		}
		if len(s.HTTPS.Addresses) == 0 {
			return Inconclusive, "the name has no address: " + s.HTTPS.Reason.String()
		}
		for _, a := range s.HTTPS.Addresses {
			if text := lacks(a); text != "" {
				return Inconclusive, text
			}
		}
		return "", ""
	}}
}

func decided(s *Survey) (SkipReason, string) {
	if s.HTTPS.Outcome == reason.Unknown {
		return undecided(s.HTTPS)
	}
	return "", ""
}

func undecided(o probe.Observation) (SkipReason, string) {
	if o.Reason == reason.ProberPrivateNetwork {
		return PrivateNetwork, o.Detail
	}
	return Inconclusive, o.Reason.String() + ": " + o.Detail
}

func isCertificateFault(r reason.Reason) bool {
	for _, f := range CertificateFaults() {
		if f == r {
			return true
		}
	}
	return false
}

// ResolversCompared rests on the verdict of the first resolver and of another one at least.
func ResolversCompared() Basis {
	return Basis{On: []string{OverHTTPS}, tells: func(s *Survey) (SkipReason, string) {
		l := s.HTTPS.DNS
		if l == nil || l.Outcome == reason.Unknown {
			return undecided(s.HTTPS)
		}
		silent := ""
		for _, v := range s.HTTPS.Resolvers {
			if v.Outcome != reason.Unknown {
				return "", ""
			}
			silent = fmt.Sprintf("%s: %s: %s", v.Resolver, v.Reason, v.Detail)
		}
		if silent == "" {
			return NotApplicable, "only one resolver was asked"
		}
		return Inconclusive, "no other resolver told: " + silent
	}}
}

// AskedBothFamilies rests on a name that leads to addresses, and on a verdict about either
// family.
func AskedBothFamilies() Basis {
	return Basis{On: []string{OverHTTPS}, tells: func(s *Survey) (SkipReason, string) {
		if why, text := hasAddresses(s); why != "" {
			return why, text
		}
		for _, f := range s.HTTPS.DNS.Families {
			if f.Reason.Outcome() == reason.Unknown {
				return Inconclusive, fmt.Sprintf("%s: %s: %s", f.Type, f.Reason, f.Detail)
			}
		}
		if len(s.HTTPS.DNS.Families) < 2 {
			return NotApplicable, "only one address family was asked about"
		}
		return "", ""
	}}
}

// AskedBeside rests on an answer about the name beside the host that cannot exist.
func AskedBeside() Basis {
	return Basis{On: []string{OverHTTPS}, tells: func(s *Survey) (SkipReason, string) {
		if why, text := hasAddresses(s); why != "" {
			return why, text
		}
		switch c := s.HTTPS.DNS.Canary; {
		case c == nil:
			return Inconclusive, "no name beside it was asked about"
		case c.Reason != reason.None && c.Reason != reason.ResolveNXDomain && c.Reason != reason.ResolveNoData:
			return Inconclusive, fmt.Sprintf("the question about %s: %s: %s", c.Name, c.Reason, c.Detail)
		}
		return "", ""
	}}
}

// Connected rests on a verdict about every address of a name that has some.
func Connected() Basis { return eachAddress(func(probe.AddressResult) string { return "" }) }

// RepliedAnd is [Replied] and [Asked].
func RepliedAnd(questions ...string) Basis {
	replied, asked := Replied(), Asked(questions...)
	return Basis{On: append([]string{OverHTTPS}, questions...), tells: func(s *Survey) (SkipReason, string) {
		if why, text := replied.tells(s); why != "" {
			return why, text
		}
		return asked.tells(s)
	}}
}
