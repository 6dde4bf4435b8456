package page

import (
	"fmt"
	"strings"

	"prober/monitor/phrase"
	"prober/monitor/view"
	"prober/probe/reason"
)

// strip is a picture of the last results, oldest first: a bar each, whose height says the
// state as well as its colour does.
type strip struct {
	Paths []stripPath
	Width int
	Label string // the same in words
}

// stripPath are the bars of all results in one state: a path is a tenth of as many rectangles.
type stripPath struct {
	State reason.Outcome
	D     string
}

const (
	stripHeight = 16
	stripStep   = 4
	stripBar    = 3
)

// bar is one piece of a strip. A piece without one stays empty.
type bar struct {
	state reason.Outcome
	none  bool
}

// barsOf draws bars, without words.
func barsOf(bars []bar) strip {
	var paths [view.NumOutcomes]strings.Builder
	for i, b := range bars {
		if b.none {
			continue
		}
		height := [view.NumOutcomes]int{reason.Unknown: 3, reason.OK: 7, reason.Degraded: 11, reason.Fail: stripHeight}[b.state]
		_, _ = fmt.Fprintf(&paths[b.state], "M%d %dh%dv-%dh-%dz", i*stripStep, stripHeight, stripBar, height, stripBar)
	}
	s := strip{Width: max(len(bars)*stripStep, stripStep)}
	for o := range paths {
		if paths[o].Len() > 0 {
			s.Paths = append(s.Paths, stripPath{reason.Outcome(o), paths[o].String()})
		}
	}
	return s
}

// byMinutes says of a strip what is known from afar: not results, but how it was each minute.
func (s strip) byMinutes() strip {
	if _, counts, found := strings.Cut(s.Label, ": "); found {
		s.Label = "the last hour, minute by minute: " + counts
	}
	return s
}

// newStrip draws the last results.
func newStrip(results []view.ResultStatus) strip {
	var counts [view.NumOutcomes]int
	bars := make([]bar, len(results))
	for i, r := range results {
		counts[r.Outcome]++
		bars[i].state = r.Outcome
	}
	s := barsOf(bars)
	s.Label = fmt.Sprintf("last %d %s: %d ok, %d degraded, %d fail, %d unknown", len(results), phrase.Plural(len(results), "result", "results"),
		counts[reason.OK], counts[reason.Degraded], counts[reason.Fail], counts[reason.Unknown])
	return s
}
