package kit

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/onsi/gomega/gcustom"
	"github.com/onsi/gomega/types"

	"prober/catalog"
	"prober/probe"
	"prober/probe/command"
	"prober/probe/reason"
)

// BeHealthy succeeds for an observation in which requests are answered: by some address at
// all, and by no address with something that no other requirement judges. One address of
// several that takes no connection, or shows a bad certificate, is such another matter.
func BeHealthy() types.GomegaMatcher { return healthy("be healthy", nil) }

// AnswerOrLeadToHTTPS succeeds for an observation over plain HTTP that is healthy, or leads
// on to HTTPS at the same host.
func AnswerOrLeadToHTTPS() types.GomegaMatcher {
	return healthy("be healthy, or lead to HTTPS", LeadsToHTTPS)
}

// LeadsToHTTPS reports whether an address answers with a redirect to HTTPS at the host that
// was asked.
func LeadsToHTTPS(o probe.Observation, a probe.AddressResult) bool {
	if a.Reason != reason.VerifyRedirect || a.HTTP == nil {
		return false
	}
	u, err := url.Parse(a.HTTP.Location)
	return err == nil && u.Scheme == "https" && strings.EqualFold(u.Hostname(), o.Endpoint.Host)
}

func healthy(what string, excused func(probe.Observation, probe.AddressResult) bool) types.GomegaMatcher {
	return because(gcustom.MakeMatcher(func(o probe.Observation) (bool, error) {
		_, bad := unhealthy(o, excused)
		return !bad, nil
	}).WithTemplate("expected {{.Actual.Endpoint.Host}} over {{.Actual.Scheme}} {{.To}} {{.Data.What}}\n{{.Data.Seen .Actual}}", healthData{what, excused}),
		func(o probe.Observation) Cause {
			f, _ := unhealthy(o, excused)
			return Cause{Reason: f.Reason, Reproduce: f.Reproduce, unlessAnother: f.unlessAnother}
		})
}

type healthData struct {
	What    string
	excused func(probe.Observation, probe.AddressResult) bool
}

// Seen shows what is wrong, or that nothing is.
func (d healthData) Seen(o probe.Observation) string {
	f, bad := unhealthy(o, d.excused)
	if !bad {
		return fmt.Sprintf("  %s %s", o.Outcome, o.Detail)
	}
	text := fmt.Sprintf("  %s %s: %s", f.at, f.Reason, f.Detail)
	if f.Reproduce != "" {
		text += "\n  $ " + f.Reproduce
	}
	return text
}

// unhealthy returns what keeps requests from being answered.
func unhealthy(o probe.Observation, excused func(probe.Observation, probe.AddressResult) bool) (located, bool) {
	if len(o.Addresses) == 0 {
		return located{at: o.Endpoint.Host, Finding: reason.Finding{Reason: o.Reason, Detail: o.Detail, Reproduce: o.Reproduce}}, o.Outcome != reason.OK
	}
	usable := false
	for _, a := range o.Addresses {
		if excused != nil && excused(o, a) {
			usable = true
			continue
		}
		broken := false
		for _, f := range a.Findings {
			switch {
			case f.Reason.Outcome() != reason.Fail || f.Reason == reason.TLSVersionAccepted || f.Reason == reason.TLSVersionMissing:
			case judgedElsewhere(o.Scheme, f.Reason):
				broken = true
			default:
				return located{at: a.Address.String(), Finding: f}, true
			}
		}
		broken = broken || a.Outcome == reason.Fail && a.Phases.Reached < reason.Request && !onlyVersions(a)
		usable = usable || !broken && a.Outcome != reason.Unknown
	}
	if usable {
		return located{}, false
	}
	for _, a := range o.Addresses {
		for _, f := range a.Findings {
			return located{at: a.Address.String(), Finding: f, unlessAnother: true}, true
		}
	}
	return located{o.Endpoint.Host, reason.Finding{Reason: o.Reason, Detail: o.Detail, Reproduce: o.Reproduce}, true}, true
}

// onlyVersions reports whether nothing but protocol versions is wrong at an address.
func onlyVersions(a probe.AddressResult) bool {
	for _, f := range a.Findings {
		if f.Reason != reason.TLSVersionAccepted && f.Reason != reason.TLSVersionMissing {
			return false
		}
	}
	return true
}

// judgedElsewhere reports whether a requirement of its own is about a finding at one address.
// Over plain HTTP only those about where the name leads are.
func judgedElsewhere(over catalog.Scheme, r reason.Reason) bool {
	switch r {
	case reason.ResolveBogon, reason.ResolveNotPrivate:
		return true
	case reason.VerifyInvalidUTF8:
		return over != catalog.HTTP
	}
	return over != catalog.HTTP && (slices.Contains(ConnectionFaults(), r) || slices.Contains(CertificateFaults(), r) || slices.Contains(FramingFaults(), r))
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
			when := fmt.Sprintf("ends %s, in %.0f days", c.NotAfter.Format(time.DateOnly), left.Hours()/24)
			if left < 0 {
				when = "ended " + c.NotAfter.Format(time.DateOnly)
			}
			out = append(out, fmt.Sprintf("  %s: %q %s", a.Address, c.Subject, when))
		}
	}
	return out
}

// CertificateFaults are the reasons for which clients refuse a certificate.
func CertificateFaults() []reason.Reason { return reason.OfKind(reason.Certificate) }

// ConnectionFaults are the reasons for which no connection, or no handshake, comes about.
func ConnectionFaults() []reason.Reason { return reason.OfKind(reason.Connection) }

// FramingFaults are the reasons for which a reply is none of HTTP/1.1.
func FramingFaults() []reason.Reason { return reason.OfKind(reason.Framing) }
