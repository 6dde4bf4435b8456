package monitor

import (
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode"

	"prober/catalog"
	"prober/limit"
	"prober/probe"
	"prober/probe/hello"
	"prober/probe/reason"
	"prober/prose"
)

// maxText bounds each text that comes from the wire, in bytes.
const maxText = 300

// addressesOf reads the results of the first few addresses. Each address is there once,
// because it becomes a label.
func addressesOf(results []probe.AddressResult) []AddressStatus {
	kept := make([]AddressStatus, 0, min(len(results), limit.Addresses))
	for _, r := range results {
		address := r.Address.Unmap().WithZone("")
		known := slices.ContainsFunc(kept, func(a AddressStatus) bool { return a.Address == address })
		if len(kept) == limit.Addresses || known || !address.IsValid() {
			continue
		}
		a := AddressStatus{Address: address, Outcome: r.Outcome, Reason: r.Reason, phases: r.Phases}
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

// microsIn is the time of a phase in microseconds; 0 where it was not reached.
func microsIn(p probe.Phases, phase reason.Phase) uint32 {
	d, _ := p.Took(phase)
	return micros(d)
}

// certificateOf reads the certificates of every address: no parsed chain is kept, which would
// cost kilobytes. It returns false when none showed any; a bad certificate has its facts all
// the same.
func certificateOf(o *probe.Observation) (c CertificateStatus, seen bool) {
	c.Seen, c.Verified = utc(o.Started), true
	paths := true // at every address
	for _, a := range o.Addresses {
		if a.TLS == nil || len(a.TLS.Certificates) == 0 {
			continue
		}
		for _, sent := range a.TLS.Certificates {
			c.ChainNotAfter = earlier(c.ChainNotAfter, utc(sent.NotAfter))
		}
		leaf := a.TLS.Certificates[0]
		if !seen || leaf.NotAfter.Before(c.NotAfter) {
			c.NotAfter = utc(leaf.NotAfter)
			c.SHA256, c.Subject, c.Issuer = Clean(leaf.SHA256), Clean(leaf.Subject), Clean(leaf.Issuer)
		}
		if !seen || leaf.NotBefore.After(c.NotBefore) {
			c.NotBefore = utc(leaf.NotBefore)
		}
		seen = true
		c.Verified = c.Verified && a.TLS.Verified
		paths = paths && len(a.TLS.Path) > 0
		for _, needed := range a.TLS.Path {
			if end := utc(needed.NotAfter); c.PathNotAfter.IsZero() || end.Before(c.PathNotAfter) {
				c.PathNotAfter, c.PathNotBefore = end, utc(needed.NotBefore)
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
type versionVotes [6]Votes

// byName are the votes by the names of the versions; nil where nothing was decided.
func (votes versionVotes) byName() map[catalog.TLSVersion]Votes {
	if votes == (versionVotes{}) {
		return nil
	}
	named := make(map[catalog.TLSVersion]Votes, len(votes))
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

// Clean makes text from the wire fit for logs, pages and labels: valid UTF-8, on one
// line, without control characters, of bounded length.
func Clean(s string) string {
	if len(s) <= maxText && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
		return s // nearly always
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if len(s) <= maxText {
		return s
	}
	return strings.ToValidUTF8(s[:maxText-len("…")], "") + "…" // without part of a character
}

// cleanCommand is a command fit for pages, whole or not at all: half of one does something else.
func cleanCommand(s string) string {
	if len(s) > limit.ShownCommand {
		return ""
	}
	return prose.Line(s)
}
