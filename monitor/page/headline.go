package page

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"prober/catalog"
	"prober/monitor/phrase"
	"prober/monitor/view"
	"prober/probe/reason"
)

// headline is the first line of the page: the prober's own trouble, and how the endpoints are.
type headline struct {
	Text   string
	State  reason.Outcome
	Totals []total
	// Doubted says how many failures are not confirmed yet; empty: none.
	Doubted string
}

// total is the number of active endpoints in one state.
type total struct {
	State reason.Outcome
	Count int
}

// newHeadline says how things are, over the whole list.
func newHeadline(all []view.Status, stories []story, p population, notes []view.Note) headline {
	var counts [view.NumOutcomes]int
	var h headline
	active, probed, doubted, stale, before, excused, waiting, maintained, fickle := 0, 0, 0, 0, 0, 0, 0, 0, 0
	for i := range all {
		if all[i].Lifecycle == catalog.Active {
			active++
			probed += one(all[i].Probed)
			counts[all[i].Present()]++
			doubted += one(all[i].Confirming != nil)
			stale += one(all[i].Stale)
			before += one(!all[i].DownBefore.IsZero() || all[i].Stale && all[i].Outcome == reason.Fail)
			excused += one(all[i].Excused())
			waiting += one(!all[i].Probed && all[i].Confirming == nil)
			maintained += one(all[i].Excused() && all[i].Cause == reason.ProberMaintenance)
			fickle += one(isFickle(&all[i]))
		}
	}
	for _, o := range (&filter{}).States() {
		h.Totals = append(h.Totals, total{o, counts[o]})
	}
	if len(notes) > 0 && notes[0].Blinds {
		h.Text, h.State = blind(notes[0], counts)+downBefore(before), reason.Unknown
		return h
	}
	lack := "unknown"
	switch counts[reason.Unknown] {
	case waiting:
		lack = "not probed yet"
	case maintained:
		lack = "in maintenance"
	}
	h.Text, h.State = verdict(active, probed, counts, lack, stories)
	if h.State == reason.OK && !looksWell(counts, excused, notes) {
		h.State = reason.Unknown
	}
	if stale > 0 && stale == active {
		h.Text = fmt.Sprintf("Nothing is known any more about %d active %s: no result is recent", active, phrase.Plural(active, "endpoint", "endpoints"))
	}
	if doubted > 0 {
		h.Doubted = fmt.Sprintf("%d %s failed the last probe, which is being confirmed", doubted, phrase.Plural(doubted, "endpoint", "endpoints"))
		if probed == 0 {
			h.Text = fmt.Sprintf("Nothing is confirmed yet about %d active %s; %s", active, phrase.Plural(active, "endpoint", "endpoints"), h.Doubted)
		}
	}
	if h.State == reason.Fail || h.State == reason.Degraded {
		h.Text += extent(stories, h.State, p)
	}
	if fickle > 0 {
		h.Text += "; " + nowAndThen(fickle, active)
		h.State = worse(h.State, reason.Degraded)
	}
	h.Text += downBefore(before)
	for _, n := range slices.Backward(notes) {
		if n.Quiet {
			continue
		}
		h.Text = n.What + "; " + phrase.Lower(h.Text)
	}
	return h
}

// one is 1 where something holds, for counting.
func one(holds bool) int {
	if holds {
		return 1
	}
	return 0
}

// downBefore says how many endpoints were down when that could last be told.
func downBefore(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("; %d %s down when that could last be told", n, phrase.Plural(n, "was", "were"))
}

