package kit

import (
	"context"

	"prober/probe"
)

// asksTogether reports whether what met silence waits for others that did, to be asked again.
func asksTogether(q *Question, a Answer) bool {
	return q.Over == "" && !q.Heavy && a.unanswered() && isSilence(a.Exchange.Reason)
}

// askSilentAgain asks those of some questions again, at once, that met silence: one after another each
// would take a time-out. A server that has fallen silent to all is left alone, and so is one that has
// been waited for so long that not even the time is left in which others answer at once.
func (s *surveyor) askSilentAgain(ctx context.Context, t probe.Target, at *asked, questions []*Question) {
	var silent []*Question
	for _, q := range questions {
		if asksTogether(q, s.survey.Answers[q.Name]) {
			silent = append(silent, q)
		}
	}
	if s.plan.Retries == 0 || len(silent) == 0 || !s.answersStill(ctx, t, at, s.plan.questions(t.Endpoint.ID)) || !s.waits.leavesSome() {
		return
	}
	again := &asked{addr: at.addr, last: true}
	again.silent.before = ", as it met it before"
	s.each(silent, func(q *Question) {
		a := s.question(ctx, t, again, q)
		a.Name = q.Name
		s.mu.Lock()
		first := s.survey.Answers[q.Name]
		switch {
		case a.silentAgain():
			first.Twice = true
			s.survey.Answers[q.Name] = first
		case a.Unasked == nil:
			s.survey.Answers[q.Name] = a
		}
		s.mu.Unlock()
		if !a.silentAgain() && a.Unasked == nil { // silence is that which was counted already: of others it tells no more
			s.flaky(q.Name, first.summary())
		}
	})
}
