package monitor

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"prober/catalog"
	"prober/monitor/phrase"
)

// errNotRunning says that Run is not under way.
var errNotRunning = errors.New("the schedule is not running")

// Ready returns nil when every endpoint of the first list has a result, and else says
// what is still awaited.
func (m *Monitor) Ready() error {
	switch {
	case !m.running.Load():
		return errNotRunning
	case m.ready.Load():
		return nil
	}
	l := m.list.Load()
	var counted, others awaited
	for _, e := range l.endpoints {
		this := &others
		if e.active() {
			this = &counted
		}
		this.of++
		if !e.probed() {
			this.ids = append(this.ids, e.id)
		}
	}
	if len(counted.ids)+len(others.ids) == 0 {
		m.ready.Store(true)
		return nil
	}
	var which []string
	if len(counted.ids) > 0 {
		which = append(which, counted.words("active endpoint", "active endpoints"))
	}
	switch {
	case len(others.ids) == 0:
	case len(which) > 0:
		which = append(which, others.words("closed or doubtful one", "closed or doubtful ones"))
	default:
		which = append(which, others.words("closed or doubtful endpoint", "closed or doubtful endpoints"))
	}
	slices.Sort(counted.ids)
	slices.Sort(others.ids)
	ids := slices.Concat(counted.ids, others.ids)
	names := strings.Join(ids[:min(len(ids), readyNamed)], ", ")
	if more := len(ids) - readyNamed; more > 0 {
		names = fmt.Sprintf("%s and %d more", names, more)
	}
	return fmt.Errorf("waiting for the first result of %s: %s", strings.Join(which, " and of "), names)
}

// readyNamed is how many endpoints are named of which a result is awaited.
const readyNamed = 5

// awaited are endpoints of a kind of which a result is awaited, and how many there are of it.
type awaited struct {
	ids []string
	of  int
}

func (a *awaited) words(one, many string) string {
	return fmt.Sprintf("%d of %d %s", len(a.ids), a.of, phrase.Plural(a.of, one, many))
}

// active says whether the endpoint counts.
func (e *endpoint) active() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.target.lifecycle() == catalog.Active
}
