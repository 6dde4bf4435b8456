package monitor

import (
	"context"
	"iter"

	"prober/probe"
	"prober/probe/reason"
	"prober/suspicion"
)

// Config is what m was made of, with what was left out filled in, and without the list.
func (m *Monitor) Config() Config { return m.config }

// Target returns what is probed of the endpoint with this id, its scheme and its lifecycle filled in;
// false when it is not in the list.
func (m *Monitor) Target(id string) (probe.Target, bool) {
	e := m.list.Load().byID[id]
	if e == nil {
		return probe.Target{}, false
	}
	return e.filledIn(), true
}

// Targets are all that is probed, as [Monitor.Target] has it.
func (m *Monitor) Targets() iter.Seq[probe.Target] {
	return func(yield func(probe.Target) bool) {
		for _, e := range m.list.Load().endpoints {
			if !yield(e.filledIn()) {
				return
			}
		}
	}
}

// filledIn is what e is aimed at, with what the list left to the defaults.
func (e *endpoint) filledIn() probe.Target {
	t := e.currentTarget()
	t.Scheme, t.Endpoint.Lifecycle = schemeOf(&t), lifecycleOf(&t.Endpoint)
	return t
}

// Look probes t now, whatever the schedule does, and counts nothing. What this prober's own network explains is
// taken back, as in what is counted.
func (m *Monitor) Look(ctx context.Context, t probe.Target) probe.Observation {
	o := m.safely(ctx, t)
	normalize(&o)
	m.excuse(&o)
	return o
}

// excuse takes back a failure where this prober's own network is suspected: the schedule does not
// count it either.
func (m *Monitor) excuse(o *probe.Observation) {
	cause, _ := m.vantage.state()
	if cause != suspicion.None && o.Outcome == reason.Fail && !o.Vouched && suspicion.Read(o).Trouble.Tells() {
		m.vantage.offline(held{result: o})
	}
}

// Take takes in a result of a turn as if this prober had just probed; false when its endpoint is not in
// the list. It lets readers be tested, and results be played again, without a schedule.
func (m *Monitor) Take(o probe.Observation) bool {
	e := m.list.Load().byID[o.Endpoint.ID]
	if e == nil {
		return false
	}
	m.record(e, &o, m.elapsed())
	return true
}
