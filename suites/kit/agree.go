package kit

import (
	"context"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"

	"prober/probe"
	"prober/report"
)

// agreement is what the replies to several questions must match as a whole, and may not where what is asked for
// changes between one and the next: a region is renamed.
type agreement struct {
	questions []*Question
	m         types.GomegaMatcher
}

// name is that of the agreement among what is flaky, and no question's.
func (a agreement) name() string {
	names := make([]string, 0, len(a.questions))
	for _, q := range a.questions {
		names = append(names, q.Name)
	}
	return "together: " + strings.Join(names, ", ")
}

// agree asks all questions of an agreement once more where their replies do not match. Those that do then are kept,
// and it is noted what was seen at first; any other second replies tell no more than the first.
func (s *surveyor) agree(ctx context.Context, t probe.Target, at *asked, a agreement) {
	first := judgedBy(a.m, s.survey.answers(a.questions), true)
	if s.plan.Retries == 0 || first.Outcome != report.Fail {
		return
	}
	before := map[string]Answer{}
	for _, q := range a.questions {
		before[q.Name] = s.survey.Answers[q.Name]
	}
	s.each(a.questions, func(q *Question) {
		again := s.question(ctx, t, at, q)
		again.Name = q.Name
		s.mu.Lock()
		defer s.mu.Unlock()
		s.survey.Answers[q.Name] = again
	})
	asked := slices.DeleteFunc(slices.Clone(a.questions), func(q *Question) bool { return before[q.Name].Elsewhere == nil })
	s.addElsewhere(ctx, t, asked, s.askOthers(ctx, t, at.addr, asked))
	says := func(x Answer) bool { return x.Told() == nil && x.readable() == nil }
	less := func(x Answer) bool { return !says(x) && says(before[x.Name]) }
	if now := s.survey.answers(a.questions); judgedBy(a.m, now, true).Outcome == report.Pass && !slices.ContainsFunc(now, less) {
		s.flaky(a.name(), strings.TrimSpace(first.Got))
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, answer := range before {
		s.survey.Answers[name] = answer
	}
}
