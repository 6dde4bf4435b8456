package page

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"prober/catalog"
	"prober/monitor/phrase"
	"prober/monitor/view"
	"prober/probe/reason"
)

// groupFilter reads which endpoints a badge is about. A name that none has is an error: a badge of
// all of them would say something else than was asked for.
func (w *site) groupFilter(query url.Values) (filter, error) {
	f := newFilter(query, w.Standing().Products)
	f.State, f.Page, f.Refresh = "", 1, false
	if query.Get("product") != f.Product {
		return f, errors.New("the parameter product names none that is listed")
	}
	if query.Get("network") != f.Network {
		return f, errors.New("the parameter network is neither public nor vpc")
	}
	if f.Region != "" && !w.keeper.HasRegion(f.Region) {
		return f, errNoRegion
	}
	return f, nil
}

// errNoRegion says that a badge is asked for of a region that has no endpoint: there is none of it.
var errNoRegion = errors.New("the parameter region names none that is listed")

// groupBadge tells how the active endpoints are that fit a filter.
func (w *site) groupBadge(f filter) badge {
	var counts [view.NumOutcomes]int
	n, excused, fickle := 0, 0, 0
	for _, s := range w.Statuses() {
		if s.Lifecycle != catalog.Active || !f.wants(&s) {
			continue
		}
		n++
		counts[s.Present()]++
		excused += one(s.Excused())
		fickle += one(isFickle(&s))
	}
	words := strings.Fields(strings.Join([]string{f.Product, f.Region, f.Network, f.Text}, " "))
	b := badge{Label: cmp.Or(strings.Join(words, " "), "endpoints")}
	b.Message, b.State = groupInWords(n, counts, excused)
	if b.State == reason.OK && !looksWell(counts, excused, w.Standing().Notes) { // overloaded
		b.State = reason.Unknown
	}
	if fickle > 0 {
		b.Message += ", " + nowAndThen(fickle, n)
		b.State = worse(b.State, reason.Degraded)
	}
	b.Title = fmt.Sprintf("%s: of %d active endpoints %d ok, %d degraded, %d fail, %d unknown, as of %s", b.Label, n,
		counts[reason.OK], counts[reason.Degraded], counts[reason.Fail], counts[reason.Unknown], phrase.Clock(w.Now()))
	if fickle > 0 {
		b.Title += "; " + nowAndThen(fickle, n)
	}
	return b
}

// groupInWords says in a few words how n endpoints are, of which some are excused from being known.
func groupInWords(n int, counts [view.NumOutcomes]int, excused int) (string, reason.Outcome) {
	switch fails, degraded, unknown := counts[reason.Fail], counts[reason.Degraded], counts[reason.Unknown]; {
	case n == 0:
		return "none is listed", reason.Unknown
	case unknown == n:
		return "not known", reason.Unknown
	case fails > 0:
		return fmt.Sprintf("%d of %d down", fails, n), reason.Fail
	case degraded > 0:
		return fmt.Sprintf("%d of %d degraded", degraded, n), reason.Degraded
	case unknown > 0:
		state := reason.OK
		if !looksWell(counts, excused, nil) {
			state = reason.Unknown
		}
		return fmt.Sprintf("%d of %d up, others not known", n-unknown, n), state
	}
	return fmt.Sprintf("%d of %d up", n, n), reason.OK
}
