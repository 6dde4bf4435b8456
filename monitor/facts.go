package monitor

import (
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"prober/catalog"
	"prober/probe"
	"prober/probe/hello"
)

const (
	// maxAddresses bounds what is kept, and shown as metrics, of one endpoint.
	maxAddresses = 16
	// maxText bounds each text that comes from the wire, in bytes.
	maxText = 300
)

// addressesOf reads the results of the first few addresses. Each address is there once,
// because it becomes a label.
func addressesOf(results []probe.AddressResult) []AddressStatus {
	kept := make([]AddressStatus, 0, min(len(results), maxAddresses))
	for _, r := range results {
		address := r.Address.Unmap().WithZone("")
		known := slices.ContainsFunc(kept, func(a AddressStatus) bool { return a.Address == address })
		if len(kept) == maxAddresses || known || !address.IsValid() {
			continue
		}
		kept = append(kept, AddressStatus{
			Address: address, Outcome: r.Outcome, Reason: r.Reason, total: micros(r.Phases.Total), times: timesOf(r.Phases),
		})
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

// slowest returns the largest total of the addresses, and its place; -1 without addresses.
func slowest(results []probe.AddressResult) (time.Duration, int) {
	total, at := time.Duration(0), -1
	for i, r := range results {
		if at < 0 || r.Phases.Total > total {
			total, at = r.Phases.Total, i
		}
	}
	return total, at
}

// certificateOf reads the certificates of every address: no parsed chain is kept, which would
// cost kilobytes. It returns false when none showed any; a bad certificate has its facts all
// the same.
func certificateOf(o *probe.Observation) (c CertificateStatus, seen bool) {
	c.Seen, c.Verified = utc(o.Started), true
	for _, a := range o.Addresses {
		if a.TLS == nil || len(a.TLS.Certificates) == 0 {
			continue
		}
		for _, sent := range a.TLS.Certificates {
			if c.ChainNotAfter.IsZero() || sent.NotAfter.Before(c.ChainNotAfter) {
				c.ChainNotAfter = utc(sent.NotAfter)
			}
		}
		leaf := a.TLS.Certificates[0]
		if !seen || leaf.NotAfter.Before(c.NotAfter) {
			c.NotAfter = utc(leaf.NotAfter)
			c.SHA256, c.Subject, c.Issuer = clean(leaf.SHA256), clean(leaf.Subject), clean(leaf.Issuer)
		}
		if !seen || leaf.NotBefore.After(c.NotBefore) {
			c.NotBefore = utc(leaf.NotBefore)
		}
		seen = true
		c.Verified = c.Verified && a.TLS.Verified
	}
	return c, seen
}

// versionFacts counts, per protocol version, how many addresses accepted and rejected it.
type versionFacts struct {
	seen               bool
	at                 time.Time
	accepted, rejected [numVersions]uint8
}

// numVersions is the number of versions in the table, from SSLv2 to TLS 1.3.
const numVersions = 6

// versionFactsOf reads the version tables of every address; seen is false when none
// decided anything, as when the endpoint could not be reached.
func versionFactsOf(o *probe.Observation) versionFacts {
	facts := versionFacts{at: o.Started}
	for i, a := range o.Addresses {
		if i == maxAddresses || a.TLS == nil || a.TLS.Versions == nil {
			continue
		}
		for v, r := range a.TLS.Versions {
			switch r.Verdict {
			case hello.Accepted:
				facts.accepted[v]++
				facts.seen = true
			case hello.Rejected:
				facts.rejected[v]++
				facts.seen = true
			case hello.Inconclusive:
			}
		}
	}
	return facts
}

// share returns which part of the addresses that decided accepted version v; false when
// none decided.
func (f *versionFacts) share(v int) (float64, bool) {
	decided := int(f.accepted[v]) + int(f.rejected[v])
	if decided == 0 {
		return 0, false
	}
	return float64(f.accepted[v]) / float64(decided), true
}

// versionNames are the names of the versions in the order of the table.
func versionNames() []catalog.TLSVersion { return catalog.TLSVersions() }

// clean makes text from the wire fit for logs, pages and labels: valid UTF-8, on one
// line, without control characters, of bounded length.
func clean(s string) string {
	ok := len(s) <= maxText && utf8.ValidString(s)
	for i := 0; ok && i < len(s); i++ {
		ok = s[i] >= 0x20 && s[i] < 0x7f
	}
	if ok {
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
	cut := maxText - len("…")
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}
