package kit

import (
	"fmt"
	"maps"
	"slices"

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
//
// A spec about several addresses or answers is judged over those that can tell. What one of
// them shows to be broken is broken; but it is kept only where all could tell.
type Basis struct {
	// On names OverHTTPS, OverHTTP and questions.
	On []string
	// Heavy: one of the questions is.
	Heavy bool

	// tells says why nothing can be judged; "" when something can.
	tells func(s *Survey) (SkipReason, string)
	// part returns what can be judged, and what is lacking for the whole; nil means all.
	part func(s *Survey) (telling *Survey, lacking string)
}

// Looked rests on a lookup that came to a verdict which no other resolver contradicts.
func Looked() Basis {
	return Basis{On: []string{OverHTTPS}, tells: func(s *Survey) (SkipReason, string) {
		if l := s.HTTPS.DNS; l == nil || l.Outcome == reason.Unknown {
			return undecided(s.HTTPS)
		}
		if l := s.HTTPS.DNS; l.Reason == reason.ResolveNoData && len(l.Families) == 1 {
			return NotApplicable, "only one address family was asked about, and no document demands it"
		}
		return contradicted(s)
	}}
}

// contradicted says that the first resolver denies what another one leads to: which of them
// is wrong cannot be told.
func contradicted(s *Survey) (SkipReason, string) {
	v, found := s.HTTPS.Contradiction()
	if l := s.HTTPS.DNS; found && l != nil && len(l.Addresses) == 0 {
		return Inconclusive, fmt.Sprintf("resolver %s says %s, and %s leads to %v", l.Resolver, l.Reason, v.Resolver, v.Addresses)
	}
	return "", ""
}

// Resolved rests on a lookup that brought addresses.
func Resolved() Basis { return Basis{On: []string{OverHTTPS}, tells: hasAddresses} }

func hasAddresses(s *Survey) (SkipReason, string) {
	if l := s.HTTPS.DNS; l == nil || len(l.Addresses) == 0 {
		return Inconclusive, "the name has no address: " + s.HTTPS.Reason.String()
	}
	return "", ""
}

// Chained rests on a lookup that came to the end of the chain of aliases, or found out why
// there is none.
func Chained() Basis {
	return Basis{On: []string{OverHTTPS}, tells: func(s *Survey) (SkipReason, string) {
		l := s.HTTPS.DNS
		if l == nil || l.Outcome == reason.Unknown {
			return undecided(s.HTTPS)
		}
		switch l.Reason {
		case reason.ResolveCNAMELoop, reason.ResolveCNAMEDangling, reason.ResolveCNAMETooLong:
			return "", ""
		}
		return hasAddresses(s)
	}}
}

// ResolversCompared rests on the verdicts of all resolvers, of which there are several.
func ResolversCompared() Basis {
	return Basis{On: []string{OverHTTPS}, tells: func(s *Survey) (SkipReason, string) {
		l := s.HTTPS.DNS
		if l == nil || l.Outcome == reason.Unknown {
			return undecided(s.HTTPS)
		}
		for _, v := range s.HTTPS.Resolvers {
			if v.Outcome != reason.Unknown {
				return "", ""
			}
		}
		if silent := silentResolver(s); silent != "" {
			return Inconclusive, silent
		}
		return NotApplicable, "only one resolver was asked"
	}, part: func(s *Survey) (*Survey, string) { return s, silentResolver(s) }}
}

// silentResolver names a resolver that did not tell; "" when all did.
func silentResolver(s *Survey) string {
	for _, v := range s.HTTPS.Resolvers {
		if v.Outcome == reason.Unknown {
			return fmt.Sprintf("resolver %s did not tell: %s: %s", v.Resolver, v.Reason, v.Detail)
		}
	}
	return ""
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

// Decided rests on a verdict about every address over HTTPS.
func Decided() Basis {
	return eachAddress(OverHTTPS, func(a probe.AddressResult) string {
		if a.Outcome == reason.Unknown {
			return a.Reason.String() + ": " + a.Detail
		}
		return ""
	}).orWithout(func(s *Survey) (SkipReason, string) {
		if len(s.HTTPS.Addresses) > 0 || s.HTTPS.Outcome == reason.Unknown {
			return undecided(s.HTTPS)
		}
		if why, text := contradicted(s); why != "" {
			return why, text
		}
		if l := s.HTTPS.DNS; l != nil && l.Reason == reason.ResolveNoData && len(l.Families) == 1 {
			return NotApplicable, "only one address family was asked about, and no document demands it"
		}
		return "", "" // a name without addresses answers nothing
	})
}

// orWithout lets another function judge surveys in which no address can tell.
func (b Basis) orWithout(tells func(*Survey) (SkipReason, string)) Basis {
	addresses := b.tells
	b.tells = func(s *Survey) (SkipReason, string) {
		if why, _ := addresses(s); why == "" {
			return "", ""
		}
		return tells(s)
	}
	return b
}

// DecidedHTTP rests on a verdict about every address over plain HTTP.
func DecidedHTTP() Basis {
	return eachAddress(OverHTTP, func(a probe.AddressResult) string {
		if a.Outcome == reason.Unknown || a.Phases.Reached < reason.Connect {
			return a.Reason.String() + ": " + a.Detail
		}
		return ""
	})
}

// RefusedOrServed rests on every address having either served or refused plain HTTP: a page of
// somebody else's is neither.
func RefusedOrServed() Basis {
	return eachAddress(OverHTTP, func(a probe.AddressResult) string {
		if a.Reason != reason.None && a.Reason != reason.VerifyPlainHTTPServed {
			return a.Reason.String() + ": " + a.Detail
		}
		return ""
	})
}

// ShownCertificate rests on a certificate from every address, be it one that cannot be read.
func ShownCertificate() Basis {
	return eachAddress(OverHTTPS, func(a probe.AddressResult) string {
		if certificateMissing(a) && !hasFinding(a, CertificateFaults()) {
			return "no certificate was shown: " + a.Reason.String()
		}
		return ""
	})
}

// ReadCertificate rests on a certificate from every address that can be read.
func ReadCertificate() Basis {
	return eachAddress(OverHTTPS, func(a probe.AddressResult) string {
		if certificateMissing(a) {
			return "no certificate could be read: " + a.Reason.String()
		}
		return ""
	})
}

func certificateMissing(a probe.AddressResult) bool {
	return a.TLS == nil || len(a.TLS.Certificates) == 0
}

func hasFinding(a probe.AddressResult, reasons []reason.Reason) bool {
	for _, f := range a.Findings {
		for _, r := range reasons {
			if f.Reason == r {
				return true
			}
		}
	}
	return false
}

// Replied rests on an HTTP reply from every address.
func Replied() Basis {
	return eachAddress(OverHTTPS, func(a probe.AddressResult) string {
		if a.HTTP == nil {
			return "no reply came: " + a.Reason.String()
		}
		return ""
	})
}

// Framed rests on every address having been sent a whole request: whatever came back then,
// even bytes that are no HTTP, is a reply that can be judged.
func Framed() Basis {
	return eachAddress(OverHTTPS, func(a probe.AddressResult) string {
		switch a.Phases.Reached {
		case reason.Headers, reason.Body, reason.Verify:
			return ""
		}
		if a.HTTP == nil {
			return "no reply came: " + a.Reason.String()
		}
		return ""
	})
}

// VersionDecided rests on a verdict about a protocol version from every address.
func VersionDecided(v catalog.TLSVersion) Basis {
	return eachAddress(OverHTTPS, func(a probe.AddressResult) string {
		r, ok := versionAt(a, v)
		if !ok || r.Verdict == hello.Inconclusive {
			return fmt.Sprintf("%s: %s", v, r.Evidence)
		}
		return ""
	})
}

// VersionsCompared rests on several addresses, of which each told about some version.
func VersionsCompared() Basis {
	return eachAddress(OverHTTPS, func(a probe.AddressResult) string {
		if a.TLS != nil && a.TLS.Versions != nil {
			for _, r := range a.TLS.Versions {
				if r.Verdict != hello.Inconclusive {
					return ""
				}
			}
		}
		return "no protocol version was decided: " + a.Reason.String()
	}).unless(func(s *Survey) (SkipReason, string) {
		if l := s.HTTPS.DNS; l != nil && len(l.Addresses) == 1 {
			return NotApplicable, "the name has one address"
		}
		return "", ""
	})
}

// unless asks another function first.
func (b Basis) unless(skips func(*Survey) (SkipReason, string)) Basis {
	tells := b.tells
	b.tells = func(s *Survey) (SkipReason, string) {
		if why, text := skips(s); why != "" {
			return why, text
		}
		return tells(s)
	}
	return b
}

// Connected rests on every address having been dialled, with some verdict.
func Connected() Basis {
	return eachAddress(OverHTTPS, func(a probe.AddressResult) string {
		if a.Outcome == reason.Unknown || a.Phases.Reached < reason.Connect {
			return a.Reason.String() + ": " + a.Detail
		}
		return ""
	})
}

// Asked rests on the replies to all of the questions, each from a server that was willing to
// answer.
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

// AskedEach rests on the replies to questions, each of which can show by itself that the
// requirement is broken. [Case.Each] goes through them.
func AskedEach(questions ...string) Basis {
	if len(questions) == 0 {
		return Asked()
	}
	return Basis{On: questions, tells: func(s *Survey) (SkipReason, string) {
		var why SkipReason
		var text string
		for _, name := range questions {
			if why, text = s.Answer(name).missing(name); why == "" {
				return "", ""
			}
		}
		return why, text
	}, part: func(s *Survey) (*Survey, string) { return s.answering(questions, Answer.missing) }}
}

// answering is the survey without those of the questions that brought nothing to judge.
func (s *Survey) answering(questions []string, missing func(Answer, string) (SkipReason, string)) (telling *Survey, lacking string) {
	part := *s
	part.Answers = maps.Clone(s.Answers)
	for _, name := range questions {
		if why, text := missing(s.Answer(name), name); why != "" {
			delete(part.Answers, name)
			if lacking == "" {
				lacking = text
			}
		}
	}
	return &part, lacking
}

// Each calls check with the answer to each of the questions that brought one.
func (c *Case) Each(questions []string, check func(a Answer)) {
	for _, name := range questions {
		if a, asked := c.Answers[name]; asked && a.Skip == "" {
			check(a)
		}
	}
}

// And rests on b, and on the replies to questions that [Case.Each] goes through.
func (b Basis) And(questions ...string) Basis { return b.and(questions, Answer.missing) }

// AndFramed is [Basis.And] for what frames a reply, which can be judged also where that keeps
// it from being read.
func (b Basis) AndFramed(questions ...string) Basis {
	return b.and(questions, func(a Answer, name string) (SkipReason, string) {
		if _, bad := badlyFramed(a); bad {
			return "", ""
		}
		return a.missing(name)
	})
}

func (b Basis) and(questions []string, missing func(Answer, string) (SkipReason, string)) Basis {
	tells, part := b.tells, b.part
	return Basis{On: append(append([]string{}, b.On...), questions...), Heavy: b.Heavy, tells: func(s *Survey) (SkipReason, string) {
		if why, text := tells(s); why != "" {
			for _, name := range questions { // where no address can tell, an answer may
				if none, _ := missing(s.Answer(name), name); none == "" {
					return "", ""
				}
			}
			return why, text
		}
		return "", ""
	}, part: func(s *Survey) (*Survey, string) {
		telling, lacking := s, ""
		if part != nil {
			telling, lacking = part(s)
		}
		telling, more := telling.answering(questions, missing)
		if lacking == "" {
			lacking = more
		}
		return telling, lacking
	}}
}

// AskedHeavily rests on the reply to one question, and on those to large ones. A server may
// also answer one above its limit by hanging up, so that there a broken connection is an
// answer. [Case.Each] goes through them.
func AskedHeavily(first string, within, above []string) Basis {
	b := Asked(first).and(append(append([]string{}, within...), above...), func(a Answer, name string) (SkipReason, string) {
		if slices.Contains(above, name) && a.HungUp() {
			return "", ""
		}
		return a.missing(name)
	})
	b.Heavy = true
	tells := b.tells
	b.tells = func(s *Survey) (SkipReason, string) {
		for _, name := range append(append([]string{}, within...), above...) { // not asked at all
			if a := s.Answer(name); a.Skip != "" && a.Skip != Inconclusive {
				return a.Skip, a.Why
			}
		}
		return tells(s)
	}
	return b
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
	case x.Outcome == reason.Fail && x.API == nil && x.APIProblem == "":
		return Inconclusive, fmt.Sprintf("the answer to the question %q could not be read: %s: %s", name, x.Reason, x.Detail)
	case x.Class == cloudapi.Throttled, x.API == nil && x.Status == 429: // the latter of a proxy in front of the API
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

// eachAddress rests on the addresses of an observation at which lacks finds nothing lacking.
func eachAddress(over string, lacks func(probe.AddressResult) string) Basis {
	of := func(s *Survey) *probe.Observation {
		if over == OverHTTP {
			return &s.HTTP
		}
		return &s.HTTPS
	}
	return Basis{On: []string{over}, tells: func(s *Survey) (SkipReason, string) {
		o := of(s)
		if o.Outcome == reason.Unknown {
			return undecided(*o)
		}
		text := "the name has no address: " + o.Reason.String()
		for _, a := range o.Addresses {
			lacking := lacks(a)
			if lacking == "" {
				return "", ""
			}
			text = fmt.Sprintf("%s: %s", a.Address, lacking)
		}
		return Inconclusive, text
	}, part: func(s *Survey) (*Survey, string) {
		telling, lacking := *s, ""
		o := of(&telling)
		all := o.Addresses
		o.Addresses = nil
		for _, a := range all {
			if text := lacks(a); text == "" {
				o.Addresses = append(o.Addresses, a)
			} else if lacking == "" {
				lacking = fmt.Sprintf("%s: %s", a.Address, text)
			}
		}
		if o.DNS != nil && len(all) < len(o.DNS.Addresses) && lacking == "" {
			lacking = fmt.Sprintf("%d of its %d addresses were probed", len(all), len(o.DNS.Addresses))
		}
		return &telling, lacking
	}}
}

func undecided(o probe.Observation) (SkipReason, string) {
	if o.Reason == reason.ProberPrivateNetwork {
		return PrivateNetwork, o.Detail
	}
	return Inconclusive, o.Reason.String() + ": " + o.Detail
}
