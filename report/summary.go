package report

import "slices"

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

func (c *Counts) add(o Outcome) {
	if n := c.at(o); n != nil {
		*n++
	}
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
	endpoints, requirements := r.endpointIndex(), r.requirementIndex()
	for _, e := range r.Endpoints {
		tallyOf(&s.Products, e.Product)
		tallyOf(&s.Regions, e.Region)
	}
	for _, l := range Levels() {
		tallyOf(&s.Levels, string(l))
	}
	for _, res := range r.Results {
		s.Total.add(res.Outcome)
		if res.Outcome == Skip {
			if s.Skipped == nil {
				s.Skipped = map[SkipReason]int{}
			}
			s.Skipped[res.Skip]++
		}
		if i, ok := endpoints[res.Endpoint]; ok {
			tallyOf(&s.Products, r.Endpoints[i].Product).Counts.add(res.Outcome)
			tallyOf(&s.Regions, r.Endpoints[i].Region).Counts.add(res.Outcome)
		}
		if i, ok := requirements[res.Requirement]; ok {
			tallyOf(&s.Levels, string(r.Requirements[i].Level)).Counts.add(res.Outcome)
		}
	}
	return s
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
