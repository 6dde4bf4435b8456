package monitor

import (
	"context"
	"log/slog"
	"time"

	"prober/catalog"
	"prober/limit"
	"prober/monitor/phrase"
	"prober/probe"
	"prober/probe/reason"
	"prober/suspicion"
)

// record takes in one result of a probe that began at a given time, unless it is one that does
// not count. Where it may be the prober's own network that failed it waits for others.
func (m *Monitor) record(e *endpoint, o *probe.Observation, began time.Duration) {
	if o.Reason == reason.ProberCanceled {
		return
	}
	normalize(o)
	soften(o)
	m.noteLoad(o)
	m.logProbe(e, o)
	m.recording.Lock()
	defer m.recording.Unlock()
	t := e.currentTarget()
	m.families.See(providerOf(&t.Product, t.Endpoint.Host), o, 2*m.intervalOf(e)) // one turn may be late
	m.families.Excuse(o, o.Started)
	m.lostFamily.Store(int32(m.families.Lost(o.Started)))
	m.sumUp(false)
	m.settle(m.vantage.note(e, o, began, m.elapsed()))
}

// settle counts results that are decided, in their order, and probes whoever may tell more. The
// caller holds m.recording.
func (m *Monitor) settle(s settled) {
	if s.changed {
		m.logVantage()
	}
	for _, h := range s.results {
		c, listed := h.endpoint.observe(h.result, intake{m.list.Load().detail.results(), m.config.Confirm, h.counts, m.stands(h.result)})
		if !listed {
			continue
		}
		if w, any := weightOf(c, h.counts); any {
			m.remembered.Record(h.endpoint.id, h.result, w)
		}
		m.logChange(h.endpoint, h.result, c)
		m.logDoubt(h.endpoint, h.result, c)
		if c.ask {
			m.ask(h.endpoint)
		}
		if !h.counts {
			m.noteConfirmation(h.result)
			continue
		}
		if m.config.OnResult != nil {
			m.config.OnResult(*h.result)
		}
	}
	m.call(s.call)
}

// normalize mends what the closed vocabulary does not allow, so that no metric has an
// empty reason: what is not OK must say why, and what is OK has nothing to say.
func normalize(o *probe.Observation) {
	switch {
	case o.Outcome > reason.Fail || o.Outcome != reason.OK && o.Reason == reason.None:
		o.Outcome, o.Reason = reason.Unknown, reason.ProberInternal
	case o.Outcome == reason.OK:
		o.Reason = reason.None
	}
}

// results is how many results are kept per endpoint for the pages.
func (d Detail) results() int {
	if d == DetailRegion {
		return 15
	}
	return limit.HistoryRecent
}

// logChange writes a line when the outcome of an endpoint changes, and when its first
// result is not good.
func (m *Monitor) logChange(e *endpoint, o *probe.Observation, c change) {
	if c.to == c.from && !c.first || c.first && c.to == reason.OK || c.stays {
		return
	}
	if !m.changes.room(m.steady()) {
		m.changes.left[c.to]++
		return
	}
	level := slog.LevelInfo
	if c.to == reason.Fail && c.lifecycle == catalog.Active {
		level = slog.LevelWarn
	}
	from := c.from.String()
	if c.first {
		from = ""
	}
	m.config.Logger.Log(context.Background(), level, "outcome changed", "endpoint", e.id, "from", from, "to", c.to.String(),
		"reason", c.reason.String(), "detail", phrase.Clean(o.Detail))
}

// logProbe writes a line for each probe, for those who debug.
func (m *Monitor) logProbe(e *endpoint, o *probe.Observation) {
	if !m.config.Logger.Enabled(context.Background(), slog.LevelDebug) {
		return
	}
	m.config.Logger.Debug("probed", "endpoint", e.id, "outcome", o.Outcome.String(), "reason", o.Reason.String(),
		"duration", o.Duration.Duration().Round(time.Microsecond).String(), "addresses", len(o.Addresses), "detail", phrase.Clean(o.Detail))
}

func (m *Monitor) logVantage() {
	if cause, _ := m.vantage.state(); cause != suspicion.None {
		m.config.Logger.Warn("everything that can tell fails at once: the prober's own network or clock is suspected, results count as unknown", "reason", string(cause))
		return
	}
	m.config.Logger.Info("endpoints answer again: the prober's own network is no longer suspected")
}
