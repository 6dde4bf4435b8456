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
	"prober/probe/reason"
)

const (
	// maxAddresses bounds what is kept, and shown as metrics, of one endpoint.
	maxAddresses = 16
	// maxText bounds each text that comes from the wire, in bytes.
	maxText = 300
)

// timedPhase numbers the phases of which times are shown.
type timedPhase int

// The timed phases, in the order in which a probe goes through them.
const (
	resolvePhase timedPhase = iota
	connectPhase
	tlsPhase
	requestPhase
	headersPhase
	bodyPhase
	numTimedPhases
)

func (p timedPhase) String() string { return p.phase().String() }

func (p timedPhase) phase() reason.Phase { return reason.Resolve + reason.Phase(p) }

// phaseTimes are the times of one address in microseconds; 0 where a phase was not reached.
type phaseTimes [numTimedPhases]uint32

func timesOf(p probe.Phases) phaseTimes {
	return phaseTimes{
		micros(p.Resolve), micros(p.Connect), micros(p.TLS),
		micros(p.Request), micros(p.Headers), micros(p.Body),
	}
}

// addressFacts is what is kept of the last result of one address.
type addressFacts struct {
	address netip.Addr
	outcome reason.Outcome
	reason  reason.Reason
	total   uint32 // microseconds
	times   phaseTimes
}

// addressFactsOf reads the results of the first few addresses. Each address is there
// once, because it becomes a label.
func addressFactsOf(results []probe.AddressResult) []addressFacts {
	facts := make([]addressFacts, 0, min(len(results), maxAddresses))
	for _, r := range results {
		address := r.Address.Unmap().WithZone("")
		known := slices.ContainsFunc(facts, func(f addressFacts) bool { return f.address == address })
		if len(facts) == maxAddresses || known || !address.IsValid() {
			continue
		}
		facts = append(facts, addressFacts{
			address: address, outcome: r.Outcome, reason: r.Reason,
			total: micros(r.Phases.Total), times: timesOf(r.Phases),
		})
	}
	return facts
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

// certificateFacts is what is kept of the certificates that an endpoint last showed: no
// parsed chain, which would cost kilobytes.
type certificateFacts struct {
	seen          bool
	at            time.Time // when they were shown
	notBefore     time.Time // the latest of the leaves
	notAfter      time.Time // the earliest of the leaves
	chainNotAfter time.Time // the earliest of all certificates sent
	verified      bool      // at every address that showed some
	sha256        string    // of the leaf with the earliest notAfter
	subject       string
	issuer        string
}

// certificateFactsOf reads the certificates of every address; seen is false when none
// showed any. A bad certificate has its facts all the same.
func certificateFactsOf(o *probe.Observation) certificateFacts {
	facts := certificateFacts{verified: true}
	for _, a := range o.Addresses {
		if a.TLS == nil || len(a.TLS.Certificates) == 0 {
			continue
		}
		for _, c := range a.TLS.Certificates {
			if facts.chainNotAfter.IsZero() || c.NotAfter.Before(facts.chainNotAfter) {
				facts.chainNotAfter = c.NotAfter
			}
		}
		leaf := a.TLS.Certificates[0]
		if !facts.seen || leaf.NotAfter.Before(facts.notAfter) {
			facts.notAfter = leaf.NotAfter
			facts.sha256, facts.subject, facts.issuer = clean(leaf.SHA256), clean(leaf.Subject), clean(leaf.Issuer)
		}
		if !facts.seen || leaf.NotBefore.After(facts.notBefore) {
			facts.notBefore = leaf.NotBefore
		}
		facts.seen = true
		facts.verified = facts.verified && a.TLS.Verified
	}
	facts.at = o.Started
	return facts
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
