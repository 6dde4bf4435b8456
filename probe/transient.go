package probe

import (
	"slices"

	"prober/probe/reason"
)

// Transient reports whether something failed, at any address, for a reason of the network.
func (o *Observation) Transient() bool {
	return o.failed(func(a AddressResult) bool { return mayPass(a.Reason) })
}

// Passing reports whether something failed, at any address, that may be gone at the next attempt.
func (o *Observation) Passing() bool {
	return o.failed(func(a AddressResult) bool { return a.mayPass(a.Reason) })
}

func (o *Observation) failed(is func(AddressResult) bool) bool {
	return o.Outcome != reason.OK && (slices.ContainsFunc(o.Addresses, is) || o.Reason.Transient())
}

// Broken are the findings, of the name, by its resolvers and at its addresses, that another
// attempt would show as well: the network has no part in them, and neither have we.
func (o *Observation) Broken() []reason.Reason {
	var broken []reason.Reason
	add := func(a AddressResult) {
		for _, f := range a.Findings {
			if !a.mayPass(f.Reason) && f.Reason.Outcome() != reason.Unknown {
				broken = append(broken, f.Reason)
			}
		}
	}
	add(AddressResult{Findings: o.Findings})
	for _, v := range o.Resolvers {
		if v.Outcome == reason.Fail {
			add(AddressResult{Findings: []reason.Finding{{Reason: v.Reason}}})
		}
	}
	for _, a := range o.Addresses {
		add(a)
	}
	return broken
}

// mayPass reports whether a finding at an address may be gone at the next attempt. A failure that
// the API has no word in is that of a hop before it.
func (a AddressResult) mayPass(r reason.Reason) bool {
	return mayPass(r) || r == reason.VerifyServerError && a.HTTP != nil && a.HTTP.API == nil
}

// mayPass is about reasons of the network. Where the server had asked for a client certificate, a
// connection that was reset by chance is taken for its answer.
func mayPass(r reason.Reason) bool { return r.Transient() || r == reason.TLSClientCertRequired }
