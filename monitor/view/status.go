package view

import (
	"encoding/json"
	"fmt"
	"math"
	"net/netip"
	"time"

	"prober/catalog"
	"prober/probe"
	"prober/probe/reason"
)

// Status is what is known about one endpoint, as /api/v1/endpoints shows it. Times are
// UTC; those that are not known are left out of the JSON.
type Status struct {
	ID         string            `json:"id"`
	Product    string            `json:"product"`
	Region     string            `json:"region"`
	RegionName string            `json:"region_name"`
	Network    catalog.Network   `json:"network"`
	Host       string            `json:"host"`
	Lifecycle  catalog.Lifecycle `json:"lifecycle"`
	Scheme     catalog.Scheme    `json:"scheme"`

	// Probed is false until the first result; Outcome is unknown then.
	Probed  bool           `json:"probed"`
	Outcome reason.Outcome `json:"outcome"`
	reason.Words
	Blame     reason.Blame `json:"blame"`
	Detail    string       `json:"detail"`
	Reproduce string       `json:"reproduce"`
	// Since is when the outcome or the reason last changed.
	Since time.Time `json:"since,omitzero"`
	// UnknownSeconds is for how long since then it could not be told of an endpoint that is down, or no prober ran.
	UnknownSeconds float64 `json:"unknown_seconds,omitzero"`
	// FirstFailed is when an endpoint that is down was first seen so, where that is before its outcome
	// changed: the outcome waits for a confirmation.
	FirstFailed time.Time `json:"first_failed,omitzero"`
	// DownBefore is when an outage began of which nobody has seen the end, of an endpoint that is unknown now.
	DownBefore time.Time `json:"down_before,omitzero"`
	LastProbe  time.Time `json:"last_probe,omitzero"`
	// BeforeStart: the last probe was made before this process began; --state-dir has kept what came of it.
	BeforeStart bool `json:"before_start,omitzero"`
	// Found is when the addresses and the duration were found, where that was in a probe before the last one.
	Found time.Time `json:"addresses_seen,omitzero"`
	// Stale: the last result is older than three intervals and says nothing of now.
	Stale bool `json:"stale"`
	// AgeSeconds is the time since the last probe began.
	AgeSeconds float64 `json:"age_seconds,omitzero"`
	// DurationSeconds is that of the last probe, at its slowest address.
	DurationSeconds float64 `json:"duration_seconds"`

	Addresses   []AddressStatus              `json:"addresses"`
	Certificate *CertificateStatus           `json:"certificate"` // nil until one was seen
	TLSVersions map[catalog.TLSVersion]Votes `json:"tls_versions,omitempty"`

	// SlowLook tells of what is looked at about once an hour.
	SlowLook SlowLookStatus `json:"slow_look"`

	// Probes counts results by outcome since Counted.
	Probes      map[string]uint64 `json:"probes"`
	Counted     time.Time         `json:"counted_since"`
	LastFailure *FailureStatus    `json:"last_failure"` // nil: none since the start, or the first start with --state-dir
	// Confirming is a failure that is counted and does not change the outcome before another probe
	// has found it again, within seconds; nil: none.
	Confirming *FailureStatus `json:"confirming"`

	// Intermittent tells of an endpoint that fails now and then, and is well between; nil: it does not.
	Intermittent *IntermittentStatus `json:"intermittent,omitempty"`

	// IntervalSeconds is the endpoint's own interval; 0: that of all. Why is what its list says of it.
	IntervalSeconds float64 `json:"interval_seconds,omitzero"`
	Why             string  `json:"why,omitempty"`
	// Maintenance is that which the endpoint is in, and Windows are all times of it, in words.
	Maintenance *MaintenanceStatus `json:"maintenance,omitempty"`
	Windows     []string           `json:"maintenance_windows,omitempty"`

	// Results are the last ones, oldest first. The list of all endpoints leaves them out.
	Results []ResultStatus `json:"results,omitempty"`

	Cause    reason.Reason `json:"-"` // of the outcome; JSON has its words
	Provider string        `json:"-"` // who runs the endpoint
}

// Because gives a status its reason, and what follows from that.
func (s *Status) Because(r reason.Reason) { s.Cause, s.Words, s.Blame = r, r.Words(), r.Blame() }

// Present is how the endpoint is now, as far as anybody can tell: how it was is not how it is.
func (s *Status) Present() reason.Outcome {
	if s.Stale {
		return reason.Unknown
	}
	return s.Outcome
}

// Excused says that somebody has arranged for the endpoint to be unknown: it is in maintenance, or on a
// private network that the prober is outside of. That may last, and nobody needs to look.
func (s *Status) Excused() bool {
	return s.Present() == reason.Unknown && !s.Stale && (s.Cause == reason.ProberMaintenance || s.Cause == reason.ProberPrivateNetwork)
}

// AddressStatus is the last result of one address. JSON shows the words of the reason, and
// the phases that were reached with "total" in seconds.
type AddressStatus struct {
	Address netip.Addr
	Outcome reason.Outcome
	Reason  reason.Reason
	Phases  probe.Phases
	Hops    []probe.Hop // the redirects that were followed; nil: none was
}

