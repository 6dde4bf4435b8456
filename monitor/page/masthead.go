package page

import (
	"time"

	"prober/monitor/phrase"
	"prober/monitor/view"
)

// masthead is what stands at the head of every page: who speaks, and how far the page can be relied
// upon.
type masthead struct {
	Root      string // from the page to the status page, before a relative link
	Speaker   string
	Created   time.Time
	Up        string // since then, in words
	Notes     []view.Note
	Waiting   *view.Note
	Now       time.Time
	Cadence   view.Sentence
	Afar      bool   // others have probed
	Reload    int    // seconds after which a page is worth another look
	Refreshed bool   // without a script, as was asked for
	Toggle    string // the link that asks for the other
}

func newMasthead(h *view.Standing, refreshed bool, toggle string) masthead {
	return masthead{
		Speaker: h.Speaker, Created: h.Created, Up: phrase.Duration(h.Now.Sub(h.Created)),
		Notes: h.Notes, Waiting: h.Waiting, Now: h.Now, Cadence: h.Cadence, Afar: h.Afar,
		Reload: refreshEvery(h.Interval), Refreshed: refreshed, Toggle: toggle,
	}
}
