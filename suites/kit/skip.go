package kit

import (
	"fmt"

	"prober/catalog"
	"prober/probe"
	"prober/probe/hello"
	"prober/probe/reason"
)

// SkipReason is the word that the text of a skipped spec begins with, so that reports can
// group them.
type SkipReason string

// The vocabulary of skipped specs.
const (
	// NotSelected: the selection names no endpoint of this product.
	NotSelected SkipReason = "not-selected"
	// NotActive: the endpoint is closed or doubtful; what was seen is written down.
	NotActive SkipReason = "not-active"
	// PrivateNetwork: the endpoint can only be reached from inside the provider's network.
	PrivateNetwork SkipReason = "private-network"
	// Inconclusive: the survey could not tell.
	Inconclusive SkipReason = "inconclusive"
	// NotApplicable: the catalogue expects nothing here.
	NotApplicable SkipReason = "not-applicable"
)

func (r SkipReason) because(text string) string { return string(r) + ": " + text }

// Given says what a spec needs of a survey: it returns the text to skip with, or "" when
// the survey can tell.
type Given func(s *Survey) string

// Looked needs a lookup that came to a verdict.
func Looked(s *Survey) string {
	if l := s.HTTPS.DNS; l == nil || l.Outcome == reason.Unknown {
		return undecided(s.HTTPS)
	}
	return ""
}

// Decided needs a verdict over HTTPS.
func Decided(s *Survey) string {
	if s.HTTPS.Outcome == reason.Unknown {
		return undecided(s.HTTPS)
	}
	return ""
}

// DecidedHTTP needs a verdict over plain HTTP.
func DecidedHTTP(s *Survey) string {
	if s.HTTP.Outcome == reason.Unknown || s.HTTP.Reason.Phase() == reason.Resolve {
		return undecided(s.HTTP)
	}
	return ""
}

// ShownCertificate needs a certificate from every address.
func ShownCertificate(s *Survey) string {
	if why := Decided(s); why != "" {
		return why
	}
	for _, a := range s.HTTPS.Addresses {
		if a.TLS == nil || len(a.TLS.Certificates) == 0 {
			return Inconclusive.because(fmt.Sprintf("%s showed no certificate: %s", a.Address, a.Reason))
		}
	}
	return noAddress(s)
}

// Replied needs an HTTP reply from every address.
func Replied(s *Survey) string {
	if why := Decided(s); why != "" {
		return why
	}
	for _, a := range s.HTTPS.Addresses {
		if a.HTTP == nil {
			return Inconclusive.because(fmt.Sprintf("%s sent no reply: %s", a.Address, a.Reason))
		}
	}
	return noAddress(s)
}

// VersionDecided needs a verdict on a protocol version from every address.
func VersionDecided(v catalog.TLSVersion) Given {
	return func(s *Survey) string {
		if why := Decided(s); why != "" {
			return why
		}
		for _, a := range s.HTTPS.Addresses {
			r, ok := versionAt(a, v)
			if !ok || r.Verdict == hello.Inconclusive {
				return Inconclusive.because(fmt.Sprintf("%s at %s: %s", v, a.Address, r.Evidence))
			}
		}
		return noAddress(s)
	}
}

func noAddress(s *Survey) string {
	if len(s.HTTPS.Addresses) == 0 {
		return Inconclusive.because("the name has no address: " + s.HTTPS.Reason.String())
	}
	return ""
}

func undecided(o probe.Observation) string {
	if o.Reason == reason.ProberPrivateNetwork {
		return PrivateNetwork.because(o.Detail)
	}
	return Inconclusive.because(o.Reason.String() + ": " + o.Detail)
}
