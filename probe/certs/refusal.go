package certs

import (
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"prober/probe/reason"
)

// Policies is in findings about certificate policies, which openssl looks at only when told to.
const Policies = "invalid policies"

// refusal says what crypto/x509 found wrong with a line whose signatures verify, if that is
// what it told. Dates, of a root that was not sent, count only if they are wrong now.
func refusal(err error, l line, now time.Time) (f reason.Finding, told bool) {
	var invalid x509.CertificateInvalidError
	if errors.As(err, &invalid) {
		if invalid.Reason == x509.Expired {
			return dateFinding([]*x509.Certificate{invalid.Cert}, now), true
		}
		return reason.TLSCertUsage.Found(invalidText(invalid)), true
	}
	if errors.As(err, new(x509.UnhandledCriticalExtension)) {
		return reason.TLSCertUsage.Found(criticalText(l)), true
	}
	return reason.Finding{}, false
}

// invalidText says in a sentence why crypto/x509 takes no path through a certificate: its own
// words name neither the certificate that demands something nor what.
func invalidText(invalid x509.CertificateInvalidError) string {
	c := invalid.Cert
	switch {
	case strings.Contains(invalid.Detail, Policies):
		return fmt.Sprintf("%s comes by a chain with %s: one of its certificates demands certificate policies that the others lack (RFC 5280, section 6.1)", shortName(c), Policies)
	case invalid.Reason == x509.TooManyIntermediates:
		return fmt.Sprintf("the path length constraint of %s permits %s below it, and the chain has more", shortName(c), authorities(c.MaxPathLen))
	}
	return fmt.Sprintf("%s: %v", shortName(c), trimmed(invalid))
}

func authorities(n int) string {
	switch n {
	case 0:
		return "no authority"
	case 1:
		return "one authority"
	}
	return fmt.Sprintf("%d authorities", n)
}

// criticalText names the certificate of a line with a critical extension that crypto/x509 does
// not know, and the extension.
func criticalText(l line) string {
	for _, c := range whole(l) {
		if len(c.UnhandledCriticalExtensions) > 0 {
			return fmt.Sprintf("%s has the critical extension %s, which is not known here", shortName(c), c.UnhandledCriticalExtensions[0])
		}
	}
	return "a certificate has a critical extension that is not known"
}

// whole is a line with the trusted root that its topmost certificate leads to.
func whole(l line) []*x509.Certificate {
	if l.anchor == nil || slices.Contains(l.certs, l.anchor) {
		return l.certs
	}
	return append(slices.Clip(l.certs), l.anchor)
}
