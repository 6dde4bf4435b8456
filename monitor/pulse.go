package monitor

// Pulse reports whether the schedule has gone on since it was last called, and has it go on now: it is for a watchdog that
// calls it now and then, and ends a process whose schedule hangs.
func (m *Monitor) Pulse() bool {
	turned := m.turned.Swap(false)
	m.wakeUp()
	return turned
}
