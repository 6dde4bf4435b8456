package kit

import (
	"fmt"

	"prober/catalog"
	"prober/probe"
	"prober/probe/hello"
	"prober/probe/reason"
)

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
		if why, text := undemandedFamily(s.HTTPS); why != "" {
			return why, text
		}
		return "", "" // a name without addresses answers nothing
	})
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

// Connected rests on every address having been dialled, with some verdict.
func Connected() Basis {
	return eachAddress(OverHTTPS, func(a probe.AddressResult) string {
		switch {
		case a.Outcome == reason.Unknown, a.Phases.Reached < reason.Connect:
			return a.Reason.String() + ": " + a.Detail
		case a.Reason == reason.TLSWeakKey && a.Outcome == reason.Fail: // it is this client that will not shake hands
			return "the handshake was given up: " + a.Detail
		}
		return ""
	})
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
		if why, text := undemandedFamily(*o); why != "" {
			return why, text
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
