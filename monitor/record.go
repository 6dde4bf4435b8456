package monitor

import (
	"context"
	"log/slog"

	"prober/catalog"
	"prober/probe"
	"prober/probe/reason"
)

// record takes in one result, unless it is one that does not count.
func (m *Monitor) record(e *endpoint, o *probe.Observation) {
	if o.Reason == reason.ProberCanceled {
		return
	}
	normalize(o)
	offline, changed := m.vantage.note(e, o)
	if changed {
		m.logVantage()
	}
	if offline {
		o.Outcome, o.Reason = reason.Unknown, reason.ProberVantageOffline
	}
	c, counted := e.observe(o, m.history())
	if !counted {
		return
	}
	m.logChange(e, o, c)
	if m.config.OnResult != nil {
		m.config.OnResult(*o)
	}
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

// history is how many results are kept per endpoint for the pages.
func (m *Monitor) history() int {
	if m.list.Load().detail == DetailRegion {
		return 15
	}
	return 60
}

// logChange writes a line when the outcome of an endpoint changes, and when its first
// result is not good.
func (m *Monitor) logChange(e *endpoint, o *probe.Observation, c change) {
	if c.to == c.from && !c.first || c.first && c.to == reason.OK {
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
		"reason", c.reason.String(), "detail", clean(o.Detail))
}

func (m *Monitor) logVantage() {
	if m.vantage.suspected() {
		m.config.Logger.Warn("every active endpoint is silent in the same way: the prober's own network is suspected, results count as unknown")
		return
	}
	m.config.Logger.Info("endpoints answer again: the prober's own network is no longer suspected")
}
