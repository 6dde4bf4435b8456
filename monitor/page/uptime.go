package page

import (
	"fmt"
	"strings"
	"time"

	"prober/history"
	"prober/monitor/phrase"
	"prober/probe/reason"
)

// uptimeCell says for people how much of the time an endpoint was up.
type uptimeCell struct {
	Window string
	Share  string         // "99.95 %"
	State  reason.Outcome // ok: always up, fail: never, unknown: nothing is known
	Note   string         // what the share is made of, and what it leaves out
}

// uptimeCells are the cells of all windows.
func uptimeCells(all []history.Uptime, now time.Time) []uptimeCell {
	cells := make([]uptimeCell, len(all))
	for i, s := range spans()[:len(all)] { // none where nothing can be told
		cells[i] = newUptimeCell(s.Words, &all[i], now)
	}
	return cells
}

func newUptimeCell(window string, u *history.Uptime, now time.Time) uptimeCell {
	c := uptimeCell{Window: window, Share: percent(&u.Counts), State: reason.Unknown}
	known, fails := u.Counts.Known(), u.Counts[reason.Fail]
	var notes []string
	switch {
	case known == 0 && u.Counts[reason.Unknown] == 0:
		notes = append(notes, "there is no result")
	case known == 0:
		notes = append(notes, "no result could tell")
	case fails == 0:
		c.State = reason.OK
		notes = append(notes, fmt.Sprintf("%s %s up", counted(known, "all "), phrase.Plural(int(min(known, 2)), "was", "were")))
	default:
		if c.State = reason.Degraded; fails == known {
			c.State = reason.Fail
		}
		notes = append(notes, fmt.Sprintf("%d of %s failed", fails, counted(known, "")))
	}
	if unknown := u.Counts[reason.Unknown]; unknown > 0 {
		notes = append(notes, fmt.Sprintf("%d unknown left out", unknown))
	}
	if u.NotProbed >= time.Second {
		notes = append(notes, "not probed for "+phrase.Duration(u.NotProbed))
	}
	if known > 0 && !u.Whole(now) {
		notes = append(notes, "known since "+phrase.Clock(u.From))
	}
	c.Note = strings.Join(notes, "; ")
	return c
}

// counted is a number of results, and of several whether they are all.
func counted(n uint64, all string) string {
	if n == 1 {
		return "1 result"
	}
	return fmt.Sprintf("%s%d results", all, n)
}

// percent writes which part of the results that decided something were up. It is never rounded up:
// what failed once was not up for 100 % of the time.
func percent(c *history.Counts) string {
	known := c.Known()
	if known == 0 {
		return "not known"
	}
	thousandths := (known - c[reason.Fail]) * 100_000 / known
	text := fmt.Sprintf("%d.%03d", thousandths/1000, thousandths%1000)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".") + " %"
}
