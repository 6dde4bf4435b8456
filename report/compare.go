package report

import (
	"fmt"
	"slices"
	"strings"

	"prober/probe/command"
	"prober/prose"
)

// ChangeKind says how a result differs between two runs.
type ChangeKind string

// The kinds of change, those that want most attention first; see [ChangeKinds].
const (
	// NewlyFailing: fails, and did not before, was waived, or was not there.
	NewlyFailing ChangeKind = "newly-failing"
	// StillFailing: fails, could not be decided in between, and failed before that.
	StillFailing ChangeKind = "still-failing"
	// NewlyInconclusive: was decided before, and could not be now.
	NewlyInconclusive ChangeKind = "newly-inconclusive"
	// NewlyFlaky: comes and goes within the new run, and did not in the old one.
	NewlyFlaky ChangeKind = "flaky"
	// NewlySkipped: was judged before, and is skipped or not applicable now. A failure that
	// is merely not looked at any more is here, and not among the fixed ones.
	NewlySkipped ChangeKind = "newly-skipped"
	// Removed: the new run has no such result, though its selection covers it.
	Removed ChangeKind = "removed"
	// Fixed: failed before, or when it could last be decided, and passes now.
	Fixed ChangeKind = "fixed"
)

// ChangeKinds lists the kinds of change, those that want most attention first.
func ChangeKinds() []ChangeKind {
	return []ChangeKind{NewlyFailing, StillFailing, NewlyInconclusive, NewlyFlaky, NewlySkipped, Removed, Fixed}
}

// Change is one result that differs between two runs.
type Change struct {
	Kind        ChangeKind `json:"kind"`
	Endpoint    string     `json:"endpoint"`
	Requirement string     `json:"requirement"`
	Level       Level      `json:"level"`
	Was         Outcome    `json:"was"` // "" when the old run has no such result
	Is          Outcome    `json:"is"`  // "" when the new run has no such result
	Detail      string     `json:"detail"`
}

// Comparison is what differs between two runs.
type Comparison struct {
	// Differences tells where the two runs cannot be compared like with like: another
	// catalogue, suite, selection, date or vantage.
	Differences []string `json:"differences"`
	// Changes are in the order of [ChangeKinds], then in that of the reports.
	Changes []Change `json:"changes"`
	// Outside is how many results of the earlier run are not within the selection of the
	// later one, which says nothing about them.
	Outside int `json:"outside,omitempty"`
	// Seen is what the later run saw otherwise than the earlier one, or for the first time, of
	// what no document tells.
	Seen []Sight `json:"seen,omitempty"`
	// Narrowed is true where only what fails newly is kept.
	Narrowed bool `json:"-"`
}

// Compare tells what differs between an earlier and a later run. Results that pass now and
// were not there before are no change. filter reads the label filter of the later run; without
// it, nothing that a filter has selected counts as removed.
func Compare(before, after *Report, filter LabelFilter) Comparison {
	c := Comparison{Differences: differences(before, after), Changes: []Change{}, Seen: FirstSeen(before, after)}
	was := map[pair]Result{}
	for _, res := range before.Results {
		was[res.pair()] = res
	}
	endpoints, requirements := map[string]Endpoint{}, map[string]Requirement{}
	for _, r := range []*Report{before, after} {
		for _, q := range r.Requirements {
			requirements[q.ID] = q
		}
		for _, e := range r.Endpoints {
			endpoints[e.ID] = e
		}
	}
	there := map[pair]bool{}
	for _, res := range after.Results {
		there[res.pair()] = true
		old := was[res.pair()]
		if kind := changeKind(old, res.Outcome); kind != "" {
			c.Changes = append(c.Changes, Change{kind, res.Endpoint, res.Requirement, requirements[res.Requirement].Level, old.Outcome, res.Outcome, res.Line()})
		}
	}
	covered := after.Selection.covers(filter)
	for _, res := range before.Results {
		q := requirements[res.Requirement]
		switch {
		case there[res.pair()]:
		case covered(endpoints[res.Endpoint], q):
			c.Changes = append(c.Changes, Change{Removed, res.Endpoint, res.Requirement, q.Level, res.Outcome, "", res.Line()})
		default:
			c.Outside++
		}
	}
	kinds := ChangeKinds()
	slices.SortStableFunc(c.Changes, func(a, b Change) int {
		return slices.Index(kinds, a.Kind) - slices.Index(kinds, b.Kind)
	})
	return c
}

// changeKind classifies a result of the later run; "" means that nothing is to be said.
func changeKind(old Result, is Outcome) ChangeKind {
	was := old.Outcome
	broken := was == Inconclusive && !old.Since.IsZero() // when it could last be decided
	judged := was != "" && was != Skip && was != NotApplicable
	switch {
	case was == is:
	case is == Fail && broken:
		return StillFailing
	case is == Fail:
		return NewlyFailing
	case is == Inconclusive && judged:
		return NewlyInconclusive
	case is == Flaky:
		return NewlyFlaky
	case (is == Skip || is == NotApplicable) && judged:
		return NewlySkipped
	case is == Pass && (was == Fail || was == Waived || broken):
		return Fixed
	}
	return ""
}

func differences(before, after *Report) []string {
	out := []string{}
	say := func(what, was, is string) {
		if was != is {
			out = append(out, fmt.Sprintf("%s: %s before, %s now", what, prose.OrNone(was), prose.OrNone(is)))
		}
	}
	say("mode", string(before.Environment.Mode), string(after.Environment.Mode))
	say("vantage", before.Environment.Vantage, after.Environment.Vantage)
	say("catalogue", before.Catalogue.Digest, after.Catalogue.Digest)
	say("suite", before.Suite.Version, after.Suite.Version)
	say("selection", before.Selection.String(), after.Selection.String())
	say("judged as of", before.AsOf.UTC().Format("2006-01-02"), after.AsOf.UTC().Format("2006-01-02"))
	return out
}

// String returns the flags that make the selection, or "everything".
func (s Selection) String() string {
	var words []string
	for _, f := range []struct {
		flag   string
		values []string
	}{{"--product", s.Products}, {"--region", s.Regions}, {"--network", s.Networks}} {
		for _, v := range f.values {
			words = append(words, f.flag+" "+v)
		}
	}
	if s.LabelFilter != "" {
		words = append(words, "--label-filter '"+strings.ReplaceAll(s.LabelFilter, "'", `'\''`)+"'")
	}
	if s.Rerun != "" {
		words = append(words, "--rerun-failed "+command.Word(s.Rerun))
	}
	if len(words) == 0 {
		return "everything"
	}
	return strings.Join(words, " ")
}

// OnlyNew keeps the newly failing results.
func (c Comparison) OnlyNew() Comparison {
	c.Changes = slices.DeleteFunc(slices.Clone(c.Changes), func(x Change) bool { return x.Kind != NewlyFailing })
	c.Seen, c.Narrowed = nil, true
	return c
}

// Count returns how many changes are of a kind.
func (c Comparison) Count(k ChangeKind) int {
	n := 0
	for _, x := range c.Changes {
		if x.Kind == k {
			n++
		}
	}
	return n
}
