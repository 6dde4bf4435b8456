package page

import (
	"cmp"
	"slices"
	"time"

	"prober/catalog"
	"prober/limit"
	"prober/monitor/phrase"
	"prober/monitor/view"
	"prober/probe/reason"
)

// story is one thing that is wrong: all endpoints that come out alike for one reason. Twelve
// endpoints of a region that time out are told once, not twelve times.
type story struct {
	State    reason.Outcome
	Reason   string // "connect/timeout"
	Meaning  string
	Fault    string // whose it usually is
	Advice   string
	Count    int
	Parts    []storyPart  // by what the endpoints have in common
	Example  *view.Status // one of them, whose detail and command are shown
	begin    time.Time    // of the first
	endpoint []*view.Status
	text     string // by which a filter finds all of them
}

// storyPart is a part of the endpoints of a story.
type storyPart struct {
	part
	Since, Last time.Time // when the first and the last of them came to it
	First       time.Time // when the first of them failed, where it was confirmed later; zero: it was not
	For         string    // time since the first
	Spread      bool      // they did not come to it together
	Shown       []*view.Status
	Left        int // that are not shown
	Link        string
}

// Words are the endpoints at the beginning of a sentence.
func (p storyPart) Words() string { return p.begin(p.part.Words()) }

// begin makes words the beginning of a sentence, unless it is the id of an endpoint.
func (p part) begin(words string) string {
	if len(p.Members) == 1 {
		return words
	}
	return phrase.Upper(words)
}

// Words say which endpoints the story is about.
func (s story) Words() string {
	if len(s.Parts) == 1 {
		return s.Parts[0].Words()
	}
	return part{Members: s.endpoint}.Words()
}

// storiesOf tells what is wrong with the active endpoints: failures first, then defects, then what could
// not be told, and of each the story of most endpoints first.
func storiesOf(h *view.Standing, all []view.Status, p population) []story {
	byReason := map[reason.Reason]*story{}
	var told []*story
	for i := range all {
		s := &all[i]
		if s.Lifecycle != catalog.Active || s.Outcome == reason.OK || !s.Probed || s.Stale {
			continue
		}
		x := byReason[s.Cause]
		if x == nil {
			x = newStory(s)
			byReason[s.Cause] = x
			told = append(told, x)
		}
		x.endpoint = append(x.endpoint, s)
		x.Count++
		x.State = worse(x.State, s.Outcome)
		if s.Since.Before(x.begin) {
			x.begin = s.Since
		}
	}
	if h.Suspects {
		told = oneSuspicion(told)
	}
	slices.SortStableFunc(told, func(a, b *story) int {
		return cmp.Or(cmp.Compare(rank(b.State), rank(a.State)), cmp.Compare(b.Count, a.Count), a.begin.Compare(b.begin), cmp.Compare(a.Reason, b.Reason))
	})
	stories := make([]story, len(told))
	for i, x := range told {
		for _, part := range p.parts(x.endpoint) {
			x.Parts = append(x.Parts, x.tell(part, h.Now, h.Interval))
		}
		x.Example = x.Parts[0].Members[0]
		stories[i] = *x
	}
	return stories
}

// oneSuspicion makes one story of what a suspicion of the prober's own network explains: of some
// endpoints controls have shown it, of the others that all fail at once, and it is one outage.
func oneSuspicion(told []*story) []*story {
	i := slices.IndexFunc(told, func(x *story) bool { return x.Reason == reason.ProberVantageOffline.String() })
	if i < 0 {
		return told
	}
	all := told[i]
	told = slices.DeleteFunc(told, func(x *story) bool {
		if x.Reason != reason.ProberResolverUnavailable.String() {
			return false
		}
		all.endpoint = append(all.endpoint, x.endpoint...)
		all.Count += x.Count
		all.text = "prober/"
		if x.begin.Before(all.begin) {
			all.begin = x.begin
		}
		return true
	})
	slices.SortFunc(all.endpoint, func(a, b *view.Status) int { return cmp.Compare(a.ID, b.ID) })
	return told
}

func newStory(s *view.Status) *story {
	doc := s.Cause.Doc()
	return &story{
		State: s.Outcome, Reason: s.Cause.String(), Meaning: doc.Meaning, Fault: faultOf(s.Blame), Advice: doc.Advice,
		text: s.Cause.String(), begin: s.Since,
	}
}

// tell puts a part of a story into words.
func (s *story) tell(p part, now time.Time, interval time.Duration) storyPart {
	t := storyPart{part: p, Since: p.Members[0].Since, Link: filter{Text: s.text, Product: p.trait.product, Region: p.trait.region, Network: string(p.trait.network)}.Link()}
	unseen := 0.0 // by all of them
	for i, e := range p.Members {
		if unseen = min(unseen, e.UnknownSeconds); i == 0 {
			unseen = e.UnknownSeconds
		}
		if e.Since.Before(t.Since) {
			t.Since = e.Since
		}
		if e.Since.After(t.Last) {
			t.Last = e.Since
		}
		if first := e.FirstFailed; !first.IsZero() && (t.First.IsZero() || first.Before(t.First)) {
			t.First = first
		}
	}
	if !t.First.Before(t.Since) {
		t.First = time.Time{}
	}
	t.For = phrase.Duration(now.Sub(t.Since)) + unknownFor(time.Duration(unseen*float64(time.Second)))
	t.Spread = t.Last.Sub(t.Since) > 2*interval // endpoints that break together are seen within one round
	t.Shown = p.Members[:min(len(p.Members), limit.WebNamed)]
	t.Left = len(p.Members) - len(t.Shown)
	return t
}

// Sentence is what the reason means.
func (s story) Sentence() string {
	if s.Meaning == "" {
		return ""
	}
	return phrase.Upper(s.Meaning) + "."
}

// has says whether some endpoint of the story fits a filter.
func (s *story) has(f *filter) bool { return slices.ContainsFunc(s.endpoint, f.wants) }

// faultOf says whose fault it is, for people.
func faultOf(b reason.Blame) string {
	return map[reason.Blame]string{
		reason.Target:    "the endpoint's",
		reason.Path:      "the network path's",
		reason.Resolver:  "the resolver's",
		reason.Middlebox: "an interfering middlebox's",
		reason.Self:      "the prober's own",
	}[b]
}

// rank orders outcomes by how much they need somebody to look.
func rank(o reason.Outcome) int {
	return [view.NumOutcomes]int{reason.OK: 0, reason.Unknown: 1, reason.Degraded: 2, reason.Fail: 3}[o]
}

func worse(a, b reason.Outcome) reason.Outcome {
	if rank(b) > rank(a) {
		return b
	}
	return a
}
