package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"prober/prose"
)

// Counts is how many results have each outcome.
type Counts struct {
	Fail          int `json:"fail"`
	Inconclusive  int `json:"inconclusive"`
	Flaky         int `json:"flaky"`
	Waived        int `json:"waived"`
	Skip          int `json:"skip"`
	NotApplicable int `json:"not_applicable"`
	Pass          int `json:"pass"`
}

// at returns the counter of an outcome, or nil for a word that is none.
func (c *Counts) at(o Outcome) *int {
	switch o {
	case Fail:
		return &c.Fail
	case Inconclusive:
		return &c.Inconclusive
	case Flaky:
		return &c.Flaky
	case Waived:
		return &c.Waived
	case Skip:
		return &c.Skip
	case NotApplicable:
		return &c.NotApplicable
	case Pass:
		return &c.Pass
	}
	return nil
}

// Of returns how many results have outcome o.
func (c Counts) Of(o Outcome) int {
	if n := c.at(o); n != nil {
		return *n
	}
	return 0
}

// Total returns how many results there are.
func (c Counts) Total() int {
	n := 0
	for _, o := range Outcomes() {
		n += c.Of(o)
	}
	return n
}

// Worst returns the outcome that stands for all that were counted, or "" when nothing was:
// the worst one that needs attention, else Pass if anything passed, else why nothing was
// judged.
func (c Counts) Worst() Outcome {
	for _, o := range []Outcome{Fail, Inconclusive, Flaky, Waived, Pass, Skip, NotApplicable} {
		if c.Of(o) > 0 {
			return o
		}
	}
	return ""
}

// Add counts a result.
func (c *Counts) Add(o Outcome) {
	if n := c.at(o); n != nil {
		*n++
	}
}

// String lists the counts that are not 0, worst first, such as "2 fail, 14 pass".
func (c Counts) String() string {
	var parts []string
	for _, o := range Outcomes() {
		if n := c.Of(o); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, o))
		}
	}
	return strings.Join(parts, ", ")
}

// Tally is the counts of one product, region or level.
type Tally struct {
	Key    string `json:"key"`
	Counts Counts `json:"counts"`
}

// Summary counts the results of a report.
type Summary struct {
	Total    Counts  `json:"total"`
	Products []Tally `json:"products"` // in the order of the endpoints
	Regions  []Tally `json:"regions"`  // by region id, in the order of the endpoints
	Levels   []Tally `json:"levels"`   // most binding first
	// Skipped is how many results were skipped, by reason; nil when none was. It is how much
	// of the selection nobody has looked at.
	Skipped map[SkipReason]int `json:"skipped,omitempty"`
}

// Summarize counts the results of r.
func Summarize(r *Report) Summary {
	s := Summary{Products: []Tally{}, Regions: []Tally{}, Levels: []Tally{}}
	for _, e := range r.Endpoints {
		tallyOf(&s.Products, e.Product)
		tallyOf(&s.Regions, e.Region)
	}
	for _, l := range Levels() {
		tallyOf(&s.Levels, string(l))
	}
	for _, row := range r.Rows() {
		s.Total.Add(row.Outcome)
		if row.Outcome == Skip {
			if s.Skipped == nil {
				s.Skipped = map[SkipReason]int{}
			}
			s.Skipped[row.Skip]++
		}
		tallyOf(&s.Products, row.E.Product).Counts.Add(row.Outcome)
		tallyOf(&s.Regions, row.E.Region).Counts.Add(row.Outcome)
		tallyOf(&s.Levels, string(row.Q.Level)).Counts.Add(row.Outcome)
	}
	return s
}

// Unverified says how much was not looked at, and why: "728 of 5100 results skipped:
// no-credentials 640, private-network 88"; "" for nothing.
func (s Summary) Unverified() string {
	return s.skipped(" of " + prose.Plural(s.Total.Total(), "result"))
}

// skipped counts the results that were skipped, out of so many, and their reasons, the most
// frequent first; one reason alone needs no count.
func (s Summary) skipped(of string) string {
	if s.Total.Skip == 0 {
		return ""
	}
	reasons := slices.SortedFunc(maps.Keys(s.Skipped), func(a, b SkipReason) int {
		return cmp.Or(cmp.Compare(s.Skipped[b], s.Skipped[a]), cmp.Compare(a, b))
	})
	words := make([]string, len(reasons))
	for i, k := range reasons {
		words[i] = string(k)
		if len(reasons) > 1 {
			words[i] = fmt.Sprintf("%s %d", k, s.Skipped[k])
		}
	}
	return fmt.Sprintf("%d%s skipped: %s", s.Total.Skip, of, strings.Join(words, ", "))
}

// tallyOf returns the tally of a key, which it adds when it is new.
func tallyOf(list *[]Tally, key string) *Tally {
	i := slices.IndexFunc(*list, func(t Tally) bool { return t.Key == key })
	if i < 0 {
		i = len(*list)
		*list = append(*list, Tally{Key: key})
	}
	return &(*list)[i]
}
