package monitor

import "time"

// masthead is what stands at the head of every page: who speaks, and how far the page can be relied
// upon.
type masthead struct {
	Root      string // from the page to the status page, before a relative link
	Speaker   string
	Created   time.Time
	Up        string // since then, in words
	Notes     []Note
	Waiting   *Note
	Now       time.Time
	Cadence   cadence
	Reload    int    // seconds after which a page is worth another look
	Refreshed bool   // without a script, as was asked for
	Toggle    string // the link that asks for the other
}

func (m *Monitor) masthead(now time.Time, refreshed bool, toggle string) masthead {
	return masthead{
		Speaker: m.config.Speaker.words(m.config.Build), Created: m.created, Up: inWords(now.Sub(m.created)),
		Notes: m.notes(), Waiting: m.waiting(), Now: now, Cadence: m.cadence(now),
		Reload: refreshEvery(m.config.Interval), Refreshed: refreshed, Toggle: toggle,
	}
}
