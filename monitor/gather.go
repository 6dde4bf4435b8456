package monitor

import (
	"cmp"
	"fmt"
	"slices"

	dto "github.com/prometheus/client_model/go"

	"prober/catalog"
	"prober/probe/reason"
)

// Gather renders every metric from what is kept, together with those of Config.Gatherer.
// It implements prometheus.Gatherer. The result may be kept but not written to.
func (m *Monitor) Gather() ([]*dto.MetricFamily, error) {
	l := m.list.Load()
	var x exposition
	words := newWords()
	for _, e := range l.endpoints {
		x.endpoint(e, l.detail, words)
	}
	for _, g := range l.groups {
		x.tally(g.tally, g.labels, words)
	}
	m.gatherOwn(&x, l)
	families := x.families()
	if m.config.Gatherer == nil {
		return families, nil
	}
	others, err := m.config.Gatherer.Gather()
	if err != nil {
		err = fmt.Errorf("gathering other metrics: %w", err)
	}
	families, clash := merge(families, others)
	return families, cmp.Or(err, clash)
}

// merge joins families of different sources, sorted by name. Both come sorted and whole,
// so unlike prometheus.Gatherers it need not look at each series again, which would take
// several times as long as all the rest.
func merge(a, b []*dto.MetricFamily) ([]*dto.MetricFamily, error) {
	all := slices.Concat(a, b)
	slices.SortStableFunc(all, func(x, y *dto.MetricFamily) int { return cmp.Compare(x.GetName(), y.GetName()) })
	for i := 1; i < len(all); i++ {
		if all[i].GetName() == all[i-1].GetName() {
			return a, fmt.Errorf("metric %q is shown by two sources", all[i].GetName())
		}
	}
	return all, nil
}

// words holds the labels whose values come from closed lists, made once a scrape.
type words struct {
	outcomes   [numOutcomes]*dto.LabelPair
	phases     [numTimedPhases]*dto.LabelPair
	versions   [numVersions]*dto.LabelPair
	lifecycles map[catalog.Lifecycle]*dto.LabelPair
	schemes    map[catalog.Scheme]*dto.LabelPair
}

func newWords() *words {
	w := &words{lifecycles: map[catalog.Lifecycle]*dto.LabelPair{}, schemes: map[catalog.Scheme]*dto.LabelPair{}}
	for _, l := range catalog.Lifecycles() {
		w.lifecycles[l] = label("lifecycle", string(l))
	}
	for _, s := range catalog.Schemes() {
		w.schemes[s] = label("scheme", string(s))
	}
	for o := range w.outcomes {
		w.outcomes[o] = label("outcome", reason.Outcome(o).String())
	}
	for p := range w.phases {
		w.phases[p] = label("phase", timedPhase(p).String())
	}
	for v, name := range versionNames() {
		w.versions[v] = label("version", string(name))
	}
	return w
}

func up(o reason.Outcome) bool { return o == reason.OK || o == reason.Degraded }

// outcomesByName are the outcomes in the order of their words.
func outcomesByName() [numOutcomes]reason.Outcome {
	return [...]reason.Outcome{reason.Degraded, reason.Fail, reason.OK, reason.Unknown}
}

// endpoint adds the series of one endpoint.
func (x *exposition) endpoint(e *endpoint, detail Detail, w *words) {
	e.mu.Lock()
	defer e.mu.Unlock()
	created := x.timestamp(e.created)
	x.gauge(endpointInfo, x.with(x.with(e.labels, w.lifecycles[lifecycleOf(e.target)]), w.schemes[schemeOf(e.target)]), 1)
	for _, o := range outcomesByName() {
		x.counter(probes, x.with(e.labels, w.outcomes[o]), e.outcomes[o], created)
	}
	if !e.last.started.IsZero() {
		x.gauge(lastProbe, e.labels, seconds(e.last.started.UnixNano()))
		x.gauge(lastDuration, e.labels, e.last.total.Seconds())
		if e.last.outcome != reason.Unknown {
			x.flag(endpointUp, e.labels, up(e.last.outcome))
		}
	}
	if !e.cert.Seen.IsZero() {
		x.gauge(certNotAfter, e.labels, float64(e.cert.NotAfter.Unix()))
		x.flag(certVerified, e.labels, e.cert.Verified)
	}
	if detail == DetailEndpoint {
		x.endpointDetail(e, w)
		x.tally(e.tally, e.labels, w)
	}
}

