package catalog

import (
	"slices"
	"time"
)

// TLSVersion is a protocol version, from "SSLv2" to "TLS1.3".
type TLSVersion string

// The protocol versions, oldest first; see [TLSVersions].
const (
	SSLv2 TLSVersion = "SSLv2"
	SSLv3 TLSVersion = "SSLv3"
	TLS10 TLSVersion = "TLS1.0"
	TLS11 TLSVersion = "TLS1.1"
	TLS12 TLSVersion = "TLS1.2"
	TLS13 TLSVersion = "TLS1.3"
)

// TLSVersions lists the protocol versions, oldest first.
func TLSVersions() []TLSVersion { return []TLSVersion{SSLv2, SSLv3, TLS10, TLS11, TLS12, TLS13} }

// Expectation is what a rule expects of one protocol version.
type Expectation string

// The expectations.
const (
	// Required: clients that rely on the document must be able to connect with it.
	Required Expectation = "required"
	// Allowed: both accepting and rejecting keep the rule.
	Allowed Expectation = "allowed"
	// Refused: accepting it breaks the rule.
	Refused Expectation = "refused"
	// Reported: no document speaks of it; what is seen is written down.
	Reported Expectation = "reported"
)

// Expectations lists the expectations.
func Expectations() []Expectation { return []Expectation{Required, Allowed, Refused, Reported} }

// TLSRule is the expectation of one protocol version, for all regions or some, always
// or from an instant on. Of several rules that apply, the last in the list wins.
type TLSRule struct {
	Rule
	Version TLSVersion  `json:"version"`
	Expect  Expectation `json:"expect"`
	From    *time.Time  `json:"from,omitempty"`    // nil: always; RFC 3339 with an offset in the file
	Regions []string    `json:"regions,omitempty"` // empty: all
}

// AppliesTo reports whether r speaks of region at the instant at. The instant From
// itself is within the rule.
func (r TLSRule) AppliesTo(region string, at time.Time) bool {
	return (r.From == nil || !at.Before(*r.From)) &&
		(len(r.Regions) == 0 || slices.Contains(r.Regions, region))
}

// TLSExpectation returns what p's rules expect of version v in a region at an instant,
// and the rule that says so. Where no rule applies it is [Reported] and the zero rule.
func (p Product) TLSExpectation(v TLSVersion, region string, at time.Time) (Expectation, TLSRule) {
	for _, r := range slices.Backward(p.Rules.TLS) {
		if r.Version == v && r.AppliesTo(region, at) {
			return r.Expect, r
		}
	}
	return Reported, TLSRule{}
}

// TLSVersionsServed lists the versions that a faithful imitation of p serves in a region
// at an instant, oldest first: what is required and allowed, and TLS 1.2 and 1.3, which
// every server of today has, unless a rule refuses them.
func (p Product) TLSVersionsServed(region string, at time.Time) []TLSVersion {
	var served []TLSVersion
	for _, v := range TLSVersions() {
		switch e, _ := p.TLSExpectation(v, region, at); {
		case e == Required, e == Allowed, e == Reported && (v == TLS12 || v == TLS13):
			served = append(served, v)
		}
	}
	return served
}
