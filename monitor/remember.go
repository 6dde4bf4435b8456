package monitor

import (
	"fmt"
	"time"

	"prober/history"
	"prober/monitor/view"
	"prober/probe"
	"prober/probe/reason"
)

// History is what is remembered of the endpoints, for pages and whoever else wants to look back.
func (m *Monitor) History() *history.History { return m.remembered }

// remember has the history follow the endpoints of a list, and gives those that are new to the
// monitor what the history has counted of them and how it left them, so that counters and outages go on
// after a restart. What a group
// counts goes on while the monitor lives, so it gets something only with the first list.
func (m *Monitor) remember(l *list, fresh []*endpoint, first bool) {
	followed := make([]history.Endpoint, len(l.endpoints))
	for i, e := range l.endpoints {
		t := e.currentTarget()
		followed[i] = history.Endpoint{ID: e.id, Series: seriesOf(&t), Good: staleAfter * m.intervalOf(e)}
	}
	m.remembered.Follow(followed)
	for _, e := range fresh {
		if c, any := m.remembered.Counters(e.id); any {
			e.resume(c, first)
		}
		if known, any := m.remembered.State(e.id); any && !known.Since.IsZero() {
			e.settleAs(known.Outcome)
			facts, left := m.remembered.Take(e.id)
			e.recallFacts(recalled{facts, left, known, l.detail.results(), m.config.Now()})
		}
	}
}

// standing is a command that was remembered at a time, unless it names a sandbox that has ended with its process.
func (m *Monitor) standing(command string, at time.Time) string {
	if m.config.Speaker.Sandbox && at.Before(m.created) {
		return ""
	}
	return command
}

// own are the counters of the prober's own work, by the names of their series. The caller holds m.mu.
func (m *Monitor) own() map[string]*uint64 {
	c := &m.counts
	all := map[string]*uint64{"prober_missed_turns_total": &c.missed, "prober_overruns_total": &c.overruns}
	for i := range c.confirmations {
		all[fmt.Sprintf("prober_confirmations_total{result=%q}", confirmation(i))] = &c.confirmations[i]
	}
	return all
}

// countFor has the history keep what the prober counts of its own work, under the names of the
// metrics, and goes on with what an earlier process has counted.
func (m *Monitor) countFor(h *history.History) {
	before := h.Count(func() map[string]uint64 {
		m.mu.Lock()
		defer m.mu.Unlock()
		now := map[string]uint64{}
		for name, n := range m.own() {
			now[name] = *n
		}
		return now
	})
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, n := range m.own() {
		*n += before[name]
	}
}

// seriesOf says what is measured under the id of a target: what [sameSeries] compares, but for the
// port, which says only where to dial, and is another one each time a sandbox is started.
func seriesOf(t *probe.Target) string {
	e := &t.Endpoint
	s := fmt.Sprintf("%s/%s/%s %s://%s%s", e.Product, e.Region, e.Network, schemeOf(t), e.Host, t.Path)
	if t.Address.IsValid() {
		s += " at " + t.Address.String()
	}
	if t.Authority != "" {
		s += " as " + t.Authority
	}
	if t.Signed {
		s += " signed"
	}
	return s
}

// resume goes on counting where the history stopped.
func (e *endpoint) resume(c history.Counters, first bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.created = instantOf(c.Since)
	for o, n := range c.Outcomes {
		e.outcomes[o] += n
	}
	e.answers.count += c.Answers.Count
	e.answers.sum += c.Answers.Sum
	if first || !e.tally.shared {
		e.tally.resume(c)
	}
}

// settleAs says how an earlier process left the endpoint, which is no state before a result has come.
func (e *endpoint) settleAs(o reason.Outcome) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.before = &o
}

// resume adds what was counted before.
func (t *tally) resume(c history.Counters) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if c.Since.Before(t.created) {
		t.created = c.Since
	}
	for _, x := range c.Reasons {
		t.count(x.Outcome, x.Reason, x.Count)
	}
}

// weightOf says what a result may do in the history; false: nothing, because it was to confirm a failure
// and could not tell.
func weightOf(c change, counts bool) (history.Weight, bool) {
	switch {
	case counts && c.stays:
		return history.Doubted, true
	case counts:
		return history.Turn, true
	}
	return history.Confirming, !c.stays
}

// recall corrects since when a state is what it is by the history, which goes back over restarts.
func (m *Monitor) recall(s *view.Status) {
	known, any := m.remembered.State(s.ID)
	if any && s.Probed && known.Outcome == s.Outcome && known.Reason == s.Cause {
		s.Since, s.UnknownSeconds = known.ReasonSince, known.ReasonUnseen.Round(time.Millisecond).Seconds()
	}
	if any && s.Probed && known.Outcome == s.Outcome {
		s.DownBefore = known.DownBefore
	}
	if any && s.Probed && known.Outcome == s.Outcome && !known.FirstFailed.IsZero() && known.FirstFailed.Before(known.Since) {
		s.FirstFailed = known.FirstFailed
	}
}
