package report

import (
	"math"
	"slices"
	"strings"

	"prober/prose"
)

// Row is a result with what it refers to.
type Row struct {
	*Result
	E *Endpoint
	Q *Requirement
	// EPlace and QPlace are where those stand in the report, from 0.
	EPlace, QPlace int
	// Counts: the endpoint is active and the requirement binding, so that a failure here would
	// fail the run, and a result that cannot be decided leaves it open.
	Counts bool
}

// brokenUndecided reports whether a result that counts could not be decided, and was broken when it last could be.
func (row *Row) brokenUndecided() bool {
	return row.Counts && row.Outcome == Inconclusive && !row.Since.IsZero()
}

// Rows joins the results of r, in their order, with their endpoints and requirements. What
// refers to nothing, as in no valid report, is left out.
func (r *Report) Rows() []Row { return r.rows(r.failOn()) }

// rows is Rows where failures down to a level count.
func (r *Report) rows(failOn Level) []Row {
	endpoints, requirements := r.places()
	rows := make([]Row, 0, len(r.Results))
	for i := range r.Results {
		res := &r.Results[i]
		e, known := endpoints[res.Endpoint]
		q, stated := requirements[res.Requirement]
		if known && stated {
			row := Row{Result: res, E: &r.Endpoints[e], Q: &r.Requirements[q], EPlace: e, QPlace: q}
			l := row.Q.Level
			row.Counts = row.E.Active() && (l == Must || l == Should && failOn == Should)
			rows = append(rows, row)
		}
	}
	return rows
}

// failOn is the least binding level that r was judged by, that of the zero [Policy] when
// nobody has judged it.
func (r *Report) failOn() Level {
	if r.Verdict != nil {
		return r.Verdict.FailOn
	}
	return Should
}

// places maps the ids of endpoints and requirements to where they stand in r.
func (r *Report) places() (endpoints, requirements map[string]int) {
	endpoints, requirements = make(map[string]int, len(r.Endpoints)), make(map[string]int, len(r.Requirements))
	for i, e := range r.Endpoints {
		endpoints[e.ID] = i
	}
	for i, q := range r.Requirements {
		requirements[q.ID] = i
	}
	return endpoints, requirements
}

// pair is what a result is about, by which results of two runs are matched.
type pair struct{ endpoint, requirement string }

func (res Result) pair() pair { return pair{res.Endpoint, res.Requirement} }

// Word is the outcome, and of a skipped result why: "skip: private-network".
func (res Result) Word() string {
	if res.Skip != "" {
		return string(res.Outcome) + ": " + string(res.Skip)
	}
	return string(res.Outcome)
}

// Line is what a result has to say, in one line without commands.
func (res Result) Line() string {
	text := res.Story()
	if text == "" {
		text = res.Contrast(math.MaxInt)
	}
	return prose.OneLine(text)
}

// Story is the detail without the commands in it, for views that show the command to run
// beside it. A detail that is nothing else stays.
func (res Result) Story() string {
	return without(res.Detail, func(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "$ ") })
}

// BesideCommand is the detail without the command that the result has of its own: commands
// for other addresses stay.
func (res Result) BesideCommand() string { return without(res.Detail, res.isOwnCommand) }

// ShowsCommand reports whether the detail has the command of the result in it.
func (res Result) ShowsCommand() bool {
	return slices.ContainsFunc(strings.Split(res.Detail, "\n"), res.isOwnCommand)
}

func (res Result) isOwnCommand(line string) bool {
	return res.Reproduce != "" && strings.TrimSpace(line) == "$ "+strings.TrimSpace(res.Reproduce)
}

// without drops lines from a text, unless that leaves nothing.
func without(text string, drop func(line string) bool) string {
	kept := slices.DeleteFunc(strings.Split(text, "\n"), drop)
	if out := strings.Join(kept, "\n"); strings.TrimSpace(out) != "" {
		return out
	}
	return text
}

// Apart is what was expected and what was got, for views that show them beside the detail:
// nothing when the detail says both, what was got on lines of its own where it is several things.
func (res Result) Apart() (expected, got string) {
	words := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	detail := words(res.Detail)
	says := func(part string) bool { return strings.Contains(detail, words(part)) }
	if said := !slices.ContainsFunc(strings.Split(res.Got, "; "), func(part string) bool { return !says(part) }); said && says(res.Expected) {
		return "", ""
	}
	return res.Expected, res.Got
}

// Contrast is [Result.Apart] in words, each at most limit bytes long: "expected SSLv3
// refused, got SSLv3 accepted", or "".
func (res Result) Contrast(limit int) string {
	expected, got := res.Apart()
	var parts []string
	if expected != "" {
		parts = append(parts, "expected "+prose.Cut(expected, limit))
	}
	if got != "" {
		parts = append(parts, "got "+prose.Cut(got, limit))
	}
	return strings.Join(parts, ", ")
}
