package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"prober/probe/reason"
	"prober/prose"
	"prober/report"
)

// cause is results that somebody should look at for one and the same thing: a resolver that
// answers nothing leaves 150 requirements open, and is told once.
type cause struct {
	name  string       // the reason, or in want of one what was seen, or the requirement
	found []report.Row // what fails, is flaky or waived, the worst first
	open  []report.Row // what could not be decided
}

// causeOf names what keeps a result from being decided, or what it fails for: the reason of the
// result, or else the one that its words name, or else these. Of what is broken without a reason,
// each requirement is a cause of its own: its words speak of one endpoint.
func causeOf(row report.Row) string {
	switch {
	case row.Reason != reason.None:
		return row.Reason.String()
	case row.Outcome != report.Inconclusive:
		return row.Requirement
	}
	line := row.Line()
	for word := range strings.FieldsFuncSeq(line, func(r rune) bool { return strings.ContainsRune(" (),;", r) }) {
		if r, err := reason.Parse(strings.TrimRight(word, ":.")); err == nil && strings.Contains(word, "/") {
			return r.String()
		}
	}
	return line
}

// causes are those of all results that need attention: the one with the worst result first, and of
// several that are as bad the one with the most.
func (v *view) causes() []cause {
	place := map[string]int{}
	var all []cause
	for _, row := range v.rows {
		if !row.Outcome.NeedsAttention() {
			continue
		}
		name := causeOf(row)
		i, known := place[name]
		if !known {
			i = len(all)
			place[name] = i
			all = append(all, cause{name: name})
		}
		if c := &all[i]; row.Outcome == report.Inconclusive {
			c.open = append(c.open, row)
		} else {
			c.found = append(c.found, row)
		}
	}
	for _, c := range all {
		slices.SortStableFunc(c.found, func(a, b report.Row) int { return cmp.Compare(rank(a), rank(b)) })
	}
	slices.SortStableFunc(all, func(a, b cause) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(b.size(), a.size()))
	})
	return all
}

func (c cause) size() int { return len(c.found) + len(c.open) }

// rank is that of the worst of the results.
func (c cause) rank() int {
	best := -1
	for _, row := range slices.Concat(c.found[:min(1, len(c.found))], c.open) {
		if r := rank(row); best < 0 || r < best {
			best = r
		}
	}
	return best
}

// symbol is that of the worst of the results.
func (c cause) symbol() string { return c.worst().Symbol() }

func (c cause) worst() report.Outcome {
	if len(c.found) > 0 {
		return c.found[0].Outcome
	}
	return report.Inconclusive
}

// extent says how many results a cause has, of which outcomes, and at how many endpoints: "43
// results at 1 endpoint: 2 fail, 41 inconclusive".
func (c cause) extent() string {
	var n report.Counts
	for _, rows := range [][]report.Row{c.found, c.open} {
		for _, row := range rows {
			n.Add(row.Outcome)
		}
	}
	return fmt.Sprintf("%s at %s: %s", prose.Plural(c.size(), "result"), prose.Plural(len(c.places()), "endpoint"), n)
}

// places are the endpoints of a cause, in the order of reports, with the requirements there.
func (c cause) places() []causePlace {
	at := map[int]int{}
	var all []causePlace
	for _, rows := range [][]report.Row{c.found, c.open} {
		for _, row := range rows {
			i, known := at[row.EPlace]
			if !known {
				i = len(all)
				at[row.EPlace] = i
				all = append(all, causePlace{EPlace: row.EPlace, Endpoint: row.Endpoint})
			}
			all[i].Requirements = append(all[i].Requirements, row.Requirement)
		}
	}
	slices.SortStableFunc(all, func(a, b causePlace) int { return cmp.Compare(a.EPlace, b.EPlace) })
	return all
}

// causePlace is one endpoint of a cause.
type causePlace struct {
	EPlace       int
	Endpoint     string
	Requirements []string
}

// endpoints lists the endpoints of a cause, as many as a line takes.
func (c cause) endpoints() string {
	const most = 5
	places := c.places()
	var names []string
	for _, p := range places[:min(most, len(places))] {
		names = append(names, prose.Short(p.Endpoint))
	}
	text := strings.Join(names, ", ")
	if more := len(places) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// seen is what the results that could not be decided say of the cause: most often those that have
// its reason themselves, for others only name it. It is empty where the name says it already.
func (c cause) seen() string {
	told := slices.DeleteFunc(slices.Clone(c.open), func(row report.Row) bool { return row.Reason == reason.None })
	if len(told) == 0 {
		told = c.open
	}
	if len(told) == 0 {
		return ""
	}
	line, _ := undecided{rows: told}.commonest(report.Row.Line)
	if line == c.name {
		return ""
	}
	return strings.TrimPrefix(line, c.name+": ")
}

// line tells a cause in one line.
func (c cause) line() string {
	text := fmt.Sprintf("%s: %s", c.name, c.extent())
	if seen := c.seen(); seen != "" {
		text += "; " + seen
	}
	return text
}
