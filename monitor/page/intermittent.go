package page

import (
	"cmp"
	"fmt"
	"slices"

	"prober/catalog"
	"prober/limit"
	"prober/monitor/phrase"
	"prober/monitor/view"
	"prober/probe/reason"
)

// fickle are endpoints that are up by their last results, and fail now and then for one reason: what calls somebody for a budget
// that is spent is to be found on a page that else shows them as well.
type fickle struct {
	Reason, Meaning, Fault, Advice string
	Members                        []*view.Status
	Shown                          []*view.Status
	Left                           int
}

// isFickle says whether an active endpoint that is up now fails now and then.
func isFickle(s *view.Status) bool {
	return s.Lifecycle == catalog.Active && s.Intermittent != nil && view.Up(s.Present())
}

// fickleOf are those of all that fit a filter, those of most endpoints first, and how many reasons are left out.
func fickleOf(all []view.Status, f *filter) (shown []fickle, left int) {
	byReason := map[reason.Reason]*fickle{}
	for i := range all {
		s := &all[i]
		if !isFickle(s) || !f.wants(s) {
			continue
		}
		why := s.Intermittent.Cause
		x := byReason[why]
		if x == nil {
			doc := why.Doc()
			x = &fickle{Reason: why.String(), Meaning: doc.Meaning, Fault: faultOf(why.Blame()), Advice: doc.Advice}
			byReason[why] = x
		}
		x.Members = append(x.Members, s)
	}
	for _, x := range byReason {
		slices.SortStableFunc(x.Members, func(a, b *view.Status) int {
			return cmp.Or(cmp.Compare(b.Intermittent.Failed, a.Intermittent.Failed), cmp.Compare(a.ID, b.ID))
		})
		x.Shown = x.Members[:min(len(x.Members), limit.WebNamed)]
		x.Left = len(x.Members) - len(x.Shown)
		shown = append(shown, *x)
	}
	slices.SortFunc(shown, func(a, b fickle) int {
		return cmp.Or(cmp.Compare(len(b.Members), len(a.Members)), cmp.Compare(a.Reason, b.Reason))
	})
	kept := min(len(shown), limit.WebStories)
	return shown[:kept], len(shown) - kept
}

// Words say which endpoints they are.
func (x fickle) Words() string {
	if len(x.Members) == 1 {
		return x.Members[0].ID
	}
	return fmt.Sprintf("%d endpoints", len(x.Members))
}

// Sentence is what the reason means.
func (x fickle) Sentence() string { return sentence(x.Meaning) }

// nowAndThen says how many of so many endpoints are up and fail now and then.
func nowAndThen(n, of int) string {
	if of == 1 {
		return "it fails now and then"
	}
	return fmt.Sprintf("%d %s now and then", n, phrase.Plural(n, "fails", "fail"))
}
