package monitor

import (
	"net/netip"
	"slices"
	"time"

	"prober/catalog"
	"prober/limit"
	"prober/monitor/phrase"
	"prober/monitor/view"
	"prober/probe"
	"prober/probe/hello"
	"prober/prose"
)

// addressesOf reads the results of the first few addresses. Each address is there once,
// because it becomes a label.
func addressesOf(results []probe.AddressResult) []view.AddressStatus {
	kept := make([]view.AddressStatus, 0, min(len(results), limit.Addresses))
	for _, r := range results {
		address := r.Address.Unmap().WithZone("")
		known := slices.ContainsFunc(kept, func(a view.AddressStatus) bool { return a.Address == address })
		if len(kept) == limit.Addresses || known || !address.IsValid() {
			continue
		}
		a := view.AddressStatus{Address: address, Outcome: r.Outcome, Reason: r.Reason, Phases: r.Phases}
		if r.HTTP != nil {
			a.Hops = r.HTTP.Hops
		}
		kept = append(kept, a)
	}
	return kept
}

// family returns "4" or "6".
func family(a netip.Addr) string {
	if a.Is4() {
		return "4"
	}
	return "6"
}

// certificateOf reads the certificates of every address: no parsed chain is kept, which would
// cost kilobytes. It returns false when none showed any; a bad certificate has its facts all
// the same.
func certificateOf(o *probe.Observation) (c view.CertificateStatus, seen bool) {
	c.Seen, c.Verified = view.UTC(o.Started), true
	paths := true // at every address
	for _, a := range o.Addresses {
		if a.TLS == nil || len(a.TLS.Certificates) == 0 {
			continue
		}
		for _, sent := range a.TLS.Certificates {
			c.ChainNotAfter = earlier(c.ChainNotAfter, view.UTC(sent.NotAfter))
		}
		leaf := a.TLS.Certificates[0]
		if !seen || leaf.NotAfter.Before(c.NotAfter) {
			c.NotAfter = view.UTC(leaf.NotAfter)
			c.SHA256, c.Subject, c.Issuer = phrase.Clean(leaf.SHA256), phrase.Clean(leaf.Subject), phrase.Clean(leaf.Issuer)
		}
		if !seen || leaf.NotBefore.After(c.NotBefore) {
			c.NotBefore = view.UTC(leaf.NotBefore)
		}
		seen = true
		c.Verified = c.Verified && a.TLS.Verified
		paths = paths && len(a.TLS.Path) > 0
		for _, needed := range a.TLS.Path {
			if end := view.UTC(needed.NotAfter); c.PathNotAfter.IsZero() || end.Before(c.PathNotAfter) {
				c.PathNotAfter, c.PathNotBefore = end, view.UTC(needed.NotBefore)
			}
		}
	}
	if !paths {
		c.PathNotAfter, c.PathNotBefore = time.Time{}, time.Time{}
	}
	return c, seen
}

// earlier is the earlier of two times, of which the first may not be known yet.
func earlier(t, other time.Time) time.Time {
	if t.IsZero() || other.Before(t) {
		return other
	}
	return t
}

// versionVotes count, for each version of [catalog.TLSVersions], the addresses that accepted and
// rejected it. The zero value says that nothing was decided, as when the endpoint could not be
// reached.
type versionVotes [6]view.Votes

// byName are the votes by the names of the versions; nil where nothing was decided.
func (votes versionVotes) byName() map[catalog.TLSVersion]view.Votes {
	if votes == (versionVotes{}) {
		return nil
	}
	named := make(map[catalog.TLSVersion]view.Votes, len(votes))
	for v, name := range catalog.TLSVersions() {
		named[name] = votes[v]
	}
	return named
}

// versionVotesOf reads the version tables of every address.
func versionVotesOf(o *probe.Observation) (votes versionVotes) {
	for _, a := range o.Addresses {
		if a.TLS == nil || a.TLS.Versions == nil {
			continue
		}
		for v, r := range a.TLS.Versions {
			switch r.Verdict {
			case hello.Accepted:
				votes[v].Accepted++
			case hello.Rejected:
				votes[v].Rejected++
			case hello.Inconclusive:
			}
		}
	}
	return votes
}

// cleanCommand is a command fit for pages, whole or not at all: half of one does something else.
func cleanCommand(s string) string {
	if len(s) > limit.ShownCommand {
		return ""
	}
	return prose.Line(s)
}
