package kit

import (
	"fmt"
	"strings"
	"time"

	"github.com/onsi/gomega/gcustom"
	"github.com/onsi/gomega/types"

	"prober/catalog"
	"prober/probe"
	"prober/probe/hello"
	"prober/probe/reason"
)

// BeHealthy succeeds for an observation that is ok, or whose finding other requirements
// judge: degraded, or a protocol version.
func BeHealthy() types.GomegaMatcher {
	return observed("be healthy", func(o probe.Observation) bool {
		return o.Outcome == reason.OK || o.Outcome == reason.Degraded ||
			o.Reason == reason.TLSVersionAccepted || o.Reason == reason.TLSVersionMissing
	})
}

// BeResolved succeeds for an observation whose name led to addresses.
func BeResolved() types.GomegaMatcher {
	return observed("be resolved", func(o probe.Observation) bool { return o.DNS != nil && len(o.DNS.Addresses) > 0 })
}

// ResolveInBothFamilies succeeds for an observation whose lookups of A and AAAA records both
// came to an answer, which may be that there is none.
func ResolveInBothFamilies() types.GomegaMatcher {
	return observed("be answered for both address families", func(o probe.Observation) bool {
		return o.DNS != nil && (o.DNS.Outcome != reason.Degraded || o.DNS.Reason == reason.ResolveHijacked)
	})
}

// ResolveAlike succeeds for an observation in which no resolver contradicts the first.
func ResolveAlike() types.GomegaMatcher {
	return observed("be answered alike by every resolver", func(o probe.Observation) bool { return !contradicted(o) })
}

// contradicted reports whether the first resolver's lookup was fine and another's was not.
func contradicted(o probe.Observation) bool { return o.Contradiction != nil }

// HaveTTLBetween succeeds for an observation whose records may be kept at least and at most
// so long.
func HaveTTLBetween(least, most time.Duration) types.GomegaMatcher {
	return gcustom.MakeMatcher(func(o probe.Observation) (bool, error) {
		if o.DNS == nil || len(o.DNS.Addresses) == 0 {
			return false, fmt.Errorf("%s has no records", o.Endpoint.ID)
		}
		return least <= o.DNS.MinTTL && o.DNS.MinTTL <= most, nil
	}).WithTemplate("expected {{.Actual.Endpoint.Host}} {{.To}} have a TTL from {{.Data.Least}} to {{.Data.Most}}\n  it is {{.Actual.DNS.MinTTL}}",
		struct{ Least, Most time.Duration }{least, most})
}

// HaveTimeLeft succeeds for an observation in which no certificate of any address is about
// to run out: each has a third of its lifetime left, or 30 days.
func HaveTimeLeft() types.GomegaMatcher {
	return gcustom.MakeMatcher(func(o probe.Observation) (bool, error) {
		if len(o.Addresses) == 0 {
			return false, fmt.Errorf("%s has no address", o.Endpoint.ID)
		}
		return len(runningOut(o)) == 0, nil
	}).WithTemplate("expected the certificates of {{.Actual.Endpoint.Host}} {{.To}} have a third of their lifetime left, or 30 days\n{{.Data.List .Actual}}", timeLeft{})
}

type timeLeft struct{}

// List shows the certificates that run out.
func (timeLeft) List(o probe.Observation) string { return strings.Join(runningOut(o), "\n") }

// enoughTime is what is always enough time to renew a certificate in.
const enoughTime = 30 * 24 * time.Hour

func runningOut(o probe.Observation) []string {
	var out []string
	for _, a := range o.Addresses {
		if a.TLS == nil {
			continue
		}
		for _, c := range a.TLS.Certificates {
			left := c.NotAfter.Sub(o.Started)
			if left < min(enoughTime, c.NotAfter.Sub(c.NotBefore)/3) {
				out = append(out, fmt.Sprintf("  %s: %q ends %s, %.0f days later", a.Address, c.Subject, c.NotAfter.Format(time.DateOnly), left.Hours()/24))
			}
		}
	}
	return out
}