// endpointDetail adds the series that an endpoint has in short lists only.
func (x *exposition) endpointDetail(e *endpoint, w *words) {
	if !e.last.started.IsZero() {
		x.gauge(addresses, e.labels, float64(len(e.last.addresses)))
	}
	for _, a := range e.last.addresses {
		if a.Outcome != reason.Unknown {
			x.flag(addressUp, e.labels.with(label("address", a.Address.String()), label("family", family(a.Address))), up(a.Outcome))
		}
	}
	if !e.cert.Seen.IsZero() {
		x.gauge(certNotBefore, e.labels, float64(e.cert.NotBefore.Unix()))
		x.gauge(certChainNotAfter, e.labels, float64(e.cert.ChainNotAfter.Unix()))
	}
	for v := range numVersions {
		if share, decided := e.versions.share(v); decided {
			x.gauge(tlsVersionAccepted, x.with(e.labels, w.versions[v]), share)
		}
	}
}

// tally adds what is counted by reason and by phase.
func (x *exposition) tally(t *tally, labels endpointLabels, w *words) {
	t.mu.Lock()
	defer t.mu.Unlock()
	created := x.timestamp(t.created)
	for _, c := range t.reasons {
		word := label("reason", c.reason.Word())
		switch c.outcome {
		case reason.Unknown:
			x.counter(unknowns, x.with(labels, word), c.count, created)
		case reason.Degraded:
			x.counter(degradations, labels.with(label("phase", c.reason.Phase().String()), word), c.count, created)
		case reason.Fail:
			x.counter(failures, labels.with(label("phase", c.reason.Phase().String()), word), c.count, created)
		case reason.OK:
		}
	}
	for p := range t.phases {
		x.histogram(phaseDuration, x.with(labels, w.phases[p]), &t.phases[p], phaseBounds, created)
	}
	x.histogram(probeDuration, labels, &t.total, phaseBounds, created)
}

// gatherOwn adds the series about the prober itself.
func (m *Monitor) gatherOwn(x *exposition, l *list) {
	x.gauge(buildInfo, endpointLabels{
		label("goversion", m.config.Build.GoVersion), label("revision", m.config.Build.Revision),
		label("version", m.config.Build.Version),
	}, 1)
	counts := map[catalog.Lifecycle]int{}
	for _, e := range l.endpoints {
		e.mu.Lock()
		counts[lifecycleOf(e.target)]++
		e.mu.Unlock()
	}
	for _, lifecycle := range catalog.Lifecycles() {
		x.gauge(endpointsListed, endpointLabels{label("lifecycle", string(lifecycle))}, float64(counts[lifecycle]))
	}
	x.gauge(probeInterval, nil, m.config.Interval.Seconds())
	x.gauge(workersMax, nil, float64(m.config.Concurrency))
	x.flag(vantageOffline, nil, m.vantage.suspected())

	m.reload.mu.Lock()
	x.flag(reloadSuccessful, nil, m.reload.successful)
	x.gauge(reloadTimestamp, nil, seconds(m.reload.at.UnixNano()))
	m.reload.mu.Unlock()

	created := x.timestamp(m.created)
	m.mu.Lock()
	defer m.mu.Unlock()
	x.counter(turnsMissed, nil, m.missed, created)
	x.counter(turnsOverrun, nil, m.overruns, created)
	x.gauge(inFlight, nil, float64(m.inFlight))
	x.gauge(queued, nil, float64(m.queue.len()))
	x.add(scheduleLateness, nil).Histogram = m.lateness.proto(latenessBounds, created)
}

// seconds turns nanoseconds since 1970 into seconds, to the millisecond.
func seconds(nanos int64) float64 { return float64(nanos/1e6) / 1e3 }
