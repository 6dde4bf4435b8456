// Package suspicion tells trouble of this machine's own network, resolver or clock from that of the
// endpoints: everything that can tell fails at once, across providers, or controls have shown it.
// The schedule asks it round by round, and commands that look once of all that they saw.
package suspicion

import (
	"slices"

	"prober/probe"
	"prober/probe/reason"
)

// Trouble is what one result says about the way between this prober and an endpoint.
type Trouble uint8

// The troubles.
const (
	Unasked     Trouble = iota // no result yet, or one that this process was too busy to come by: the next may tell
	Mute                       // the result says nothing about the way: it is unknown for another cause, or the name was denied while control names were not
	Reached                    // an answer came from beyond this prober's network
	Unresolved                 // the name does not resolve, for no reason that lies with the name alone
	Unconnected                // silence, or no way there
	CutOff                     // the connection is refused or reset
	Intercepted                // somebody answers who is not the endpoint
	OutOfTime                  // the certificate is not good at this time, by the prober's clock
	Unrouted                   // this machine has no way to an address of this family
	numTroubles
)

// Tells reports whether a result with this trouble is one that a broken network of the prober's
// causes.
func (t Trouble) Tells() bool { return t > Reached }

// Answered reports whether somebody said something, though it failed.
func (t Trouble) Answered() bool { return t == CutOff || t == Intercepted || t == OutOfTime }

// Reading is what one result says.
type Reading struct {
	Trouble Trouble
	Decided bool // controls have shown the trouble to be the prober's own
	// Beyond: a control takes connections, of which alone it can tell, and this failed beyond one.
	Beyond bool
	// Print is what an answer shows that all must share, if it is to be the prober's own trouble: one
	// who answers for all, or a time that suits no certificate.
	Print string
	// Stranger is who answers and can be nobody of the endpoint's; empty: nobody, or it cannot be told.
	Stranger string
}

// Read reads a result as the prober gave it.
func Read(o *probe.Observation) Reading {
	switch {
	case o.Lost():
		return Reading{Trouble: Unresolved, Decided: true}
	case o.Reason == reason.ProberVantageOffline:
		if t, _ := troubleBy(o.Before, o); t.Tells() {
			return Reading{Trouble: t, Decided: true}
		}
		return Reading{Trouble: Unconnected, Decided: true}
	case o.Reason == reason.ProberVantageNoIPv4, o.Reason == reason.ProberVantageNoIPv6:
		return Reading{Trouble: Unrouted}
	case o.Reason == reason.ProberStalled:
		return Reading{}
	case o.Outcome == reason.Unknown:
		return Reading{Trouble: Mute}
	case o.Outcome != reason.Fail:
		return Reading{Trouble: Reached}
	}
	t, print := troubleBy(o.Reason, o)
	r := Reading{Trouble: t, Print: print, Beyond: o.BeyondControl}
	if t == Intercepted {
		r.Stranger = strangerAt(o)
	}
	return r
}

// troubleBy reads the reason of a failure.
func troubleBy(why reason.Reason, o *probe.Observation) (t Trouble, print string) {
	if asksForLogin(o) {
		return Intercepted, "status 511"
	}
	switch why {
	case reason.ResolveTimeout, reason.ResolveServFail, reason.ResolveRefused, reason.ResolveBogon:
		return Unresolved, ""
	case reason.ConnectTimeout, reason.ConnectUnreachable, reason.TLSTimeout, reason.TLSHelloIntolerant, reason.RequestTimeout, reason.RequestWriteTimeout,
		reason.HeadersTimeout, reason.BodyTimeout, reason.TLSLost, reason.RequestLost, reason.HeadersLost, reason.BodyLost:
		return Unconnected, ""
	case reason.ConnectRefused, reason.ConnectReset, reason.TLSReset, reason.TLSEOF, reason.RequestReset, reason.RequestEOF,
		reason.HeadersReset, reason.HeadersEOF, reason.BodyReset:
		return CutOff, ""
	case reason.TLSCertHostname:
		return Intercepted, "certificate of " + issuerOf(o)
	case reason.TLSCertUntrusted, reason.TLSCertSelfSigned, reason.TLSCertIncompleteChain: // who stands between may make one for each host
		return Intercepted, "certificates of nobody who is trusted"
	case reason.TLSAlertHandshakeFailure, reason.TLSAlertInternalError, reason.TLSAlertUnrecognizedName, reason.TLSAlertNoApplicationProtocol,
		reason.TLSAlertAccessDenied, reason.TLSAlertInappropriateFallback, reason.TLSAlertOther, reason.TLSMalformed:
		return Intercepted, why.String()
	case reason.TLSCertExpired, reason.TLSCertNotYetValid:
		return OutOfTime, "certificates out of their time"
	case reason.TLSPlaintext, reason.VerifyRedirect, reason.VerifyNotAPI:
		return Intercepted, o.Reason.String() + " " + replyOf(o)
	}
	if why.Phase() == reason.Resolve {
		return Mute, ""
	}
	return Reached, ""
}

// issuerOf is the issuer of the first certificate that was shown.
func issuerOf(o *probe.Observation) string {
	for _, a := range o.Addresses {
		if a.TLS != nil && len(a.TLS.Certificates) > 0 {
			return a.TLS.Certificates[0].Issuer
		}
	}
	return ""
}

// replyOf is what tells one page from another.
func replyOf(o *probe.Observation) string {
	i := slices.IndexFunc(o.Addresses, func(a probe.AddressResult) bool { return a.HTTP != nil })
	if i < 0 {
		return ""
	}
	return o.Addresses[i].HTTP.ContentType
}
