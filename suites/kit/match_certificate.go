package kit

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/onsi/gomega/types"

	"prober/probe/command"
	"prober/probe/reason"
)

// HaveGoodCertificate succeeds for an address whose certificate clients accept.
func HaveGoodCertificate() types.GomegaMatcher {
	unverified := []reason.Reason{reason.ProberCertUnsupported, reason.ProberTLSUnsupported, reason.ProberInternal}
	return showingNothing("wrong with the certificate", func(a Address) error {
		switch {
		case a.shows(reason.OfKind(reason.Certificate)):
			return nil
		case a.certificateRead() != nil:
			return cannotTell("no certificate was shown: %s", a.Reason)
		case a.shows(unverified):
			return cannotTell("the certificate was not verified: %s", a.Reason)
		}
		return nil
	}, Address.found, reason.OfKind(reason.Certificate))
}

// HaveStrongKeys succeeds for an address none of whose certificates has a weak key or
// signature.
func HaveStrongKeys() types.GomegaMatcher {
	return showingNothing("weak", Address.certificateRead, Address.found, []reason.Reason{reason.TLSWeakKey, reason.TLSWeakSignature})
}

// certificateRead says why there is no certificate to judge.
func (a Address) certificateRead() error {
	if a.TLS == nil || len(a.TLS.Certificates) == 0 {
		return cannotTell("no certificate could be read: %s", a.Reason)
	}
	return nil
}

// enoughTime is what is always enough time to renew a certificate in.
const enoughTime = 30 * 24 * time.Hour

// HaveTimeLeft succeeds for an address whose verified path is not about to run out: each
// certificate below the root has a third of its lifetime left, or 30 days. Certificates that no
// path needs, such as cross-signed roots, may end. Where no path verified, all are looked at.
func HaveTimeLeft() types.GomegaMatcher {
	return matcher[Address]{
		subject: func(a Address) string { return "the certificates of " + a.Of.Endpoint.Host },
		wants:   "have a third of their lifetime left, or 30 days",
		look: func(a Address) (s seen, ok bool, err error) {
			if err := a.certificateRead(); err != nil {
				return s, false, err
			}
			path := a.TLS.Path
			if len(path) > 1 {
				path = path[:len(path)-1]
			} else if len(path) == 0 {
				path = a.TLS.Certificates
			}
			for _, c := range path {
				left := c.NotAfter.Sub(a.Of.Started)
				if left >= min(enoughTime, c.NotAfter.Sub(c.NotBefore)/3) {
					continue
				}
				when := fmt.Sprintf("ends %s, in %.0f days", c.NotAfter.Format(time.DateOnly), left.Hours()/24)
				if left < 0 {
					when = "ended " + c.NotAfter.Format(time.DateOnly)
				}
				s.addf("%s: %q %s", a.Address, c.Subject, when)
			}
			at := netip.AddrPortFrom(a.Address, a.Of.Endpoint.Port(a.Of.Scheme))
			s.Reproduce = command.Chain(at, a.Of.Endpoint.Host, "Subject:|Not After")
			return s, len(s.lines) == 0, nil
		},
	}
}
