package monitor

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// notReadyError says which endpoints of the first list have no result yet.
type notReadyError struct {
	waiting, of int
	ids         []string // some of them
}

func (e *notReadyError) Error() string {
	more := ""
	if e.waiting > len(e.ids) {
		more = ", ..."
	}
	return fmt.Sprintf("waiting for the first result of %d of %d endpoints: %s%s",
		e.waiting, e.of, strings.Join(e.ids, ", "), more)
}

// Ready returns nil when every endpoint of the first list has a result, and else says
// what is still awaited.
func (m *Monitor) Ready() error {
	switch {
	case !m.running.Load():
		return errors.New("the schedule is not running")
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
	return &notReadyError{waiting: waiting, of: len(l.endpoints), ids: ids}
}
