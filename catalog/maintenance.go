package catalog

import (
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // for machines without time zones, such as those with Windows

	"prober/limit"
)

// Window is a time of maintenance: once, From an instant To another, or every week on some Days from a time
// of the day, for so long.
type Window struct {
	From *time.Time `json:"from,omitempty"`
	To   *time.Time `json:"to,omitempty"`

	Days  []Day    `json:"days,omitempty"`
	Start string   `json:"start,omitempty"` // "22:00"
	For   Duration `json:"for,omitempty"`
	Zone  string   `json:"time_zone,omitempty"` // "Asia/Shanghai"; empty: UTC

	Why string `json:"why,omitempty"` // a word for people
}

// Day is a day of the week.
type Day string

// Days lists them as a week has them.
func Days() []Day { return []Day{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} }

// weekday is the day that time knows.
func (d Day) weekday() time.Weekday {
	return time.Weekday((slices.Index(Days(), d) + 1) % len(Days()))
}

// clock is a time of the day; false where it is none.
func clock(s string) (hour, minute int, ok bool) {
	t, err := time.Parse("15:04", s)
	return t.Hour(), t.Minute(), err == nil
}

// Calendar are windows of maintenance with their time zones at hand. The nil Calendar has none.
type Calendar []dated

type dated struct {
	Window
	zone *time.Location
}

// CalendarOf returns the calendar of windows that were validated.
func CalendarOf(windows []Window) Calendar {
	var c Calendar
	for _, w := range windows {
		zone, err := time.LoadLocation(w.Zone) // UTC of an empty name
		if err != nil {
			continue // the machine lost its time zones since the list was read
		}
		c = append(c, dated{w, zone})
	}
	return c
}

// Maintenance is a window that an instant is in.
type Maintenance struct {
	Until time.Time
	Why   string
}

// At returns the window that an instant is in, the one that ends last of several, and until when there is maintenance
// without a break, as far as [limit.OwnWindows] windows one after the other go; false when it is in none.
func (c Calendar) At(now time.Time) (m Maintenance, in bool) {
	m, in = c.lastOf(now)
	for range limit.OwnWindows {
		next, goesOn := c.lastOf(m.Until)
		if !in || !goesOn {
			break
		}
		m.Until = next.Until
	}
	return m, in
}

// lastOf returns the window that an instant is in, the one that ends last of several.
func (c Calendar) lastOf(now time.Time) (m Maintenance, in bool) {
	for i := range c {
		if until, holds := c[i].at(now); holds && until.After(m.Until) {
			m, in = Maintenance{until, c[i].Why}, true
		}
	}
	return m, in
}

// at returns the end of the window that now is in.
func (w *dated) at(now time.Time) (until time.Time, in bool) {
	if w.From != nil {
		return *w.To, !now.Before(*w.From) && now.Before(*w.To)
	}
	hour, minute, _ := clock(w.Start)
	local := now.In(w.zone)
	for back := range 1 + (int(time.Duration(w.For)/time.Hour)+24)/24 { // days on which it may have begun
		written := time.Date(local.Year(), local.Month(), local.Day()-back, hour, minute, 0, 0, time.UTC)
		begin := instant(written, w.zone)
		end := begin.Add(time.Duration(w.For))
		if slices.ContainsFunc(w.Days, func(d Day) bool { return d.weekday() == written.Weekday() }) && !now.Before(begin) && now.Before(end) {
			return end, true
		}
	}
	return time.Time{}, false
}

// instant is when the clocks of a zone show a time, which is written as one of UTC: of a time that they show twice the
// first, and one that they leave out by the offset that they had before (RFC 5545, 3.3.5). [time.Date] says of neither which it takes.
func instant(written time.Time, zone *time.Location) time.Time {
	const apart = 24 * time.Hour // farther than any offset, and nearer than two changes of one
	_, before := written.Add(-apart).In(zone).Zone()
	_, after := written.Add(apart).In(zone).Zone()
	early, late := written.Add(-time.Duration(before)*time.Second), written.Add(-time.Duration(after)*time.Second)
	if _, then := early.In(zone).Zone(); then == before {
		return early
	}
	if _, then := late.In(zone).Zone(); then == after {
		return late
	}
	return early
}

// String says in words when it is.
func (w Window) String() string {
	if w.From != nil && w.To != nil {
		return w.From.Format(time.RFC3339) + " to " + w.To.Format(time.RFC3339)
	}
	days := make([]string, len(w.Days))
	for i, d := range w.Days {
		days[i] = string(d)
	}
	zone := w.Zone
	if zone == "" {
		zone = "UTC"
	}
	return strings.Join(days, ", ") + " from " + w.Start + " for " + time.Duration(w.For).String() + " (" + zone + ")"
}
