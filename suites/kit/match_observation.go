package kit

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/onsi/gomega/gcustom"
	"github.com/onsi/gomega/types"

	"prober/probe"
	"prober/probe/command"
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

// HaveTimeLeft succeeds for an observation in which no certificate of any address is about
// to run out: each has a third of its lifetime left, or 30 days.
func HaveTimeLeft() types.GomegaMatcher {
	return because(gcustom.MakeMatcher(func(o probe.Observation) (bool, error) {
		if len(o.Addresses) == 0 {
			return false, fmt.Errorf("%s has no address", o.Endpoint.ID)
		}
		return len(runningOut(o)) == 0, nil
	}).WithTemplate("expected the certificates of {{.Actual.Endpoint.Host}} {{.To}} have a third of their lifetime left, or 30 days\n{{.Data.List .Actual}}", timeLeft{}), func(o probe.Observation) Cause {
		for _, a := range o.Addresses {
			if len(runningOutAt(o, a)) > 0 {
				return Cause{Reproduce: command.Chain(addrPort(o, a), o.Endpoint.Host, "Subject:|Not After")}
			}
		}
		return Cause{}
	})
}

// addrPort is where an address was asked.
func addrPort(o probe.Observation, a probe.AddressResult) netip.AddrPort {
	return netip.AddrPortFrom(a.Address, o.Endpoint.Port(o.Scheme))
}

type timeLeft struct{}

// List shows the certificates that run out.
func (timeLeft) List(o probe.Observation) string { return strings.Join(runningOut(o), "\n") }

// enoughTime is what is always enough time to renew a certificate in.
const enoughTime = 30 * 24 * time.Hour

func runningOut(o probe.Observation) []string {
	var out []string
	for _, a := range o.Addresses {
		out = append(out, runningOutAt(o, a)...)
	}
	return out
}

func runningOutAt(o probe.Observation, a probe.AddressResult) []string {
	if a.TLS == nil {
		return nil
	}
	var out []string
	for _, c := range a.TLS.Certificates {
		left := c.NotAfter.Sub(o.Started)
		if left < min(enoughTime, c.NotAfter.Sub(c.NotBefore)/3) {
			out = append(out, fmt.Sprintf("  %s: %q ends %s, %.0f days later", a.Address, c.Subject, c.NotAfter.Format(time.DateOnly), left.Hours()/24))
		}
	}
	return out
}

func observed(what string, is func(probe.Observation) bool) types.GomegaMatcher {
	return because(gcustom.MakeMatcher(func(o probe.Observation) (bool, error) { return is(o), nil }).
		WithTemplate("expected {{.Actual.Endpoint.Host}} over {{.Actual.Scheme}} {{.To}} {{.Data.What}}\n{{.Data.Seen .Actual}}", observedData{what}),
		func(o probe.Observation) Cause { return Cause{Reason: o.Reason, Reproduce: o.Reproduce} })
}

type observedData struct{ What string }

// Seen shows outcome, detail and reproduction of an observation.
func (observedData) Seen(o probe.Observation) string {
	text := fmt.Sprintf("  %s %s: %s", o.Outcome, o.Reason, o.Detail)
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
