package monitor

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"prober/catalog"
	"prober/monitor/view"
	"prober/probe/reason"
)

// Statuses returns what is known about every endpoint, by id, without the last results.
func (m *Monitor) Statuses() []view.Status { return m.statuses(false) }

func (m *Monitor) statuses(withResults bool) []view.Status {
	endpoints := slices.Clone(m.list.Load().endpoints) // sorting what points costs less than sorting what is told
	slices.SortFunc(endpoints, func(a, b *endpoint) int { return strings.Compare(a.id, b.id) })
	all := make([]view.Status, len(endpoints))
	for i, e := range endpoints {
		all[i] = m.status(e, withResults)
	}
	return all
}

// Status returns what is known about the endpoint with this id, with its last results;
// false when it is not in the list.
func (m *Monitor) Status(id string) (view.Status, bool) {
	e := m.list.Load().byID[id]
	if e == nil {
		return view.Status{}, false
	}
	return m.status(e, true), true
}

// status tells what is known of e.
func (m *Monitor) status(e *endpoint, withResults bool) view.Status {
	s := m.present(e, withResults)
	m.recall(&s)
	return s
}

// present copies what the monitor itself keeps of e.
func (m *Monitor) present(e *endpoint, withResults bool) view.Status {
	e.mu.Lock()
	defer e.mu.Unlock()
	c := e.target.endpoint()
	s := view.Status{
		ID: c.ID, Product: c.Product, Region: c.Region, RegionName: m.regionName(c), Network: c.Network,
		Host: c.Host, Lifecycle: e.target.lifecycle(), Scheme: e.target.scheme(),
		Probed: !e.last.started.IsZero(), Outcome: e.last.outcome,
		Words: e.last.reason.Words(), Blame: e.last.reason.Blame(),
		Detail: e.last.words().detail, Reproduce: e.last.words().reproduce,
		Since: e.since.time(), LastProbe: view.UTC(e.last.started), Stale: m.stale(e, e.last.started, m.config.Now()), DurationSeconds: e.last.total.Seconds(),
		Addresses: append([]view.AddressStatus{}, e.last.addresses...),
		Probes:    make(map[string]uint64, view.NumOutcomes), Counted: e.created.time(),
		Cause: e.last.reason, Provider: e.target.provider(),
	}
	if s.BeforeStart, s.Found = e.last.recalled, e.last.found.time(); s.BeforeStart {
		s.Reproduce = m.standing(s.Reproduce, s.LastProbe)
	}
	if s.Probed {
		s.AgeSeconds = max(0, m.config.Now().Sub(e.last.started)).Round(time.Millisecond).Seconds()
	}
	for o, n := range e.outcomes {
		s.Probes[reason.Outcome(o).String()] = n
	}
	if cert, any := e.cert.status(); any {
		s.Certificate = &cert
	}
	s.TLSVersions = e.versions.byName()
	s.SlowLook = view.SlowLookStatus{
		TLSVersions: e.slow.looked[lookVersions].time(), Certificates: e.slow.looked[lookCertificates].time(), Resolvers: e.slow.looked[lookResolvers].time(),
		Next: view.UTC(e.nextSlowLook(m.steady(), m.intervalOf(e))), Verdicts: e.slow.resolvers(),
	}
	s.LastFailure, s.Intermittent = e.failure, e.results.intermittent()
	if d := e.doubt; d != nil {
		failed := d.failed
		s.Confirming = &failed
	}
	e.tellOwn(&s, m.config.Now())
	if !withResults {
		return s
	}
	for _, r := range e.results {
		s.Results = append(s.Results, view.ResultStatus{Time: r.time(), Outcome: r.outcome, Words: r.reason.Words(), DurationSeconds: r.duration().Seconds()})
	}
	return s
}

func (m *Monitor) regionName(e catalog.Endpoint) string {
	if m.config.RegionName == nil {
		return e.Region
	}
	return cmp.Or(m.config.RegionName(e), e.Region)
}
