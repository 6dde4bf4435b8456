package monitor

import (
	"slices"

	"prober/probe"
	"prober/probe/reason"
)

// trouble is what one result says about the way between this prober and an endpoint.
type trouble uint8

const (
	unasked     trouble = iota // no result yet
	mute                       // the result says nothing about the way: it is unknown for another cause, or the name was denied while control names were not
	reached                    // an answer came from beyond this prober's network
	unresolved                 // the name does not resolve, for no reason that lies with the name alone
	unconnected                // silence, or no way there
	cutOff                     // the connection is refused or reset
	intercepted                // somebody answers who is not the endpoint
	outOfTime                  // the certificate is not good at this time, by the prober's clock
	numTroubles
)

// tells reports whether a result with this trouble is one that a broken network of the prober's
// causes.
func (t trouble) tells() bool { return t > reached }

// troubleOf reads a result as the prober gave it. decided tells that controls have shown the
// trouble to be the prober's own. print is what an answer shows that all must share, if it is to be
// the prober's own trouble: one who answers for all, or a time that suits no certificate.
func troubleOf(o *probe.Observation) (t trouble, decided bool, print string) {
	switch {
	case o.Reason == reason.ProberResolverUnavailable:
		return unresolved, true, ""
	case o.Reason == reason.ProberVantageOffline:
		if t, _ := troubleBy(o.Before, o); t.tells() {
			return t, true, ""
		}
		return unconnected, true, ""
	case o.Outcome == reason.Unknown:
		return mute, false, ""
	case o.Outcome != reason.Fail:
		return reached, false, ""
	}
	t, print = troubleBy(o.Reason, o)
	return t, false, print
}

// troubleBy reads the reason of a failure.
func troubleBy(why reason.Reason, o *probe.Observation) (t trouble, print string) {
	switch why {
	case reason.ResolveTimeout, reason.ResolveServFail, reason.ResolveRefused, reason.ResolveBogon:
		return unresolved, ""
	case reason.ConnectTimeout, reason.ConnectUnreachable, reason.TLSTimeout, reason.TLSHelloIntolerant, reason.RequestTimeout, reason.RequestWriteTimeout,
		reason.HeadersTimeout, reason.BodyTimeout:
		return unconnected, ""
	case reason.ConnectRefused, reason.ConnectReset, reason.TLSReset, reason.TLSEOF, reason.RequestReset, reason.RequestEOF,
		reason.HeadersReset, reason.HeadersEOF, reason.BodyReset:
		return cutOff, ""
	case reason.TLSCertHostname, reason.TLSCertUntrusted, reason.TLSCertSelfSigned, reason.TLSCertIncompleteChain:
		return intercepted, "certificate of " + issuerOf(o)
	case reason.TLSCertExpired, reason.TLSCertNotYetValid:
		return outOfTime, "certificates out of their time"
	case reason.TLSPlaintext, reason.VerifyRedirect, reason.VerifyNotAPI:
		return intercepted, o.Reason.String() + " " + replyOf(o)
	}
	if why.Phase() == reason.Resolve {
		return mute, ""
	}
	return reached, ""
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
