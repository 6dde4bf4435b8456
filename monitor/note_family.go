package monitor

import (
	"fmt"

	"prober/monitor/view"
)

// familyNotes say that this machine has lost one family, before what fails for that: whoever is called looks at one
// machine and not at 50 endpoints.
func (m *Monitor) familyNotes() []view.Note {
	lost := m.lostFamily.Load()
	if lost == 0 {
		return nil
	}
	const both = 4 + 6
	return []view.Note{{
		What: fmt.Sprintf("The prober's own IPv%d is suspected", lost),
		Why:  fmt.Sprintf("no IPv%d address answers, at several providers, and IPv%d addresses do", lost, both-lost),
		Advice: fmt.Sprintf("Look at this machine's IPv%d: prober doctor tells whether it has a way. Meanwhile that IPv%[1]d addresses are silent counts as unknown; --family %d probes without them.",
			lost, both-lost),
	}}
}
