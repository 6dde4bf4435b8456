package monitor

import (
	"errors"
	"fmt"
	"slices"
	"strings"
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
	waiting := 0
	var ids []string
	for _, e := range l.endpoints {
		if !e.probed() {
			waiting++
			if len(ids) < 5 {
				ids = append(ids, e.id)
			}
		}
	}
	if waiting == 0 {
		m.ready.Store(true)
		return nil
	}
	slices.Sort(ids)
	names := strings.Join(ids, ", ")
	if more := waiting - len(ids); more > 0 {
		names = fmt.Sprintf("%s and %d more", names, more)
	}
	return fmt.Errorf("waiting for the first result of %d of %d endpoints: %s", waiting, len(l.endpoints), names)
}