// blind is the headline while nothing can be told. What was seen before, or is seen all the same,
// stays known.
func blind(n view.Note, counts [view.NumOutcomes]int) string {
	text := n.What
	if n.Why != "" {
		text += ": " + n.Why
	}
	unknown := counts[reason.Unknown]
	text += fmt.Sprintf(", so nothing can be told about %d %s", unknown, phrase.Plural(unknown, "endpoint", "endpoints"))
	if fails := counts[reason.Fail]; fails > 0 {
		text += fmt.Sprintf("; %d %s down all the same", fails, phrase.Plural(fails, "is", "are"))
	}
	if ups := counts[reason.OK] + counts[reason.Degraded]; ups > 0 {
		text += fmt.Sprintf("; %d %s up", ups, phrase.Plural(ups, "is", "are"))
	}
	return text
}

// looksWell says whether what is up may be shown as if all were: not where some endpoint is unknown
// that is not excused, and not while what is told comes too late.
func looksWell(counts [view.NumOutcomes]int, excused int, notes []view.Note) bool {
	return counts[reason.Unknown] <= excused && !slices.ContainsFunc(notes, func(n view.Note) bool { return n.Lags })
}

// verdict says in a sentence how things are; lack is what the unknown ones are, in words.
func verdict(active, probed int, counts [view.NumOutcomes]int, lack string, stories []story) (string, reason.Outcome) {
	unknown := counts[reason.Unknown]
	decided := active - unknown
	of := fmt.Sprintf("%d active %s", active, phrase.Plural(active, "endpoint", "endpoints"))
	switch fails, degraded := counts[reason.Fail], counts[reason.Degraded]; {
	case active == 0:
		return "No active endpoint is listed", reason.Unknown
	case probed == 0:
		return "Nothing is known yet about " + of, reason.Unknown
	case decided == 0 && len(stories) == 0: // what was known is old, or has no reason
		return "Nothing is known about " + of, reason.Unknown
	case decided == 0:
		return fmt.Sprintf("Nothing can be told about %s: %s", of, stories[0].Reason), reason.Unknown
	case fails > 0:
		return fmt.Sprintf("%d of %s %s down", fails, of, phrase.Plural(fails, "is", "are")), reason.Fail
	case degraded > 0:
		rest := "none is down"
		if unknown > 0 { // of which some may be
			rest = fmt.Sprintf("%d %s %s", unknown, phrase.Plural(unknown, "is", "are"), lack)
		}
		return fmt.Sprintf("%d of %s %s degraded, %s", degraded, of, phrase.Plural(degraded, "is", "are"), rest), reason.Degraded
	case unknown > 0:
		return fmt.Sprintf("%d of %s %s up, %d %s %s", decided, of, phrase.Plural(decided, "is", "are"), unknown, phrase.Plural(unknown, "is", "are"), lack), reason.OK
	case active == 1:
		return "The 1 active endpoint is up", reason.OK
	default:
		return fmt.Sprintf("All %s are up", of), reason.OK
	}
}

// extent says in a few words which endpoints are in the worst state, and for what.
func extent(stories []story, state reason.Outcome, p population) string {
	const few = 3 // names that fit into a line
	var members []*view.Status
	var reasons []string
	for _, s := range stories {
		if s.State == state {
			members = append(members, s.endpoint...)
			reasons = append(reasons, s.Reason)
		}
	}
	slices.SortFunc(members, func(a, b *view.Status) int { return cmp.Compare(a.ID, b.ID) })
	why := fmt.Sprintf(" (%d reasons)", len(reasons))
	if len(reasons) == 1 {
		why = " (" + reasons[0] + ")"
	}
	parts := p.parts(members)
	switch first := parts[0]; {
	case len(members) <= few && (len(parts) > 1 || first.trait == trait{} || 2*len(members) <= first.of || len(members) == 1):
		names := make([]string, len(members))
		for i, s := range members {
			names[i] = s.ID
		}
		return ": " + strings.Join(names, ", ") + why
	case first.of == 0 || first.trait == trait{}:
		return why
	case len(first.Members) == len(members):
		return ": " + first.Words() + why
	default:
		return fmt.Sprintf(": %s, and %d more%s", first.Words(), len(members)-len(first.Members), why)
	}
}
