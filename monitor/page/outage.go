package page

import (
	"strings"
	"time"

	"prober/history"
	"prober/monitor/phrase"
	"prober/probe/reason"
)

// UntoldStatus is a piece of an incident in which a prober ran and could not tell. An end that is left out has not come.
type UntoldStatus struct {
	From    time.Time `json:"from"`
	To      time.Time `json:"to,omitzero"`
	Seconds float64   `json:"seconds"`
	reason.Words
}

// untoldOf are the pieces of an incident.
func untoldOf(i *history.Incident) []UntoldStatus {
	all := make([]UntoldStatus, len(i.Untold))
	for n, u := range i.Untold {
		all[n] = UntoldStatus{u.From, u.To, u.For.Seconds(), u.Reason.Words()}
	}
	return all
}

// unknownFor says how much of the length of an outage is not known to be one: ", of which 3 min unknown"; nothing of
// what is less than a second.
func unknownFor(d time.Duration) string {
	if d < time.Second {
		return ""
	}
	return ", of which " + phrase.Duration(d) + " unknown"
}

// unknownOf is unknownFor with the reasons: ", of which 3 min unknown (prober/vantage_offline)".
func unknownOf(i *history.Incident, now time.Time) string {
	type part struct {
		why  string
		took time.Duration
	}
	var parts []part
	add := func(why string, d time.Duration) {
		for n := range parts {
			if parts[n].why == why {
				parts[n].took += d
				return
			}
		}
		if d >= time.Second {
			parts = append(parts, part{why, d})
		}
	}
	for _, u := range i.Untold {
		if u.Reason == reason.None {
			add("no result came", u.For)
			continue
		}
		add(u.Reason.String(), u.For)
	}
	add("no prober ran", i.Unseen(now))
	var all time.Duration
	why := make([]string, len(parts))
	for n, p := range parts {
		all += p.took
		why[n] = p.why
		if len(parts) > 1 {
			why[n] += " " + phrase.Duration(p.took)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return unknownFor(all) + " (" + strings.Join(why, ", ") + ")"
}

// blindSince is since when it cannot be told whether an incident goes on; zero: it can.
func blindSince(i *history.Incident) time.Time {
	if n := len(i.Untold); i.Open() && n > 0 && i.Untold[n-1].To.IsZero() {
		return i.Untold[n-1].From
	}
	return time.Time{}
}