// MarshalJSON writes the documented shape.
func (a AddressStatus) MarshalJSON() ([]byte, error) {
	phases := map[string]float64{"total": FromMicros(Micros(a.Phases.Total))}
	for _, p := range probe.TimedPhases() {
		if took := MicrosIn(a.Phases, p); took > 0 {
			phases[p.String()] = FromMicros(took)
		}
	}
	return json.Marshal(struct {
		Address netip.Addr     `json:"address"`
		Outcome reason.Outcome `json:"outcome"`
		reason.Words
		Phases map[string]float64 `json:"phases"`
		Hops   []probe.Hop        `json:"hops,omitempty"`
	}{a.Address, a.Outcome, a.Reason.Words(), phases, a.Hops})
}

// CertificateStatus is what the endpoint last showed; see the metrics of the same names.
type CertificateStatus struct {
	Seen          time.Time `json:"seen"` // zero: none yet
	Subject       string    `json:"subject"`
	Issuer        string    `json:"issuer"`
	SHA256        string    `json:"sha256"`                   // of the leaf with the earliest notAfter
	NotBefore     time.Time `json:"not_before"`               // the latest of the leaves
	NotAfter      time.Time `json:"not_after"`                // the earliest of the leaves
	ChainNotAfter time.Time `json:"chain_not_after"`          // the earliest of all certificates sent
	PathNotAfter  time.Time `json:"path_not_after,omitzero"`  // the earliest along the verified paths; zero: not all are verified
	PathNotBefore time.Time `json:"path_not_before,omitzero"` // of the certificate that PathNotAfter is of
	Verified      bool      `json:"verified"`                 // at every address that showed some
}

// PathEndsFirst says that a certificate on the verified path ends before the server's own.
func (c *CertificateStatus) PathEndsFirst() bool {
	return !c.PathNotAfter.IsZero() && c.PathNotAfter.Before(c.NotAfter)
}

// Votes counts the addresses of an endpoint that accept and reject a protocol version. There are few of those, and
// many endpoints.
type Votes struct {
	Accepted uint16 `json:"accepted"`
	Rejected uint16 `json:"rejected"`
}

// Share is which part of the addresses that decided accepted the version.
func (v Votes) Share() float64 { return float64(v.Accepted) / float64(v.Accepted+v.Rejected) }

// SlowLookStatus is when the slow looks at an endpoint were taken, and when they come again.
type SlowLookStatus struct {
	TLSVersions  time.Time        `json:"tls_versions,omitzero"` // zero: not yet
	Certificates time.Time        `json:"certificates,omitzero"` // also at a second one
	Resolvers    time.Time        `json:"resolvers,omitzero"`    // at each; never with one alone
	Next         time.Time        `json:"next,omitzero"`         // about
	Verdicts     []ResolverStatus `json:"verdicts,omitempty"`    // of each resolver
}

// ResolverStatus is what a resolver made of an endpoint's name when each was last asked.
type ResolverStatus struct {
	Resolver netip.AddrPort `json:"resolver"`
	Outcome  reason.Outcome `json:"outcome"`
	reason.Words
	Detail string `json:"detail"`
}

// MaintenanceStatus is a time of maintenance that an endpoint is in: what fails does not count.
type MaintenanceStatus struct {
	Until time.Time `json:"until"`
	Why   string    `json:"why,omitempty"`
}

// FailureStatus is the last probe that failed, which may be long past.
type FailureStatus struct {
	Time time.Time `json:"time"` // zero: none since the start
	reason.Words
	Detail string `json:"detail"`
}

// FullReason is the reason with its phase, as in "tls/cert_expired".
func (f *FailureStatus) FullReason() string { return fmt.Sprintf("%v/%s", f.Phase, f.Word) }

// IntermittentStatus is how an endpoint fails now and then, by its last results that could tell.
type IntermittentStatus struct {
	Times  int       `json:"times,omitzero"` // that it failed, with a result before the next that found it up; 0: not known
	Failed int       `json:"failed"`         // results
	Of     int       `json:"of"`             // results
	From   time.Time `json:"from"`           // of the first of them
	Last   time.Time `json:"last,omitzero"`  // of the last that failed; zero: not known
	reason.Words
	Cause reason.Reason `json:"-"` // of that
}

// ResultStatus is one past result.
type ResultStatus struct {
	Time    time.Time      `json:"time"` // to the second
	Outcome reason.Outcome `json:"outcome"`
	reason.Words
	DurationSeconds float64 `json:"duration_seconds"`
}

// NumOutcomes is the number of outcomes.
const NumOutcomes = int(reason.Fail) + 1

// Up says whether an endpoint or an address that came out as o counts as up.
func Up(o reason.Outcome) bool { return o == reason.OK || o == reason.Degraded }

// MicrosIn is the time of a phase in microseconds; 0 where it was not reached.
func MicrosIn(p probe.Phases, phase reason.Phase) uint32 {
	d, _ := p.Took(phase)
	return Micros(d)
}

// Micros is d in whole microseconds, held within what 32 bits can say (71 minutes).
func Micros(d time.Duration) uint32 {
	return uint32(min(max(d.Microseconds(), 0), math.MaxUint32))
}

// FromMicros is microseconds in seconds.
func FromMicros(n uint32) float64 { return float64(n) / 1e6 }

// UTC is t without its monotonic reading, which no reader can use; the zero time stays.
func UTC(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.UTC().Round(0)
}
