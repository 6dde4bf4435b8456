package kit

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/onsi/gomega/types"

	"prober/probe"
	"prober/probe/command"
	"prober/probe/reason"
)

// HaveGoodCertificate succeeds for an address whose certificate clients accept.
func HaveGoodCertificate() types.GomegaMatcher {
	bad := slices.DeleteFunc(reason.OfKind(reason.Certificate), func(r reason.Reason) bool {
		return r == reason.TLSCertEndsSoon // clients accept it: it is a limit of the list's
	})
	unverified := []reason.Reason{reason.ProberCertUnsupported, reason.ProberTLSUnsupported, reason.ProberInternal}
	return showingNothing("wrong with the certificate", func(a Address) error {
		switch {
		case a.shows(bad):
		case a.certificateRead() != nil:
			return cannotTell("no certificate was shown: %s", a.Reason)
		case a.shows(unverified):
			return cannotTell("the certificate was not verified: %s", a.Reason)
		case a.Outcome == reason.Unknown && a.HTTP == nil:
			return cannotTell("%s: %s", a.Reason, a.Detail)
		}
		return nil
	}, Address.found, bad)
}

// HaveStrongKeys succeeds for an address none of whose certificates has a weak key or
// signature, and which does not have weak ciphers alone.
func HaveStrongKeys() types.GomegaMatcher {
	return showingNothing("weak", Address.certificateRead, Address.found, []reason.Reason{reason.TLSWeakKey, reason.TLSWeakSignature, reason.TLSWeakCipher})
}

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
	host := func(a Address) string { return "the certificates of " + a.host() }
	return matcher(host, "have a third of their lifetime left, or 30 days", func(a Address, s *seen) error {
		if err := a.certificateRead(); err != nil {
			return err
		}
		for _, c := range a.judgedForTime() {
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
		s.Reproduce = command.Chain(at, a.host(), "", "Subject:|Not After")
		s.fits = len(s.lines) == 0
		return nil
	})
}

// judgedForTime are the certificates that clients rely on to go on.
func (a Address) judgedForTime() []probe.Certificate {
	switch path := a.TLS.Path; len(path) {
	case 0:
		return a.TLS.Certificates
	case 1:
		return path
	default:
		return path[:len(path)-1] // the root is the client's own
	}
}
