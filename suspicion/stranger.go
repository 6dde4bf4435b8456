package suspicion

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"prober/probe"
	"prober/probe/reason"
)

// strangerAt says who answers in place of an endpoint, where it can be nobody of its provider's: who
// shows a certificate of other zones that nobody trusted has signed, leads to a host of another zone,
// or asks for a login to the network; empty where it may be the endpoint's own mistake. The same
// one in place of endpoints far from each other stands between them and the prober.
func strangerAt(o *probe.Observation) string {
	if asksForLogin(o) {
		return "status 511"
	}
	zone := probe.ZoneOf(o.Endpoint.Host)
	for _, a := range o.Addresses {
		switch {
		case a.TLS != nil && len(a.TLS.Certificates) > 0 && !a.TLS.Verified:
			leaf := a.TLS.Certificates[0]
			foreign := !slices.ContainsFunc(leaf.DNSNames, func(name string) bool {
				return probe.ZoneOf(strings.TrimPrefix(strings.ToLower(name), "*.")) == zone
			})
			if leaf.SHA256 != "" && foreign && slices.ContainsFunc(a.Findings, untrusted) {
				return "certificate " + leaf.SHA256
			}
		case a.HTTP != nil && a.Reason == reason.VerifyRedirect:
			if to, err := url.Parse(a.HTTP.Location); err == nil && to.Hostname() != "" && probe.ZoneOf(to.Hostname()) != zone {
				return "host " + to.Hostname()
			}
		}
	}
	return ""
}

// untrusted reports whether a finding is that nobody trusted has signed a certificate.
func untrusted(f reason.Finding) bool {
	switch f.Reason {
	case reason.TLSCertUntrusted, reason.TLSCertSelfSigned, reason.TLSCertIncompleteChain:
		return true
	}
	return false
}

// asksForLogin reports whether a reply came with the status by which a network on the way, and never
// the server, asks for a login (RFC 6585, section 6).
func asksForLogin(o *probe.Observation) bool {
	return slices.ContainsFunc(o.Addresses, func(a probe.AddressResult) bool {
		return a.HTTP != nil && a.HTTP.Status == http.StatusNetworkAuthenticationRequired
	})
}
