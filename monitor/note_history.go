package monitor

import (
	"time"

	"prober/history"
	"prober/limit"
	"prober/monitor/phrase"
	"prober/monitor/view"
	"prober/prose"
)

// historyNote says what is wrong with the keeping of the history.
func historyNote(c *history.Condition) view.Note {
	switch {
	case c.OK:
		return view.Note{
			What: "An earlier history could not be used", Why: "what is wrong: " + c.Unusable + "; it was put aside as " + prose.Brief(c.Aside[len(c.Aside)-1]),
			Advice: "A new one is begun. If the old one is a database still, sqlite3 shows what is in it.", Quiet: true,
		}
	case c.Waits:
		return view.Note{
			What: "History is in memory only so far", Why: "what is wrong: " + c.Problem,
			Advice: "It is tried again every " + phrase.Exactly(limit.HistoryReopen) + ", and then what was seen meanwhile is kept as well. Mend " + prose.Brief(c.Where) + ", or name another folder with --state-dir.",
		}
	case c.Written.IsZero():
		return view.Note{
			What: "History is in memory only and ends with this process", Why: "what is wrong: " + c.Problem,
			Advice: "Mend " + prose.Brief(c.Where) + ", or name another folder with --state-dir, and restart.",
		}
	}
	return view.Note{
		What: "History cannot be written and is in memory meanwhile", Why: "what is wrong: " + c.Problem, Since: c.Written.Truncate(time.Second),
		Advice: "It is tried again every few seconds; nothing is lost unless this process ends before.",
	}
}
