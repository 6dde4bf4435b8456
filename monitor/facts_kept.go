package monitor

import (
	"encoding/json"
	"net/netip"
	"time"

	"prober/catalog"
	"prober/history"
	"prober/limit"
	"prober/monitor/phrase"
	"prober/monitor/view"
	"prober/probe"
	"prober/probe/reason"
)

// keptFacts are what is known of an endpoint besides its history, as the next process reads it: what
// costs most of an hour to find again, and what the page tells until there is a new result. Histograms
// are not among them: the library lets nobody give one its counts, and rate() needs no more than that they begin at 0.
type keptFacts struct {
	Started     time.Time                         `json:"started"` // of the last probe
	Outcome     reason.Outcome                    `json:"outcome"` // and what came of it
	Reason      reason.Reason                     `json:"reason"`
	Total       time.Duration                     `json:"total_ns"`
	Addresses   []keptAddress                     `json:"addresses,omitempty"`
	Certificate *view.CertificateStatus           `json:"certificate,omitempty"`
	Other       *view.CertificateStatus           `json:"other_certificate,omitempty"`
	Beside      string                            `json:"beside_sha256,omitempty"` // the first certificate that Other was seen with
	TLSVersions map[catalog.TLSVersion]view.Votes `json:"tls_versions,omitempty"`
	Looked      [numSlowLooks]time.Time           `json:"looked"`
	Resolvers   []view.ResolverStatus             `json:"resolvers,omitempty"`
	Defect      *keptDefect                       `json:"defect,omitempty"`
	LastFailure *view.FailureStatus               `json:"last_failure,omitempty"`
	Results     keptResults                       `json:"results,omitempty"` // the last ones
}

// keptAddress is the last result of one address.
type keptAddress struct {
	Address netip.Addr     `json:"address"`
	Outcome reason.Outcome `json:"outcome"`
	Reason  reason.Reason  `json:"reason"`
	Phases  probe.Phases   `json:"phases"`
	Hops    []probe.Hop    `json:"hops,omitempty"`
}

// keptDefect is what the last deeper look found, which stands until the next.
type keptDefect struct {
	Reason    reason.Reason `json:"reason"`
	Detail    string        `json:"detail"`
	Reproduce string        `json:"reproduce"`
}

// factsOf are those of the endpoint with an id, for the history to keep; nil: there are none.
func (m *Monitor) factsOf(id string) []byte {
	e := m.list.Load().byID[id]
	if e == nil {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.last.probed() {
		return nil
	}
	k := keptFacts{
		Started: view.UTC(e.last.started), Outcome: e.last.outcome, Reason: e.last.reason, Total: e.last.total, TLSVersions: e.versions.byName(), LastFailure: e.failure,
		Resolvers: e.slow.resolvers(), Results: e.results.kept(),
	}
	for l, at := range e.slow.looked {
		k.Looked[l] = at.time()
	}
	if o := e.slow.other(); o != nil {
		k.Other, k.Beside = &o.CertificateStatus, o.beside
	}
	for _, a := range e.last.addresses {
		k.Addresses = append(k.Addresses, keptAddress(a))
	}
	if cert, any := e.cert.status(); any {
		k.Certificate = &cert
	}
	if d := e.defect; d != nil {
		k.Defect = &keptDefect{d.Reason, d.Detail, d.Reproduce}
	}
	text, err := json.Marshal(k)
	if err == nil && len(text) > limit.HistoryFacts { // redirects are what is long, and all else is worth more
		for i := range k.Addresses {
			k.Addresses[i].Hops = nil
		}
		text, err = json.Marshal(k)
	}
	if err != nil {
		return nil
	}
	return text
}

// recalled is what an earlier process has kept of an endpoint.
type recalled struct {
	facts []byte
	left  []history.Recent // results that came after these
	state history.State
	most  int // results that are kept
	now   time.Time
}

// recallFacts gives e what an earlier process knew of it, and its last results as those of then: one of the future
// belongs to another clock. What cannot be read is found anew.
func (e *endpoint) recallFacts(r recalled) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var k keptFacts
	known := r.state
	if known.LastProbe.IsZero() || known.LastProbe.After(r.now) || json.Unmarshal(r.facts, &k) != nil {
		return
	}
	e.results.recall(k.Results, r.left, seconds32(known.LastProbe), r.most)
	e.since = instantOf(known.ReasonSince)
	e.last = summary{
		started: known.LastProbe, outcome: known.Outcome, reason: known.Reason, said: saying(phrase.Clean(known.Detail), cleanCommand(phrase.Bare(known.Reproduce))), recalled: true,
	}
	// What is written once in a while may be of a probe before the last one, as after a kill. It is told as that, if it was like it.
	same := k.Started.Truncate(time.Microsecond).Equal(known.LastProbe.Truncate(time.Microsecond))
	if same || k.Outcome == known.Outcome && k.Reason == known.Reason && k.Started.Before(known.LastProbe) {
		e.last.total = k.Total
		if !same {
			e.last.found = instantOf(k.Started)
		}
		for _, a := range k.Addresses[:min(len(k.Addresses), limit.Addresses)] {
			e.last.addresses = append(e.last.addresses, view.AddressStatus(a))
		}
	}
	if k.Certificate != nil {
		e.cert.keep(*k.Certificate)
	}
	e.failure = k.LastFailure
	if k.Defect != nil {
		e.defect = &reason.Finding{Reason: k.Defect.Reason, Detail: k.Defect.Detail, Reproduce: k.Defect.Reproduce}
	}
	for v, name := range catalog.TLSVersions() {
		e.versions[v] = k.TLSVersions[name]
	}
	e.slow = slowFacts{}
	var other *otherCertificate
	if k.Other != nil {
		other = &otherCertificate{*k.Other, k.Beside}
	}
	e.slow.keep(other, k.Resolvers)
	for l, at := range k.Looked {
		e.slow.looked[l] = instantOf(at)
	}
}