// AgreeOnVersions succeeds for an observation whose addresses accept the same protocol
// versions. What could not be decided at one of them disagrees with nothing.
func AgreeOnVersions() types.GomegaMatcher {
	return gcustom.MakeMatcher(func(o probe.Observation) (bool, error) {
		if len(o.Addresses) == 0 {
			return false, fmt.Errorf("%s has no address", o.Endpoint.ID)
		}
		return len(disagreements(o)) == 0, nil
	}).WithTemplate("expected the addresses of {{.Actual.Endpoint.Host}} {{.To}} accept the same protocol versions\n{{.Data.List .Actual}}", disagreeing{})
}

type disagreeing struct{}

// List shows the versions that addresses disagree on.
func (disagreeing) List(o probe.Observation) string { return strings.Join(disagreements(o), "\n") }

func disagreements(o probe.Observation) []string {
	var out []string
	for _, v := range catalog.TLSVersions() {
		var seen [3]bool
		for _, a := range o.Addresses {
			if r, ok := versionAt(a, v); ok {
				seen[r.Verdict] = true
			}
		}
		if seen[hello.Accepted] && seen[hello.Rejected] {
			out = append(out, fmt.Sprintf("  %s: %s", v, verdicts(&Survey{HTTPS: o}, v)))
		}
	}
	return out
}

func observed(what string, is func(probe.Observation) bool) types.GomegaMatcher {
	return gcustom.MakeMatcher(func(o probe.Observation) (bool, error) { return is(o), nil }).
		WithTemplate("expected {{.Actual.Endpoint.Host}} over {{.Actual.Scheme}} {{.To}} {{.Data.What}}\n{{.Data.Seen .Actual}}", observedData{what})
}

type observedData struct{ What string }

// Seen shows outcome, detail and reproduction of an observation.
func (observedData) Seen(o probe.Observation) string {
	text := fmt.Sprintf("  %s %s: %s", o.Outcome, o.Reason, o.Detail)
	if c := o.Contradiction; c != nil {
		text += fmt.Sprintf("\n  resolver %s says %s: %s", c.Resolver, c.Reason, c.Detail)
	}
	if o.Reproduce != "" {
		text += "\n  $ " + o.Reproduce
	}
	return text
}

// CertificateFaults are the reasons for which clients refuse a certificate.
func CertificateFaults() []reason.Reason {
	return []reason.Reason{
		reason.TLSCertExpired, reason.TLSCertNotYetValid, reason.TLSCertHostname, reason.TLSCertSelfSigned, reason.TLSCertUntrusted,
		reason.TLSCertIncompleteChain, reason.TLSCertUsage, reason.TLSCertRevoked, reason.TLSCertMalformed,
	}
}

// ConnectionFaults are the reasons for which no connection, or no handshake, comes about.
func ConnectionFaults() []reason.Reason {
	return []reason.Reason{
		reason.ConnectRefused, reason.ConnectTimeout, reason.ConnectUnreachable, reason.ConnectReset,
		reason.TLSTimeout, reason.TLSReset, reason.TLSEOF, reason.TLSPlaintext, reason.TLSMalformed, reason.TLSVersion,
		reason.TLSAlertHandshakeFailure, reason.TLSAlertInternalError, reason.TLSAlertUnrecognizedName,
		reason.TLSAlertNoApplicationProtocol, reason.TLSAlertAccessDenied, reason.TLSAlertInappropriateFallback,
		reason.TLSAlertOther, reason.TLSClientCertRequired, reason.TLSHelloIntolerant,
	}
}

// FramingFaults are the reasons for which a reply is none of HTTP/1.1.
func FramingFaults() []reason.Reason {
	return []reason.Reason{
		reason.HeadersTooLarge, reason.HeadersTooManyInformational, reason.HeadersBadStatus, reason.HeadersMalformed,
		reason.HeadersBareLF, reason.HeadersBadLength, reason.HeadersConflictingLength, reason.HeadersProtocol,
		reason.BodyTruncated, reason.BodyTooLarge, reason.BodyBadEncoding, reason.BodyBadChunking,
		reason.VerifySurplusBytes, reason.VerifySmugglingAmbiguous,
	}
}
