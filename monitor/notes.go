package monitor

import (
	"errors"
	"slices"

	"prober/monitor/phrase"
	"prober/monitor/view"
	"prober/suspicion"
)

// notes are all troubles of the prober's own, the worst first.
func (m *Monitor) notes() []view.Note {
	var all []view.Note
	cause, _ := m.vantage.state()
	if cause != suspicion.None {
		all = append(all, view.Note{
			What: "The prober's own " + cause.Suspect() + " is suspected", Why: cause.Words(),
			Advice: "Everything that can tell fails at once. " + cause.Advice() + " Results count as unknown until an endpoint answers.", Blinds: true,
		})
	}
	if cause == suspicion.None { // which explains it, too
		all = append(all, m.familyNotes()...)
	}
	m.mu.Lock()
	loaded, reload := m.overloaded(), m.reload
	m.mu.Unlock()
	if loaded != notOverloaded {
		all = append(all, view.Note{
			What: "The prober is overloaded", Why: loaded.words(),
			Advice: loaded.advice(cause != suspicion.None), Lags: true,
		})
	}
	if !reload.successful {
		all = append(all, view.Note{
			What: "The last reload was refused", Why: "the list of " + phrase.Clock(reload.at) + " is still probed",
			Advice: "Mend this and reload: " + reload.why,
		})
	}
	if c := m.remembered.Condition(); !c.Well() {
		all = append(all, historyNote(&c))
	}
	if m.config.Notes != nil {
		all = append(all, m.config.Notes()...)
	}
	slices.SortStableFunc(all, func(a, b view.Note) int {
		switch {
		case a.Blinds == b.Blinds:
			return 0
		case a.Blinds:
			return -1
		}
		return 1
	})
	return all
}

// caveat is what is said of failures that may be the prober's own network; nil: nothing.
func (m *Monitor) caveat() *view.Note {
	_, doubt := m.vantage.state()
	if doubt == suspicion.NoDoubt {
		return nil
	}
	return &view.Note{
		What:   "Nothing that was probed tells this from trouble of the prober's own network",
		Advice: doubt.Advice(),
	}
}

// waiting says what is still awaited at the start; nil: nothing.
func (m *Monitor) waiting() *view.Note {
	err := m.Ready()
	if err == nil {
		return nil
	}
	n := &view.Note{What: "Starting", Why: err.Error()}
	if errors.Is(err, errNotRunning) {
		n.What = "Nothing is probed"
	}
	return n
}
