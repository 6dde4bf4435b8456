package monitor

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"prober/suspicion"
)

// Note is something that is wrong with the prober itself, for people: it stands before what is told
// of the endpoints, because it says how far that can be relied upon.
type Note struct {
	What   string    // "The prober is overloaded"; the beginning of a sentence
	Why    string    // "turns are skipped", a part of one; may be empty
	Advice string    // whole sentences on what to do; may be empty
	Since  time.Time // zero: not known
	Blinds bool      // while it lasts nothing can be told about the endpoints
	Lags   bool      // while it lasts what is told may be late, so that nothing looks well
	Quiet  bool      // it is nothing for the first line
}

// notes are all troubles of the prober's own, the worst first.
func (m *Monitor) notes() []Note {
	var all []Note
	cause, _ := m.vantage.state()
	if cause != suspicion.None {
		all = append(all, Note{
			What: "The prober’s own " + cause.Suspect() + " is suspected", Why: cause.Words(),
			Advice: "Everything that can tell fails at once. " + cause.Advice() + " Results count as unknown until an endpoint answers.", Blinds: true,
		})
	}
	m.mu.Lock()
	loaded, reload := m.overloaded(), m.reload
	m.mu.Unlock()
	if loaded != notOverloaded {
		all = append(all, Note{
			What: "The prober is overloaded", Why: loaded.words(),
			Advice: loaded.advice(), Lags: true,
		})
	}
	if !reload.successful {
		all = append(all, Note{
			What: "The last reload was refused", Why: "the list of " + clockTime(reload.at) + " is still probed",
			Advice: "What is wrong: " + reload.why + ". Mend it and reload.",
		})
	}
	if c := m.remembered.Condition(); !c.Well() {
		all = append(all, historyNote(&c))
	}
	if m.config.Notes != nil {
		all = append(all, m.config.Notes()...)
	}
	slices.SortStableFunc(all, func(a, b Note) int { return cmp.Compare(number(b.Blinds), number(a.Blinds)) })
	return all
}

// caveat is what is said of failures that may be the prober's own network; nil: nothing.
func (m *Monitor) caveat() *Note {
	_, doubt := m.vantage.state()
	if doubt == suspicion.NoDoubt {
		return nil
	}
	return &Note{
		What:   "Nothing that was probed tells this from trouble of the prober’s own network",
		Advice: doubt.Advice(),
	}
}

// waiting says what is still awaited at the start; nil: nothing.
func (m *Monitor) waiting() *Note {
	err := m.Ready()
	if err == nil {
		return nil
	}
	n := &Note{What: "Starting", Why: err.Error()}
	if errors.Is(err, errNotRunning) {
		n.What = "Nothing is probed"
	}
	return n
}

// Words are the note in whole sentences.
func (n Note) Words() string {
	var b strings.Builder
	if n.Why != "" {
		b.WriteString(upper(n.Why) + ".")
	}
	if n.Advice != "" {
		b.WriteString(" " + n.Advice)
	}
	return strings.TrimSpace(b.String())
}
